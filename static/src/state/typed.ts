// What I typed and did not save yet. It outlives a closed dialog and a lost
// connection, in the memory of this tab only.
import { signal, type Signal } from "@preact/signals";
import { ownWords } from "./own.ts";

/** A text being written; base is the version and body it started from. */
export interface Typed { base: string; from: string; text: Signal<string> }

export class TypedTexts {
  #all = new Map<string, Typed>();

  /** The text under a key, begun from the given version when there is none. */
  begin(key: string, base = "", from = ""): Typed {
    const known = this.#all.get(key);
    if (known && known.text.peek() !== known.from) return known;
    const fresh = { base, from, text: signal(from) };
    this.#all.set(key, fresh);
    return fresh;
  }

  forget(prefix: string): void {
    for (const key of this.#all.keys()) if (key.startsWith(prefix)) this.#all.delete(key);
  }

  /** Whether anything under the prefix was typed and not saved. */
  dirty(prefix = ""): boolean {
    return [...this.#all].some(([key, typed]) => key.startsWith(prefix) && typed.text.peek() !== typed.from);
  }

  /** My own words of everything unsaved under the prefix, nothing of what was there. */
  own(prefix = ""): string[] {
    return [...this.#all]
      .filter(([key, typed]) => key.startsWith(prefix) && typed.text.peek() !== typed.from)
      .map(([, typed]) => ownWords(typed.from, typed.text.peek()))
      .filter((words) => words !== "");
  }
}
