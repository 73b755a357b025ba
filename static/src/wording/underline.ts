// The hints about words in the editor of a note: a quiet underline, with why and
// what instead where the pointer rests. The same is said in words below the
// editor.
import type { Extension } from "@codemirror/state";
import { hoverTooltip, ViewPlugin, type EditorView, type Tooltip, type ViewUpdate } from "@codemirror/view";
import { effect } from "@preact/signals";
import type { Kind } from "../protocol.ts";
import { t } from "../words/words.ts";
import type { Found } from "./find.ts";
import { marked } from "./marked.ts";
import type { Wording } from "./state.ts";

const pause = 500; // milliseconds without a key: nobody is told of half a word

const marks = marked<Found>("wording-mark");

/** kind: of the card, as it is now; somebody's own words get no hints. */
export function wordingUnderline(wording: Wording, kind: () => Kind | undefined): Extension {
  const look = ViewPlugin.define((view) => {
    const say = () => view.dispatch({ effects: marks.mark(wording.in(view.state.doc.toString(), kind())) });
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
  return [marks.field, look, hoverTooltip(about)];
}

function about(view: EditorView, pos: number): Tooltip | null {
  const found = marks.at(view.state, pos);
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
