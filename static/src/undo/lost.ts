// My last change can no longer be taken back because of somebody else: seen
// from what I had before and have after, while nothing of mine was on its way.
import type { Undo } from "../protocol.ts";
import type { KnownCard, Model } from "../state/model.ts";

/** Why what could be taken back before cannot now; undefined when that is no news. */
export function lostUndo(before: Model, after: Model): "undo.lost_gone" | "undo.lost_changed" | undefined {
  const undo = before.undo;
  if (!undo || after.undo?.command === undo.command || after.undo?.card === undo.card) return undefined;
  const was = before.cards[undo.card], is = after.cards[undo.card];
  if (!is) return "undo.lost_gone";
  return was && changed(undo, was, is) ? "undo.lost_changed" : undefined;
}

// What I changed was changed again; taken back in another window of mine it is as it was.
function changed(undo: Undo, was: KnownCard, is: KnownCard): boolean {
  switch (undo.what) {
    case "card_retitled": return is.title.base !== was.title.base && is.title.body !== undo.title;
    case "card_edited": return is.text.base !== was.text.base && !is.text.body.startsWith((undo.text ?? "").replace(/…$/, ""));
    case "card_labelled": return (is.kind !== was.kind || is.domain !== was.domain || is.seen !== was.seen)
      && !(is.kind === undo.kind && is.domain === undo.domain && is.seen === undo.seen);
    default: return is.col !== was.col && is.col !== undo.col;
  }
}
