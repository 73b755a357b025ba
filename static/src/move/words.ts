// Where a card went, in words: as I put it there, and when it stands elsewhere.
import type { Failure } from "../protocol.ts";
import type { KnownCard, Model } from "../state/model.ts";
import { t, tOr } from "../words/words.ts";
import { short } from "../words/short.ts";
import { anchorAmong, type Pending } from "./lay.ts";

/** For those who do not see it stand there. */
export function movedTo(model: Model, { card, column, afters }: Pending): string {
  const there = (model.order[column] ?? []).filter((id) => id !== card && model.cards[id]?.archived !== true);
  const anchor = anchorAmong(afters, there);
  const place = { column: columnTitle(model, column) };
  return anchor === undefined ? t("move.moved_first", place) : t("move.moved_after", { ...place, title: cardTitle(model.cards[anchor]) });
}

/** Why a card does not stand where I put it, in one sentence; undefined when it does. */
export function correction(model: Model, { card: id, column }: Pending, error: Failure | undefined): string | undefined {
  const card = model.cards[id];
  if (!card) return error && t("move.card_gone");
  const place = { title: cardTitle(card), column: columnTitle(model, card.col) };
  if (!error) return card.col === column ? undefined : t("move.moved_on", place);
  return error.reason === "column_gone" ? t("move.column_gone", place) : `${tOr(`reason.${error.reason}`, "reason.other")} ${t("move.stays", place)}`;
}

export function columnTitle(model: Model, column: string): string {
  return model.columns.find((known) => known.id === column)?.title || t("column.redacted");
}

export function cardTitle(card: KnownCard | undefined): string {
  return card === undefined || card.title.redacted ? t("card.redacted") : short(card.title.body);
}
