// Finds the terms that the field would rather not use. What somebody said is
// left as it was said: quotations and blocks of own words get no hints. It is
// found in the browser and goes nowhere.
import { tokens, type Token } from "../naming/tokens.ts";
import { addresses, spoken, type Range } from "./spoken.ts";

/** As internal/wording has it: * at the end or the beginning of a word of a term stands for any letters. */
export interface Hint { terms: string[]; except?: string[]; why: string; instead: string[] }
/** word: as it stands in the text, from at to end. */
export interface Found { hint: Hint; word: string; at: number; end: number }
export type Finder = (text: string) => Found[];

type Word = (plain: string) => boolean;
interface Term { words: Word[]; hint: Hint; nth: number }

/** Where two hints find the same words, the first of the list counts. */
export function finder(hints: Hint[]): Finder {
  const terms = index(hints.flatMap((hint) => hint.terms.map((term) => ({ term, hint }))));
  const except = index(hints.flatMap((hint) => (hint.except ?? []).map((term) => ({ term, hint }))));
  return (text) => {
    const said = tokens(text);
    const left = [...spoken(text), ...addresses(text), ...said.flatMap((token, i) => except(token).flatMap(({ words }) => range(text, said, i, words) ?? []))];
    const found: Found[] = [];
    let free = 0; // where the last one found ends
    for (const [i, token] of said.entries()) {
      if (token.at < free) continue;
      for (const { words, hint } of terms(token)) {
        const [stands] = range(text, said, i, words) ?? [];
        if (!stands) continue;
        const [at, end] = stands;
        if (left.some(([from, to]) => at < to && from < end)) continue;
        found.push({ hint, word: text.slice(at, end), at, end });
        free = end;
        break;
      }
    }
    return found;
  };
}

const beginning = 3; // letters; what stands before a * has as many at least

// Which terms may begin at a word, the first of the list first: looked up by how
// the word begins, since every word of a text is looked at.
function index(list: { term: string; hint: Hint }[]): (token: Token) => Term[] {
  const byBeginning = new Map<string | undefined, Term[]>();
  for (const [nth, { term, hint }] of list.entries()) {
    const [first = ""] = term.split(" ");
    const begin = first.startsWith("*") ? undefined : tokens(first)[0]?.plain.slice(0, beginning);
    const words = readTerm(term);
    if (words.length > 0) byBeginning.set(begin, [...(byBeginning.get(begin) ?? []), { words, hint, nth }]);
  }
  const anywhere = byBeginning.get(undefined) ?? [];
  return ({ plain }) => {
    const some = byBeginning.get(plain.slice(0, beginning)) ?? [];
    return anywhere.length === 0 ? some : [...some, ...anywhere].sort((a, b) => a.nth - b.nth);
  };
}

function readTerm(term: string): Word[] {
  return term.split(" ").flatMap((word) => tokens(word).map(({ plain }): Word => {
    const before = word.startsWith("*"), after = word.endsWith("*");
    if (before && after) return (said) => said.includes(plain);
    if (before) return (said) => said.endsWith(plain);
    if (after) return (said) => said.startsWith(plain);
    return (said) => said === plain;
  }));
}

// From where to where the words of a term stand, the first of them the i-th word.
function range(text: string, said: Token[], i: number, words: Word[]): [Range] | undefined {
  for (const [n, word] of words.entries()) {
    const token = said[i + n];
    if (!token || !word(token.plain)) return undefined;
    if (n > 0 && !/^(?:[ \t]+|[ \t]*\n[ \t]*|[-‐–])$/.test(text.slice(said[i + n - 1]!.end, token.at))) return undefined;
  }
  return [[said[i]!.at, said[i + words.length - 1]!.end]];
}
