// What it takes to write in a note. It comes as a part of its own, when somebody
// writes.
import { EditorState, Transaction } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { extensions, type Place } from "./extensions.ts";
import { acts } from "./marks.ts";
import { respell } from "../spelling/underline.ts";
import { remote } from "./remote.ts";
import "./styles.ts";
import type { Tool } from "./tools.ts";
import { Writing } from "./writing.ts";

export { Writing };

/** An editor in the page. */
export interface Editor {
  use(tool: Tool): void;
  /** Writes another word wherever this one is marked. */
  respell(word: string, instead: string): void;
  focus(): void;
  destroy(): void;
}

/** Puts an editor of the note in the page, with the caret at its end; changed: told the text, whenever it is another one. */
export function mount(parent: HTMLElement, place: Place, changed: (text: string) => void): Editor {
  const { writing } = place, doc = writing.sync.doc;
  const view = new EditorView({
    parent,
    state: EditorState.create({ doc, selection: { anchor: doc.length }, extensions: extensions(place) }),
    dispatchTransactions(transactions, self) {
      self.update(transactions);
      for (const one of transactions) if (one.docChanged && !one.annotation(remote)) writing.wrote(one.changes);
      if (transactions.some((one) => one.docChanged)) changed(self.state.doc.toString());
    },
  });
  // What others write cannot be undone by me, and is not held to my limits.
  writing.show((changes) => view.dispatch({ changes, annotations: [remote.of(true), Transaction.addToHistory.of(false)], filter: false }));
  changed(doc.toString());
  return {
    use(tool) {
      view.focus();
      acts[tool](view);
    },
    respell: (word, instead) => respell(view, word, instead),
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
