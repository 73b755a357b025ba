// What a change by somebody else is called out as, for those who do not see it
// happen. It is made from what this reader has before and after, and from
// nothing else.
import type { Here } from "../protocol.ts";
import { t } from "../words/words.ts";
import type { KnownCard, Model } from "./model.ts";

const most = 3; // single changes called out at once

/** What I was changing myself when it came: which cards, and whether anything at all. */
export interface Own { card: (id: string) => boolean; any: boolean }

/** The sentences for what somebody else changed. */
export function spoken(before: Model, after: Model, me: string, own: Own): string[] {
  const given = spokenGiven(before, after, me);
  if (given) return [given]; // the cards that come and go with it were put on the table by nobody just now
  const said = [...spokenSeat(before, after, me), ...spokenGlass(before, after, me), ...(own.any ? [] : spokenCase(before, after))];
  const cards = before.cards === after.cards ? [] : spokenCards(before, after, me, own.card);
  return cards.length > most ? [...said, t("said.many", { n: cards.length })] : [...said, ...cards];
}

/** That my own place at this table became another: what I see may change by it. */
function spokenSeat(before: Model, after: Model, me: string): string[] {
  const seat = (model: Model) => model.team.find((member) => member.user === me);
  const was = seat(before), is = seat(after);
  if (was === is || !was || !is) return [];
  return was.role !== is.role || was.beside.join() !== is.beside.join() ? [t("said.seat")] : [];
}

const saidGiven = [{ kind: "glass", come: "said.glass", over: "said.glass_over" }, { kind: "lend", come: "said.lent", over: "said.lent_over" }] as const;

/** That I read more because something was lent to me or I broke the glass, or no more. */
function spokenGiven(before: Model, after: Model, me: string): string | undefined {
  if (before.given === after.given) return undefined;
  for (const { kind, come, over } of saidGiven) {
    const mine = (model: Model) => (model.given ?? []).filter((one) => one.kind === kind && one.user === me).map((one) => one.id);
    const was = mine(before), is = mine(after);
    if (is.some((id) => !was.includes(id))) return t(come);
    if (was.some((id) => !is.includes(id))) return t(over);
  }
  return undefined;
}

/** That a colleague broke the glass, for who gets to know it. */
function spokenGlass(before: Model, after: Model, me: string): string[] {
  if (before.given === after.given) return [];
  const was = new Set(before.given?.map((one) => one.id));
  return (after.given ?? []).filter((one) => one.kind === "glass" && one.user !== me && !was.has(one.id))
    .map((one) => t("said.glass_by", { name: after.team.find((member) => member.user === one.user)?.name ?? t("said.someone") }));
}

function spokenCase(before: Model, after: Model): string[] {
  const said: string[] = [];
  if (before.case.status !== after.case.status) said.push(t(after.case.status === "closed" ? "said.closed" : "said.opened"));
  if (before.family !== after.family) said.push(t("said.family"));
  if (before.columns !== after.columns) said.push(t("said.columns"));
  return said;
}

function spokenCards(before: Model, after: Model, me: string, own: (card: string) => boolean): string[] {
  const said: string[] = [];
  for (const [id, card] of Object.entries(after.cards)) {
    const old = before.cards[id];
    if (old === card || own(id)) continue;
    const name = after.team.find((member) => member.user === card.by)?.name ?? t("said.someone");
    if (old) said.push(t(change(old, card), { name }));
    else if (card.for === me) said.push(t("said.asked", { name }));
    else if (card.by !== me) said.push(t("said.tabled", { name }));
  }
  for (const id of Object.keys(before.cards)) {
    if (id in after.cards || own(id)) continue;
    const waited = before.cards[id]?.by === me ? before.cards[id]?.for : undefined;
    said.push(waited === undefined ? t("said.gone") : t("said.answered", { name: after.team.find((member) => member.user === waited)?.name ?? t("said.someone") }));
  }
  return said;
}

function change(old: KnownCard, card: KnownCard): "said.archived" | "said.restored" | "said.moved" | "said.writing" | "said.changed" {
  if (!old.archived && card.archived) return "said.archived";
  if (old.archived && !card.archived) return "said.restored";
  if (old.col !== card.col) return "said.moved";
  return old.text.base !== card.text.base && card.tabled && !card.text.redacted && old.title.base === card.title.base && old.class === card.class ? "said.writing" : "said.changed";
}

/** Who came to the table and who left it. */
export function arrivals(before: Here[], after: Here[], me: string, name: (user: string) => string): string[] {
  const users = (here: Here[]) => new Set(here.map((h) => h.user).filter((user) => user !== me));
  const was = users(before), is = users(after);
  return [
    ...[...is].filter((user) => !was.has(user)).map((user) => t("said.arrived", { name: name(user) })),
    ...[...was].filter((user) => !is.has(user)).map((user) => t("said.left", { name: name(user) })),
  ];
}
