// The commands that have no answer yet. They live in the memory of this tab
// alone and are sent again with the same id until the server answers.
import { newId } from "../ids.ts";
import type { Answer, CommandName, Commands, Do } from "../protocol.ts";

interface Waiting { message: Do; settle: (answer: Answer) => void; late: boolean }

export class Outbox {
  #waiting = new Map<string, Waiting>();

  get size(): number { return this.#waiting.size }

  add<C extends CommandName>(cmd: C, given: Commands[C], id = newId()): { message: Do; answer: Promise<Answer> } {
    const message = { t: "do", id, cmd, with: given } as Do;
    const answer = new Promise<Answer>((settle) => this.#waiting.set(message.id, { message, settle, late: false }));
    return { message, answer };
  }

  /** Ends the wait; false when nobody waited for this answer. */
  settle(answer: Answer): boolean {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    waiting?.settle(answer);
    return waiting !== undefined;
  }

  /** Remembers that all that waits now had to wait for the connection. */
  interrupted(): void { for (const waiting of this.#waiting.values()) waiting.late = true }

  /** Whether a command had to wait for the connection. */
  late(id: string): boolean { return this.#waiting.get(id)?.late ?? false }

  /** Forgets everything. Who waits for an answer waits for ever. */
  clear(): void { this.#waiting.clear() }

  find(id: string): Do | undefined { return this.#waiting.get(id)?.message }

  /** What was done first of all that is unanswered. */
  first(): Do | undefined { return this.unanswered()[0] }

  /** What is unanswered, in the order in which it was done. */
  unanswered(): Do[] { return [...this.#waiting.values()].map((waiting) => waiting.message) }

  touches(card: string): boolean {
    return this.unanswered().some((message) => "card" in message.with && message.with.card === card);
  }
}
