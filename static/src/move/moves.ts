// My moves: a card stands in its new place at once, and goes where the server
// has it when that turns out to be elsewhere, with one calm sentence.
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { Live } from "../live/live.ts";
import type { Answer } from "../protocol.ts";
import type { RefusedLater } from "../refused/refused.ts";
import type { Model } from "../state/model.ts";
import { anchorAmong, lay, standsThere, type Pending } from "./lay.ts";
import { correction, movedTo } from "./words.ts";

/** What moves need of the table. */
interface Around {
  readonly model: ReadonlySignal<Model | undefined>;
  readonly live: Live;
  readonly refused: RefusedLater;
  tell(sentence: string): void;
}

export class Moves {
  readonly #pending = signal<readonly Pending[]>([]);
  /** Where the last card went, to be called out. */
  readonly moved = signal("");
  /** The board with my moves on it. */
  readonly shown: ReadonlySignal<Model | undefined>;
  /** The cards whose move is not saved yet. */
  readonly waiting: ReadonlySignal<ReadonlySet<string>>;

  constructor(readonly around: Around) {
    this.shown = computed(() => around.model.value && lay(around.model.value, this.#pending.value));
    this.waiting = computed(() => new Set(this.#pending.value.map((move) => move.card)));
  }

  /** Puts a card into a column, directly after the first of afters that is there. */
  async move(move: Pending): Promise<void> {
    const before = this.shown.peek();
    if (!before || standsThere(before, move)) return;
    this.moved.value = movedTo(before, move);
    this.#pending.value = [...this.#pending.value, move];
    const answer = await this.#send(move);
    this.#pending.value = this.#pending.peek().filter((other) => other !== move);
    const now = this.shown.peek();
    // A later move of mine of the same card has the last word.
    if (!now || this.waiting.peek().has(move.card)) return;
    const wrong = correction(now, move, answer.error);
    if (wrong && !this.around.refused.lists(answer.id)) this.around.tell(wrong);
  }

  /** Sends it; when the card it was to come after is no longer there, the one before that will do. */
  async #send({ card, column, afters }: Pending): Promise<Answer> {
    for (let left = afters; ;) {
      const after = anchorAmong(left, this.shown.peek()?.order[column] ?? []);
      const answer = await this.around.live.do("move_card", { card, column, ...(after !== undefined && { after }) });
      if (answer.error?.reason !== "anchor_gone" || after === undefined) return answer;
      this.around.refused.drop(answer.id);
      left = left.slice(left.indexOf(after) + 1);
    }
  }

  /** Leaves nothing on its way to who signed in after me. */
  forget(): void { this.#pending.value = [] }
}
