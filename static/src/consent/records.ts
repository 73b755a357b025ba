// What this reader may know of consent and custody, ready to be shown. It is
// made from the reader's own model and from nothing else.
import { roles, type Class, type Consent, type ConsentAnswer, type Member, type Person, type Role, type Sharing } from "../protocol.ts";
import type { Model } from "../state/model.ts";
import type { Rights } from "../state/rights.ts";

/** The records of a person, the last one first. */
export function consentsOf(model: Model, person: string, sharing?: Sharing): Consent[] {
  return model.consents.filter((one) => one.person === person && (sharing === undefined || one.sharing === sharing)).reverse();
}

/** Who may know of an answer when it is given: the rule of the server, to show it beforehand. */
export function classOf(answer: ConsentAnswer, person: Person): Class {
  return answer === "unsafe" || person.class === "safety" ? "safety" : "confidential";
}

export function mayRecord(answer: ConsentAnswer, person: Person, rights: Rights): boolean {
  return !person.removed && rights.mayWrite("words", person.id, classOf(answer, person));
}

/** With whom one may speak of sharing: the table, each discipline that sits at it or was spoken of, and outside. */
export function sharingsOf(model: Model, person: string): Sharing[] {
  const spoken = consentsOf(model, person).map((one) => one.sharing);
  const disciplines = roles.filter((role): role is Role & Sharing => spoken.includes(role) || model.team.some((member) => !member.ended && member.role === role));
  return ["table", ...disciplines, "outside"];
}

/**
 * The sharings that letting these people read comes to. A card for the whole
 * table is shared with each discipline too, where a person spoke of that one.
 */
export function sharingsWith(cardClass: Class, readers: Member[], spoken: Consent[]): Sharing[] {
  const disciplines = roles.filter((role): role is Role & Sharing => readers.some((member) => member.role === role));
  if (cardClass !== "shared") return disciplines;
  return ["table", ...disciplines.filter((role) => spoken.some((one) => one.sharing === role))];
}

/** The persons who have custody of the child, in the order of the family. */
export function custodians(model: Model, child: string): Person[] {
  return model.family.filter((person) => model.custody.some((one) => one.child === child && one.person === person.id));
}
