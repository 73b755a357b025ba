// The Dutch list of words, and how its words may be written: with a capital at
// the beginning, with hyphens between, with accents that stress.
import { decodeTrie } from "cspell-trie-lib";
import { fieldWords } from "./field.ts";
import { suggestions } from "./suggest.ts";

export class Dictionary {
  readonly #list;

  /** list: as the package has it, unpacked. */
  constructor(list: Uint8Array<ArrayBuffer>) { this.#list = decodeTrie(list) }

  /** Whether a word is written as the list has it. */
  knows(word: string): boolean {
    const plain = plainly(word), unstressed = plain.normalize("NFD").replace(/\u0301/g, "").normalize("NFC");
    return [plain, unstressed].some((one) => this.#has(one) || (one.includes("-") && one.split("-").every((part) => this.#has(part))));
  }

  /** What could be meant, the likeliest first. */
  suggest(word: string): string[] {
    return suggestions(plainly(word), (candidate) => this.#parts(candidate) || (candidate.includes("-") && candidate.split("-").every((part) => this.#parts(part) > 0) ? 1 : 0));
  }

  // A capital may stand at the beginning of a word; one that belongs there may not be left out.
  #has(word: string): boolean { return this.#parts(word) > 0 || this.#parts(word.charAt(0).toLowerCase() + word.slice(1)) > 0 }

  // Of how many words of the list a word is put together.
  #parts(word: string): number {
    if (fieldWords.has(word)) return 1;
    const { found, forbidden } = this.#list.findWord(word, { caseSensitive: true, checkForbidden: true, compoundSeparator: between });
    return found === false || forbidden ? 0 : found.split(between).length;
  }
}

const between = "|"; // the words of a compound: no word has it

function plainly(word: string): string { return word.normalize("NFC").replaceAll("’", "'") }
