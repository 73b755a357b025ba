// What it takes to write in a note. It comes as a part of its own, when somebody
// writes.
import { EditorState, Transaction } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { extensions, type Place } from "./extensions.ts";
import "./styles.ts";
import { Writing } from "./writing.ts";

export { Writing };

/** Puts an editor of the note in the page. */
export function mount(parent: HTMLElement, writing: Writing, place: Place): EditorView {
  const view = new EditorView({
    parent,
    state: EditorState.create({ doc: writing.sync.doc, extensions: extensions(place) }),
    dispatchTransactions(transactions, self) {
      self.update(transactions);
      for (const one of transactions) if (one.docChanged && !one.annotation(Transaction.remote)) writing.wrote(one.changes);
    },
  });
  // What others write cannot be undone by me.
  writing.show((changes) => view.dispatch({ changes, annotations: [Transaction.remote.of(true), Transaction.addToHistory.of(false)] }));
  return view;
}
