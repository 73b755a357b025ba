// What this reader has of the case, and how a change takes it one step on.
// Nothing is changed in place, so what stayed the same stays the same object.
import type { Card, Change, Text, Whole } from "../protocol.ts";
import { follow } from "./written.ts";

export type KnownCard = Card & { text: Text };
export type Model = Whole;

const noText: Text = { base: "", body: "" };

export function apply(model: Model, change: Change): Model {
  const columns = change.columns ?? model.columns, given = change.given ?? model.given;
  return {
    case: change.case ?? model.case,
    team: change.team ?? model.team,
    family: change.family ?? model.family,
    consents: change.consents ?? model.consents,
    custody: change.custody ?? model.custody,
    columns,
    cards: applyCards(model.cards, change),
    order: applyOrder(model.order, change),
    ...applyUndo(model, change),
    attendance: change.attendance ?? model.attendance,
    ...(given && { given }),
  };
}

function applyCards(cards: Model["cards"], change: Change): Model["cards"] {
  if (!change.cards?.length && !change.gone?.length && !change.written?.length) return cards;
  const next = { ...cards };
  for (const card of change.cards ?? []) {
    next[card.id] = { ...card, text: card.text ?? cards[card.id]?.text ?? noText };
  }
  for (const id of change.gone ?? []) delete next[id];
  for (const written of change.written ?? []) {
    const card = next[written.card];
    if (card) next[card.id] = { ...card, text: follow(card.text, written), changed: written.changed };
  }
  return next;
}

function applyOrder(order: Model["order"], change: Change): Model["order"] {
  if (!change.order && !change.columns) return order;
  const next = { ...order, ...change.order };
  if (change.columns) {
    const left = new Set(change.columns.map((column) => column.id));
    for (const id of Object.keys(next)) if (!left.has(id)) delete next[id];
  }
  return next;
}

function applyUndo(model: Model, change: Change): Pick<Model, "undo"> {
  const undo = change.undo ?? (change.no_undo ? undefined : model.undo);
  return undo ? { undo } : {};
}

/** Whether something that was there may be read no longer: words told earlier may name it. */
export function takesAway(model: Model, change: Change): boolean {
  const left = (list: { id: string }[], now: { id: string }[] | undefined) => now !== undefined && list.some((one) => !now.some((other) => other.id === one.id));
  return (change.gone ?? []).length > 0 || left(model.family, change.family) || left(model.columns, change.columns)
    || (change.cards ?? []).some((card) => card.title.redacted === true && !model.cards[card.id]?.title.redacted)
    || (change.family ?? []).some((person) => person.redacted === true && !model.family.find((old) => old.id === person.id)?.redacted)
    || (change.columns ?? []).some((column) => column.title === "" && model.columns.some((old) => old.id === column.id && old.title !== ""));
}

/** The cards of a column in order, without those that are archived. */
export function onBoard(model: Model, column: string): KnownCard[] {
  return ordered(model, column).filter((card) => !card.archived);
}

/** Every card that is archived, column by column. */
export function archived(model: Model): KnownCard[] {
  return model.columns.flatMap((column) => ordered(model, column.id)).filter((card) => card.archived);
}

function ordered(model: Model, column: string): KnownCard[] {
  return (model.order[column] ?? []).flatMap((id) => model.cards[id] ?? []);
}
