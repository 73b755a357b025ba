// The hints about words that the page came with, without those whose words
// somebody let stand. That is remembered in this tab alone.
import { signal } from "@preact/signals";
import type { Kind } from "../protocol.ts";
import { finder, type Found, type Hint } from "./find.ts";

export class Wording {
  readonly #find;
  /** Of which nothing is said any more. */
  readonly left = signal<ReadonlySet<Hint>>(new Set());
  /** How many times somebody who writes asked to be led to the hints. */
  readonly led = signal(0);

  /** hints: as the page has them; undefined: none. */
  constructor(hints: string | undefined) { this.#find = finder(hints ? (JSON.parse(hints) as Hint[]) : []) }

  /** What a text of that kind has, in its order. Own words are left as they were said. */
  in(text: string, kind: Kind | undefined): Found[] {
    const left = this.left.value; // in any case: who looks wants to know when that changes
    return kind === "words" ? [] : this.#find(text).filter(({ hint }) => !left.has(hint));
  }

  /** Leads to the hints at once, also where they still wait for a pause in the typing; more: there are others in their list; false: there are none. */
  lead(text: string, kind: Kind | undefined, more = false): boolean {
    const any = more || this.in(text, kind).length > 0;
    if (any) this.led.value += 1;
    return any;
  }

  /** Says no more of this. */
  letStand(hint: Hint): void { this.left.value = new Set([...this.left.peek(), hint]) }
}
