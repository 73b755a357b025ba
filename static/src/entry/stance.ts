// What a typed line becomes: from whom it speaks, what kind it is, and who may
// read it once it is on the table. It is never wider than its writer is used to.
import type { Class, Kind, Member, Person } from "../protocol.ts";
import { kinds } from "../protocol.ts";
import type { KnownCard } from "../state/model.ts";
import { firstClass, narrowing, startPerspective, type Rights } from "../state/rights.ts";

/** Without a person it speaks as professional. */
export interface Stance { person?: string; kind: Kind; class: Class }

/** What stances are made from. */
export interface Ground { rights: Rights; family: Person[]; cards: KnownCard[]; me: string }

/** The narrowest class I used on this board for this person; a card by name counts as private. */
export function habit(ground: Ground, person: string | undefined): Class | undefined {
  const used = ground.cards.filter((card) => card.by === ground.me && card.person === person && card.for === undefined)
    .map((card): Class => (card.class === "named" ? "private" : card.class));
  return narrowing.findLast((one) => used.includes(one));
}

/**
 * The stance for a person, of the kind that is wished or the nearest that may
 * be written, and never wider than atMost. Undefined: I can write nothing so.
 */
export function stanceFor(ground: Ground, person: string | undefined, wished: Kind | undefined, atMost?: Class): Stance | undefined {
  const kind = [wished ?? "fact", "interpretation" as const, "question" as const, ...kinds].find((one) => classesFor(ground, person, one).length > 0);
  if (kind === undefined) return undefined;
  const possible = classesFor(ground, person, kind);
  const floor = narrower(habit(ground, person), atMost);
  const chosen = floor === undefined ? firstClass(possible, known(ground, person))
    : possible.find((one) => narrowing.indexOf(one) >= narrowing.indexOf(floor)) ?? possible.at(-1);
  return chosen && { ...about({ person }), kind, class: chosen };
}

/** The stance that a line begins with. */
export function firstStance(ground: Ground, forward: string | undefined, wished: Kind | undefined, atMost?: Class): Stance | undefined {
  return stanceFor(ground, startPerspective(ground.rights, forward) || undefined, wished, atMost);
}

/** Whether I may still write so, now that something changed. */
export function holds(ground: Ground, stance: Stance): boolean {
  if (stance.person !== undefined && !stands(ground, stance.person)) return false;
  return classesFor(ground, stance.person, stance.kind).includes(stance.class);
}

/** What a line becomes whose stance no longer holds: as few readers as can be, and from nobody else of the family. */
export function narrowest(ground: Ground, lost: Stance): Stance | undefined {
  const own = stands(ground, lost.person) ? stanceFor(ground, lost.person, lost.kind, "private") : undefined;
  return own ?? stanceFor(ground, undefined, lost.kind, "private");
}

/** From wide to narrow, those that need no names; what a safety person told is never for the whole table. */
export function classesFor(ground: Ground, person: string | undefined, kind: Kind): Class[] {
  const safe = known(ground, person)?.class === "safety";
  return narrowing.filter((one) => one !== "named" && !(safe && one === "shared") && ground.rights.mayWrite(kind, person, one));
}

/** The classes in which a line can be written for a colleague, who decides by confirming. */
export const askedClasses: Class[] = ["shared", "confidential", "safety"];

/** In which of them it begins: the narrowest that the colleague mostly reads. */
export function askedClass(person: Person | undefined, colleague: Member | undefined): Class {
  if (person === undefined) return "shared";
  if (person.class === "safety") return "safety";
  return colleague?.beside.includes(person.id) ? "confidential" : "shared";
}

function narrower(one: Class | undefined, other: Class | undefined): Class | undefined {
  return narrowing.findLast((c) => c === one || c === other);
}

function stands(ground: Ground, id: string | undefined): boolean {
  const person = known(ground, id);
  return person !== undefined && !person.removed;
}

function known(ground: Ground, person: string | undefined): Person | undefined { return ground.family.find((one) => one.id === person) }

/** From whom something speaks, as commands and questions name it: nobody is left out. */
export function about({ person }: { person?: string | undefined }): { person?: string } { return person === undefined ? {} : { person } }
