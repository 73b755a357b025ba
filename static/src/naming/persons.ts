// Finds the persons of the family that a text names: by name or calling name,
// as whole words. It would rather point at a word too much than miss a name,
// but not at every small word that is also a name.
import type { Person } from "../protocol.ts";
import { tokens, type Token } from "./tokens.ts";

/** Words that stand between a given name and a family name and name nobody. */
const particles = new Set(["de", "den", "der", "het", "van", "ten", "ter", "la", "le", "el", "al", "bin", "ben", "von", "op", "in", "t"]);

/** Names that are ordinary words too: these count only with a capital. */
const ordinary = new Set(["wil", "mag", "roos", "storm", "jet", "bloem", "beer", "linde", "zon", "ster", "vos", "wolf", "dag", "liefde", "vrede",
  "noor", "wit", "bos", "berg", "dijk", "visser", "bakker", "smit", "jong", "groot", "klein", "will", "may", "rose", "grace", "hope", "mark", "an", "ben", "bo", "do", "jo", "ma", "pa", "dan"]);

export interface Naming { person: Person; word: string }

/** The persons who are named, each once, with the words that name them. */
export function namedPersons(text: string, persons: Person[], family: Person[]): Naming[] {
  const said = tokens(text);
  return persons.flatMap((person) => {
    const others = new Set(family.filter((other) => other.id !== person.id).flatMap((other) => [other.name, other.calls ?? ""].flatMap((name) => tokens(name).map((token) => token.plain))));
    for (const name of [person.name, person.calls ?? ""]) {
      const word = named(text, said, name, others);
      if (word !== undefined) return [{ person, word }];
    }
    return [];
  });
}

// The whole name, its initials with the family name, or one word of it that
// names nobody else of the family.
function named(text: string, said: Token[], name: string, others: Set<string>): string | undefined {
  const words = tokens(name);
  if (words.length === 0) return name.trim() !== "" && text.includes(name.trim()) ? name.trim() : undefined;
  const capital = (at: number) => /\p{Lu}/u.test(name.charAt(at));
  const whole = words.map((token) => token.plain);
  const initials = [whole[0]!.charAt(0), ...whole.slice(1)];
  for (let i = 0; i < said.length; i++) {
    if (words.length > 1 && (runs(said, i, whole) || runs(said, i, initials))) return text.slice(said[i]!.at, said[i + words.length - 1]!.end);
    for (const [n, token] of words.entries()) {
      if (n > 0 && (particles.has(token.plain) || others.has(token.plain) || token.plain.length === 1)) continue;
      const strict = capital(token.at) && (token.plain.length === 1 || ordinary.has(token.plain));
      if (says(said[i]!, token.plain) && (!strict || startsUpper(text, said[i]!))) return text.slice(said[i]!.at, said[i]!.end);
    }
  }
  return undefined;
}

function runs(said: Token[], from: number, words: string[]): boolean {
  return words.every((word, n) => { const token = said[from + n]; return token !== undefined && (n === words.length - 1 ? says(token, word) : token.plain === word); });
}

// "Noors fiets" is of Noor; a name of two letters has its s apart.
function says(token: Token, name: string): boolean { return token.plain === name || (name.length > 2 && token.plain === `${name}s`) }

function startsUpper(text: string, token: Token): boolean { return /^\p{Lu}/u.test(text.slice(token.at)) }
