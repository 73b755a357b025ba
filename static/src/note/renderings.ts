// When the rendering of a text that is being written is asked for: one at a time, at
// most two a second, and the last version always in the end.
import type { Rendered } from "../protocol.ts";

const pace = 500; // milliseconds from one question to the next

interface Question { id: string; told: Promise<Rendered> }

export class Renderings {
  #wanted: string | undefined;
  #shown: string | undefined;
  #asking: Question | undefined;
  #next: ReturnType<typeof setTimeout> | undefined;
  #asked = -Infinity; // when the last question went
  #stopped = false;

  /** show gets HTML, or undefined when the text cannot be rendered and stands as it was typed. */
  constructor(readonly ask: () => Question, readonly forget: (question: string) => void, readonly show: (html: string | undefined) => void) {}

  /** The text is this version now. */
  want(base: string): void {
    this.#wanted = base;
    if (this.#asking || this.#next !== undefined || base === this.#shown) return;
    this.#next = setTimeout(() => this.#go(), Math.max(0, this.#asked + pace - performance.now()));
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#next);
    if (this.#asking) this.forget(this.#asking.id);
  }

  #go(): void {
    const base = this.#wanted!;
    this.#next = undefined;
    this.#asked = performance.now();
    this.#asking = this.ask();
    void this.#asking.told.then((told) => {
      this.#asking = undefined;
      if (this.#stopped) return;
      this.#shown = told.error ? base : told.base ?? "";
      this.show(told.error ? undefined : told.html);
      // What was answered may be another version than is here: a frame is on its way, or came meanwhile.
      if (this.#wanted !== base) this.want(this.#wanted!);
    });
  }
}
