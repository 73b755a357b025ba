// The words of one note that the list does not know: what its editor and the
// list below it share.
import { signal } from "@preact/signals";

export class Misspelt {
  /** In the order of the text, each once. */
  readonly words = signal<readonly string[]>([]);
  /** The word whose suggestions are shown. */
  readonly open = signal<string | undefined>(undefined);
  /** The word that its writer asked about in the text: it goes before the others. */
  readonly ahead = signal<string | undefined>(undefined);

  /** Somebody asked, at this word or at none. */
  ask(word: string | undefined): void {
    this.ahead.value = word;
    this.open.value = word;
  }
}
