// Which buttons to show. The masks come from the policy; the server decides
// anew whatever is sent.
import { classes, kinds, owners, views } from "../protocol.ts";
import type { Card, Class, Kind, Me, Member, Owner, Person, PersonClass, PersonKind, Role, Status, View } from "../protocol.ts";

export type CardAct = "read" | "voice" | "ask" | "edit" | "move" | "archive" | "share" | "shield" | "reperspective" | "redact" | "persons";
export type CaseAct = "columns" | "lead" | "close" | "reopen" | "redact" | "glass";

/** One kind of card as the policy tells them apart. */
export interface Cell { view: View; beside: boolean; class: Class; owner: Owner }

/** The bit of acts that are not about a card. */
const noCell = 200;

export function cellBit(cell: Cell): number {
  const view = views.indexOf(cell.view), classIndex = classes.indexOf(cell.class), owner = owners.indexOf(cell.owner);
  return ((view * 2 + (cell.beside ? 1 : 0)) * classes.length + classIndex) * owners.length + owner;
}

/** A mask is four 64-bit words in hexadecimal, word 0 first, 16 digits each. */
export function hasBit(mask: string, bit: number): boolean {
  const inWord = bit % 64;
  const digit = mask[Math.floor(bit / 64) * 16 + 15 - Math.floor(inWord / 4)];
  return digit !== undefined && (parseInt(digit, 16) & (1 << inWord % 4)) !== 0;
}

const ofTheWriter: CardAct[] = ["edit", "move", "archive", "redact"];

interface Stamped { by: string; role: Role; org: string; named?: string[] }

/** How this reader stands to the case now: the questions the page asks. */
export class Rights {
  constructor(readonly me: Me, readonly member: Member | undefined, readonly status: Status, readonly family: Person[]) {}

  may(act: CaseAct): boolean { return this.#has(act, noCell) }

  mayCell(act: CardAct, cell: Cell): boolean { return this.#has(act, cellBit(cell)) }

  mayCard(act: CardAct, card: Card): boolean {
    // Who is asked answers before anything else; its writer changes words and labels only.
    if (card.for !== undefined && act !== "read" && !(card.by === this.me.user && ofTheWriter.includes(act))) return false;
    return this.mayCell(act, this.cell(card.person, card.class, card));
  }

  /** Whether I may write in the text of a card, as one of many; what was erased is written anew. */
  mayWriteIn(card: Card): boolean {
    return card.tabled !== undefined && !card.archived && this.mayCard("edit", card);
  }

  mayPerson(act: CardAct, person: Person): boolean { return this.mayCell(act, this.cell(person.id, person.class, person)) }

  mayAddPerson(kind: PersonKind, personClass: PersonClass): boolean {
    return this.mayCell("persons", { view: kind, beside: false, class: personClass, owner: "self" });
  }

  /** Whether I may write a card of this kind; a question or an interpretation is to ask, all else to voice. */
  mayWrite(kind: Kind, person: string | undefined, cardClass: Class): boolean {
    return this.mayCell(actOf(kind), this.cell(person, cardClass, this.#self()));
  }

  /** Whether a draft of mine can be put on the table as it is. */
  mayTable(card: Card): boolean { return card.tabled === undefined && card.for === undefined && this.mayWrite(card.kind, card.person, card.class) }

  kindsFor(person: string | undefined, cardClass: Class): Kind[] {
    return kinds.filter((kind) => this.mayWrite(kind, person, cardClass));
  }

  classesFor(person: string | undefined): Class[] {
    return classes.filter((cardClass) => this.kindsFor(person, cardClass).length > 0);
  }

  /** The perspectives I may write from; undefined is professional. */
  perspectives(): (string | undefined)[] {
    const persons = this.family.filter((person) => !person.removed).map((person) => person.id);
    return [...persons, undefined].filter((person) => this.classesFor(person).length > 0);
  }

  cell(person: string | undefined, cardClass: Class, author: Stamped): Cell {
    const about = person === undefined ? undefined : this.family.find((p) => p.id === person);
    return {
      view: about?.kind ?? "professional",
      beside: about !== undefined && (this.member?.beside.includes(about.id) ?? false),
      class: cardClass,
      owner: this.#owner(author),
    };
  }

  #owner(author: Stamped): Owner {
    if (author.by === this.me.user) return "self";
    if (author.named?.includes(this.me.user)) return "named";
    return author.role === this.me.role && author.org === this.member?.org ? "peer" : "other";
  }

  #self(): Stamped { return { by: this.me.user, role: this.me.role, org: this.member?.org ?? "" } }

  #has(act: string, bit: number): boolean { return hasBit(this.me.rights[this.status][act] ?? "", bit) }
}

export function actOf(kind: Kind): "voice" | "ask" {
  return kind === "interpretation" || kind === "question" ? "ask" : "voice";
}

/** From wide to narrow, as a first guess at what is meant; the server decides. */
export const narrowing: readonly Class[] = ["shared", "confidential", "safety", "named", "private"];

/** The person who was brought forward, else one I stand beside, else the first I may write from; "" is professional. */
export function startPerspective(rights: Rights | undefined, forward: string | undefined): string {
  const possible = rights?.perspectives() ?? [];
  const wished = [forward, ...(rights?.member?.beside ?? [])].filter((person) => person !== undefined);
  return wished.find((person) => possible.includes(person)) ?? possible[0] ?? "";
}

/**
 * The class a new card starts with: what a safety person told is for safety,
 * the rest is confidential when that can be, and a safety person's card never
 * starts out for the whole table.
 */
export function firstClass(possible: Class[], person: Person | undefined): Class | undefined {
  const wished: Class[] = person?.class === "safety" ? ["safety", "private", "named", "confidential"] : ["confidential", "shared", "private", "named"];
  return wished.find((cardClass) => possible.includes(cardClass)) ?? possible[0];
}
