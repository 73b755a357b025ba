// Whose doing a change was, from what this reader has before and after.
import type { KnownCard, Model } from "./model.ts";
import type { Own } from "./speak.ts";

export interface Whose {
  /** The cards that I made or changed, as they are now. */
  mine: KnownCard[];
  /** The ids of the cards that somebody else made or changed. */
  others: string[];
}

export function whose(before: Model, after: Model, me: string, own: Own): Whose {
  const found: Whose = { mine: [], others: [] };
  if (before.cards === after.cards) return found;
  for (const [id, card] of Object.entries(after.cards)) {
    const old = before.cards[id];
    if (old === card) continue;
    if (own.card(id) || (!old && card.by === me && own.any)) found.mine.push(card);
    else found.others.push(id);
  }
  return found;
}
