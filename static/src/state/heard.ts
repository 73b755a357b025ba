// Writing goes on for minutes, ten changes a second: it is called out when it
// begins, and not again while it goes on.
import type { Change } from "../protocol.ts";

const quiet = 5 * 60_000; // milliseconds without writing after which it begins anew

export class Heard {
  #last = new Map<string, number>();

  constructor(readonly clock: () => number = () => performance.now()) {}

  /** The cards of which a change tells nothing new: somebody goes on writing in them. */
  old(change: Change): Set<string> {
    const now = this.clock(), more = new Set(change.cards?.map((card) => card.id)), old = new Set<string>();
    for (const { card } of change.written ?? []) {
      if (now - (this.#last.get(card) ?? -Infinity) < quiet && !more.has(card)) old.add(card);
      this.#last.set(card, now);
    }
    return old;
  }
}
