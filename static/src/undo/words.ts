// What taking back my last change would do, and what it did, in words. All of
// it is made from what this reader has.
import type { Undo } from "../protocol.ts";
import type { Model } from "../state/model.ts";
import { t } from "../words/words.ts";
import { short } from "../words/short.ts";

/** What pressing the button will do, as a sentence without a full stop. */
export function willDo(undo: Undo, model: Model): string {
  switch (undo.what) {
    case "card_retitled": return t("undo.title", { title: short(undo.title ?? "") });
    case "card_edited": return undo.text ? t("undo.text", { text: short(undo.text) }) : t("undo.text_none");
    case "card_labelled": return labels(undo, model);
    case "card_moved": return place(undo, model);
    default: return t("undo.other");
  }
}

/** What was done by it. */
export function isDone(undo: Undo, model: Model): string {
  switch (undo.what) {
    case "card_retitled": return t("undo.done_title", { title: short(undo.title ?? "") });
    case "card_edited": return t(undo.text ? "undo.done_text" : "undo.done_text_none");
    case "card_labelled": return t("undo.done_labels", { labels: labelled(undo) });
    case "card_moved": return t("undo.done_place", { column: columnTitle(undo, model) });
    default: return t("undo.done_other");
  }
}

// One label that changed is said in a sentence of its own, several in a row.
function labels(undo: Undo, model: Model): string {
  const now = model.cards[undo.card];
  const kind = undo.kind !== now?.kind, domain = undo.domain !== now?.domain, seen = undo.seen !== now?.seen;
  if (kind && !domain && !seen && undo.kind) return t(`undo.kind.${undo.kind}`);
  if (domain && !kind && !seen) return undo.domain ? t("undo.domain", { domain: t(`domain.${undo.domain}`) }) : t("undo.domain_none");
  if (seen && !kind && !domain) return undo.seen ? t("undo.seen", { seen: t(`seen.${undo.seen}`) }) : t("undo.seen_none");
  return t("undo.labels", { labels: labelled(undo) });
}

function labelled(undo: Undo): string {
  return [undo.kind && t(`kind.${undo.kind}`), undo.domain && t(`domain.${undo.domain}`), undo.seen && t(`seen.${undo.seen}`)].filter(Boolean).join(", ");
}

function place(undo: Undo, model: Model): string {
  const anchor = undo.after && model.cards[undo.after];
  const column = columnTitle(undo, model);
  if (model.cards[undo.card]?.col !== undo.col) return t("undo.place", { column });
  return anchor ? t("undo.place_after", { title: short(anchor.title.body) || t("card.redacted") }) : t("undo.place_first", { column });
}

function columnTitle(undo: Undo, model: Model): string {
  return model.columns.find((column) => column.id === undo.col)?.title || t("column.redacted");
}
