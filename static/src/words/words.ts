// The words of the page, in the language of the page. Dutch is the first
// language; both files have the same keys.
import en from "../../locales/en.json";
import nl from "../../locales/nl.json";

export type Key = keyof typeof nl;
type Counted = { [K in Key]: K extends `${infer Stem}.one` ? Stem : never }[Key];
type Values = Record<string, string | number>;

const languages: Record<string, Record<Key, string>> = { nl, en };

export const language = typeof document !== "undefined" && document.documentElement.lang in languages ? document.documentElement.lang : "nl";
const words = languages[language] ?? nl;

export function t(key: Key, values: Values = {}): string {
  return words[key].replace(/\{(\w+)\}/g, (whole, name: string) => apart(String(values[name] ?? whole)));
}

// Letters that are written from right to left. A name of such letters stands
// apart (first strong isolate), else it and its neighbours change places: "custody
// of A: B" would be read as custody of B.
const fromRight = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

function apart(value: string): string { return fromRight.test(value) ? `\u2068${value}\u2069` : value }

/** The words for one or for another number of things. */
export function count(stem: Counted, n: number, values: Values = {}): string {
  return t(`${stem}.${n === 1 ? "one" : "other"}` as Key, { n, ...values });
}

/** The words of a key that comes from the server, or those of the fallback. */
export function tOr(key: string, fallback: Key): string { return t(key in words ? (key as Key) : fallback) }

/** The reason of a line of the policy, in the language of the page as long as it is the one that the program came with. */
export function reasonOf(rule: string | undefined, why: string): { words: string; lang: string } {
  const key = `why.${rule ?? ""}`;
  return key in en && en[key as Key] === why ? { words: t(key as Key), lang: language } : { words: why, lang: "en" };
}

/** "Iris, Daan en Mirthe". */
export function list(names: string[]): string { return new Intl.ListFormat(language).format(names.map(apart)) }

/** The first letters of a name, as people count letters. */
export function initials(name: string, n: number): string {
  return [...new Intl.Segmenter(language, { granularity: "grapheme" }).segment(name.trim())].slice(0, n).map((part) => part.segment).join("");
}

/** A moment for people: "3 nov 2025, 10:05". */
export function moment(at: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
}

/** A time of the day for people: "14:02". */
export function hour(at: Date): string { return new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(at) }

/** Whole years since a birth date (2006-01-02); undefined when that is none. */
export function age(born: string | undefined, now: Date): number | undefined {
  const parts = born?.match(/^(\d{4})-(\d{2})-(\d{2})$/);
  if (!parts) return undefined;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  const hadBirthday = now.getMonth() + 1 > month || (now.getMonth() + 1 === month && now.getDate() >= day);
  const years = now.getFullYear() - year - (hadBirthday ? 0 : 1);
  return years >= 0 ? years : undefined;
}
