// Warns before something is read by more people than is safe: a text that names
// somebody who is for safety, or holds what looks like an address, in a circle
// that is wider. It is found in the browser, from what this reader has, and goes
// nowhere. It never blocks: a word may be a name and mean nothing.
import type { Class, Person, Role } from "../protocol.ts";
import { namedPersons } from "./persons.ts";
import { traces, type TraceKind } from "./traces.ts";

/** What is about to be read: the texts, and by whom. */
export interface Told { texts: string[]; person?: string | undefined; class: Class; named?: string[] | undefined }
export interface Table { family: Person[]; team: { user: string; role: Role }[] }
export type Warning = { what: "person"; person: Person; word: string } | { what: TraceKind; word: string };

/** Every warning once, persons first. */
export function warnings(told: Told, table: Table): Warning[] {
  if (!widerThanSafety(told, table)) return [];
  const text = told.texts.join("\n");
  const safe = table.family.filter((person) => person.class === "safety" && !person.redacted);
  return [
    ...namedPersons(text, safe, table.family).map(({ person, word }): Warning => ({ what: "person", person, word })),
    ...traces(text).map(({ kind, word }): Warning => ({ what: kind, word })),
  ];
}

// Who does not know of somebody for safety reads no card from that person; a
// card with named readers is as wide as the farthest of them.
function widerThanSafety({ person, class: circle, named }: Told, { family, team }: Table): boolean {
  if (family.some((known) => known.id === person && known.class === "safety")) return false;
  if (circle === "named") return team.some((member) => member.role === "perpetrator_support" && (named ?? []).includes(member.user));
  return circle === "shared" || circle === "confidential";
}
