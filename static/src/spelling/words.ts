// Which words of a note are held against the list of words. What somebody said
// is left as it was said; names, codes and addresses have a spelling of their own.
import { tokens } from "../naming/tokens.ts";
import { addresses, spoken, type Range } from "../wording/spoken.ts";

/** A word as it stands in a text, from at to end. */
export interface Word { word: string; at: number; end: number }

const written = /(?<![\p{L}\p{M}\p{N}_#@])\p{L}[\p{L}\p{M}]*(?:[-'’]\p{L}[\p{L}\p{M}]*)*(?![\p{L}\p{M}\p{N}_])/gu;
// Inline code, #K7QF2, @Daan, the target of a link, and all that has a digit in it.
const signs = /(?<!`)(`+)[^`\n]+\1|[#@][\p{L}\p{M}\p{N}'’-]+|\]\([^()\s]*\)|(?<![\p{L}\p{M}\p{N}_'’-])[\p{L}\p{M}\p{N}_'’-]*[\p{N}_][\p{L}\p{M}\p{N}_'’-]*/gu;

/** In the order of the text; names: those that the reader knows from the case, each word as tokens have it. */
export function wordsToCheck(text: string, names: ReadonlySet<string>): Word[] {
  const left = [...spoken(text), ...addresses(text), ...[...text.matchAll(signs)].map((match): Range => [match.index, match.index + match[0].length])].sort((a, b) => a[0] - b[0]);
  const found: Word[] = [];
  let nth = 0, until = 0; // where what is left alone ends, as far as it begins before the word
  for (const match of text.matchAll(written)) {
    const word = match[0], at = match.index, end = at + word.length;
    for (; left[nth] !== undefined && left[nth]![0] < end; nth++) until = Math.max(until, left[nth]![1]);
    if (at >= until && checked(word) && !tokens(word).some(({ plain }) => names.has(plain) || (plain.endsWith("s") && names.has(plain.slice(0, -1))))) found.push({ word, at, end });
  }
  return found;
}

/** Every word of the names. */
export function wordsOfNames(names: readonly string[]): Set<string> { return new Set(names.flatMap((name) => tokens(name).map(({ plain }) => plain))) }

const longest = 64; // letters; what is longer is no word, and takes long to put together

// Not: one letter alone, abbreviations (GGzE), and words in letters that the list has not.
function checked(word: string): boolean {
  return word.length > 1 && word.length <= longest && /^[\p{Script=Latin}\p{M}'’-]+$/u.test(word) && !word.split("-").some((part) => (part.match(/\p{Lu}/gu)?.length ?? 0) > 1);
}
