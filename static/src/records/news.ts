// New lines of the access log that wait until who reads asks for them. Nothing here
// touches the page.

/** What a stream sends: how many lines, and those lines as the server renders them. */
export interface Lines { count: number; rows: string }

/** Sentences, with {n} where a number of lines goes. */
export interface Words { single?: string; several?: string }

/** A number of lines in words. */
export function inWords(n: number, words: Words): string {
  return (n === 1 ? words.single : words.several)?.replace("{n}", String(n)) ?? "";
}

/** Lines that wait, and the place in the log up to which they were told of. */
export class News {
  /** The newest first, as on the page. */
  #rows = "";
  #count = 0;

  constructor(public place: string, private readonly words: Words) {}

  /** Takes what a stream sent, and the place from which to go on after it. */
  hear(data: string, place: string): void {
    const lines = JSON.parse(data) as Lines;
    this.place = place;
    this.#rows = lines.rows + this.#rows;
    this.#count += lines.count;
  }

  /** How many wait, in words. */
  get counted(): string { return inWords(this.#count, this.words) }

  /** Gives what waits, and forgets it; the place stays. */
  take(): string {
    const rows = this.#rows;
    this.#rows = "";
    this.#count = 0;
    return rows;
  }
}
