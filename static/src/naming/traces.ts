// Finds what could lead somebody to a door or a telephone: a Dutch postcode, a
// street with a number, a telephone number, an e-mail address.

const traceKinds = ["postcode", "street", "phone", "email"] as const;
export type TraceKind = (typeof traceKinds)[number];
interface Trace { kind: TraceKind; word: string }

// What repeats is bounded, so that no text can keep the page busy.
const patterns: Record<TraceKind, RegExp> = {
  // "in 2024 en" is no postcode: apart from its digits it has capitals.
  postcode: /(?<![\p{L}\p{N}])[1-9]\d{3}(?: ?(?!S[ADS])[A-Z]{2}|(?!s[ads])[a-z]{2})(?![\p{L}\p{N}])/u,
  street: /(?<!\p{L})(?:\p{L}[\p{L}.'’-]{0,40}(?:straat|str\.|laan|plein|gracht|kade|singel|plantsoen|dreef|steeg)|\p{Lu}[\p{L}'’-]{0,40}(?:weg|dijk|hof|pad|park|markt|wal|baan|kamp|burg|erf|ring|brink)) {1,2}(?:\d{1,4})(?!\p{N}|[.,:]\d| ?(?:uur|dag|week|weken|maand|jaar|keer|x\b|%))(?: ?[-/]? ?[a-zA-Z](?!\p{L}))?/u,
  phone: /(?<![\p{N}+])(?:(?:\+|00)31[\s-]?(?:\(0\)[\s-]?)?|0)[1-9](?:[\s-]?\d){7,8}(?!\d|-\d)/u,
  email: /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,5}/u,
};

/** The first of each kind in the text. */
export function traces(text: string): Trace[] {
  return traceKinds.flatMap((kind) => {
    const found = patterns[kind].exec(text);
    return found ? [{ kind, word: found[0].trim() }] : [];
  });
}
