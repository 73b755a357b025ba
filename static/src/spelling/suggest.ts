// What somebody may have meant: a slip of the finger, or letters that sound as
// others do. A forgotten letter is likelier than one too many, and a word of the
// list likelier than two put together.

/** Of how many words of the list a word is put together; 0: it is not. */
export type Parts = (word: string) => number;

const most = 4, within = .8; // and no farther than this from the likeliest
const compound = .9, first = .5; // dearer: a compound; another first letter

const letters = [..."abcdefghijklmnopqrstuvwxyzëéèïöü"];
const alike: readonly (readonly [string, string])[] = [
  ["t", "d"], ["b", "p"], ["dt", "d"], ["dt", "t"], ["th", "t"], ["g", "ch"], ["g", "gh"], ["ei", "ij"], ["ie", "i"], ["ij", "i"], ["ie", "y"], ["i", "y"], ["ou", "au"], ["ouw", "ou"], ["auw", "au"], ["uw", "u"],
  ["eu", "u"], ["c", "k"], ["c", "s"], ["ck", "k"], ["x", "ks"], ["s", "z"], ["sch", "s"], ["ss", "sh"], ["ti", "si"], ["tie", "sie"], ["f", "v"], ["ph", "f"], ["qu", "kw"], ["en", "e"], ["e", "ë"], ["e", "é"],
  ["e", "è"], ["i", "ï"], ["o", "ö"], ["u", "ü"], ["nk", "ngk"], ["mb", "nb"], ["mp", "np"],
  ...[..."aeoubcdfgklmnprst"].map((letter) => [letter, letter + letter] as const),
];

/** The likeliest first, no more than a few; word: as it was written. */
export function suggestions(word: string, parts: Parts): string[] {
  const capital = word.charAt(0) !== word.charAt(0).toLowerCase(), small = word.charAt(0).toLowerCase() + word.slice(1);
  const near = new Map<string, number>();
  const weigh = (candidate: string, cost: number, front = "") => {
    const n = parts(candidate);
    if (n === 0 || candidate === small) return;
    const meant = front + candidate, begins = /\p{L}/u.exec(meant)?.[0].toLowerCase() === small.charAt(0);
    const dear = cost + (n > 1 ? compound : 0) + (begins ? 0 : first);
    const shown = capital ? meant.charAt(0).toUpperCase() + meant.slice(1) : meant;
    near.set(shown, Math.min(dear, near.get(shown) ?? Infinity));
  };
  const sounds = new Map(soundsOf(small).map((sound) => [sound, .5]));
  for (const once of [...sounds.keys()]) for (const twice of soundsOf(once)) if (!sounds.has(twice)) sounds.set(twice, 1);
  if (!capital) weigh(small.charAt(0).toUpperCase() + small.slice(1), .6);
  for (const [candidate, cost] of sounds) weigh(candidate, cost);
  for (const [candidate, cost] of slips(small)) weigh(candidate, cost);
  for (const [front, rest] of glued(small)) weigh(rest, 1.1, front);
  // Only who wrote two things otherwise needs a look this far.
  if (near.size === 0) for (const [sound, cost] of sounds) if (cost < 1) for (const [candidate, more] of slips(sound)) weigh(candidate, cost + more);
  const nearest = Math.min(...near.values());
  return [...near].filter(([, cost]) => cost <= nearest + within).sort((a, b) => a[1] - b[1] || a[0].localeCompare(b[0], "nl")).slice(0, most).map(([candidate]) => candidate);
}

function soundsOf(word: string): string[] {
  const found: string[] = [];
  for (const [one, other] of alike) {
    for (const [from, to] of [[one, other], [other, one]] as const) {
      for (let at = word.indexOf(from); at >= 0; at = word.indexOf(from, at + 1)) found.push(word.slice(0, at) + to + word.slice(at + from.length));
    }
  }
  return found;
}

// "smorgens", "perongeluk": a small word that lost its space. Other words that
// the list does not put together are no two words, for Dutch writes them as one.
function glued(word: string): [string, string][] {
  const small = /^(?:s(?=.{4,}s$)|het|een|per|ten|te|in|op|van|voor|zo)(?=.{3})/.exec(word)?.[0];
  return small === undefined ? [] : [[small === "s" ? "'s " : `${small} `, word.slice(small.length)]];
}

function* slips(word: string): Iterable<[string, number]> {
  for (let at = 0; at <= word.length; at++) {
    const before = word.slice(0, at), after = word.slice(at);
    for (const letter of letters) yield [before + letter + after, .8];
    if (at === word.length) break;
    yield [before + after.slice(1), 1];
    for (const letter of letters) yield [before + letter + after.slice(1), 1.1];
    if (at > 0) yield [word.slice(0, at - 1) + word.charAt(at) + word.charAt(at - 1) + word.slice(at + 1), .7];
  }
}
