// Words of a text as they are compared: without case and without diacritics,
// each with where it stands.

export interface Token { plain: string; at: number; end: number }

const word = /[\p{L}\p{M}\p{N}]+/gu;

/** "Ans' fiets" is ans, fiets; "Anne-Marie" is anne, marie. */
export function tokens(text: string): Token[] {
  return [...text.matchAll(word)].map((match) => ({ plain: plain(match[0]), at: match.index, end: match.index + match[0].length }));
}

/** Words as they are compared. */
export function plain(words: string): string { return words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase() }
