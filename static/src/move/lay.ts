// Cards that I moved and the server did not answer yet, laid over what it told:
// each stands where I put it, as far as that place is still there.
import type { Model } from "../state/model.ts";

/** A move on its way. Afters are the cards that stood before the new place, the nearest first. */
export interface Pending { card: string; column: string; afters: readonly string[] }

/** The board as I left it; the very same model when nothing is on its way. */
export function lay(model: Model, pending: readonly Pending[]): Model {
  return pending.reduce(put, model);
}

function put(model: Model, { card: id, column, afters }: Pending): Model {
  const card = model.cards[id], there = model.order[column];
  // What is hidden or removed by now stands where the server has it, or not at all.
  if (!card || !there) return model;
  const without = (ids: readonly string[] | undefined) => (ids ?? []).filter((other) => other !== id);
  const target = without(there), anchor = anchorAmong(afters, target);
  target.splice(anchor === undefined ? 0 : target.indexOf(anchor) + 1, 0, id);
  return {
    ...model,
    cards: card.col === column ? model.cards : { ...model.cards, [id]: { ...card, col: column } },
    order: { ...model.order, [card.col]: without(model.order[card.col]), [column]: target },
  };
}

/** The nearest of the cards before the place that is still in the column; undefined: first. */
export function anchorAmong(afters: readonly string[], column: readonly string[]): string | undefined {
  return afters.find((after) => column.includes(after));
}

/** The cards before a place, the nearest first: before a card, or at the end of the column. */
export function aftersOf(model: Model, card: string, column: string, before: string | undefined): string[] {
  const order = (model.order[column] ?? []).filter((id) => id !== card);
  const at = before === undefined ? -1 : order.indexOf(before);
  return (at < 0 ? order : order.slice(0, at)).reverse();
}

/** Whether the card stands there already, as far as those on the board go. */
export function standsThere(model: Model, { card: id, column, afters }: Pending): boolean {
  const card = model.cards[id];
  if (card?.col !== column) return false;
  const onBoard = (other: string) => model.cards[other]?.archived !== true;
  const before = (model.order[column] ?? []).filter(onBoard);
  return before[before.indexOf(id) - 1] === afters.find(onBoard);
}
