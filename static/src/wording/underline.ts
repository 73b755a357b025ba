// The hints about words in the editor of a note: a quiet underline, with why and
// what instead where the pointer rests. The same is said in words below the
// editor; Mod-. leads from the text to it.
import { StateEffect, StateField, type Extension } from "@codemirror/state";
import { Decoration, EditorView, hoverTooltip, keymap, ViewPlugin, type DecorationSet, type Tooltip, type ViewUpdate } from "@codemirror/view";
import { effect } from "@preact/signals";
import type { Kind } from "../protocol.ts";
import { t } from "../words/words.ts";
import type { Found } from "./find.ts";
import type { Wording } from "./state.ts";

const pause = 500; // milliseconds without a key: nobody is told of half a word

const looked = StateEffect.define<Found[]>();

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(decorations, transaction) {
    for (const each of transaction.effects) {
      if (each.is(looked)) return Decoration.set(each.value.map((found) => Decoration.mark({ class: "wording-mark", found }).range(found.at, found.end)));
    }
    // What somebody writes in is not what was found any more.
    const moved = decorations.map(transaction.changes);
    return transaction.docChanged ? moved.update({ filter: (from, to, mark) => transaction.newDoc.sliceString(from, to) === (mark.spec.found as Found).word }) : moved;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** kind: of the card, as it is now; somebody's own words get no hints. */
export function wordingUnderline(wording: Wording, kind: () => Kind | undefined): Extension {
  const look = ViewPlugin.define((view) => {
    const say = () => view.dispatch({ effects: looked.of(wording.in(view.state.doc.toString(), kind())) });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = (after: number) => {
      clearTimeout(timer);
      timer = setTimeout(say, after);
    };
    const stop = effect(() => {
      void wording.left.value; // looks anew when words were let stand
      soon(0);
    });
    return {
      update(update: ViewUpdate) { if (update.docChanged) soon(pause); },
      destroy() {
        stop();
        clearTimeout(timer);
      },
    };
  });
  return [marks, look, hoverTooltip(about), keymap.of([{ key: "Mod-.", run: (view) => wording.lead(view.state.doc.toString(), kind()) }])];
}

/** The words found at a place in the text. */
export function foundAt(view: EditorView, pos: number): Found | undefined {
  let found: Found | undefined;
  view.state.field(marks).between(pos, pos, (_from, _to, mark) => { found = mark.spec.found as Found; });
  return found;
}

function about(view: EditorView, pos: number): Tooltip | null {
  const found = foundAt(view, pos);
  if (!found) return null;
  return { pos, above: true, create: () => ({ dom: said(found) }) };
}

// In plain elements: this is of the editor, and nothing of the page draws here.
function said({ word, hint }: Found): HTMLElement {
  const dom = document.createElement("div");
  dom.className = "wording-tip";
  for (const [lang, text] of [[undefined, `${word}: `], ["nl", hint.why], [undefined, ` ${t("wording.instead")} `], ["nl", hint.instead.join(" · ")]] as const) {
    const part = dom.appendChild(document.createElement("span"));
    part.textContent = text;
    if (lang) part.lang = lang;
  }
  return dom;
}
