// What the server would refuse is kept out while it is typed or pasted, so that
// nothing that was in goes.
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { bytes, most } from "./room.ts";

/** What has no place in a text: controls, what turns its order round, and halves of characters. */
const signs = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffd]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

export type Kept = "full" | "signs";

/** Line ends as the server has them, without what it would refuse. */
export function clean(text: string): string { return text.replace(/\r\n?/g, "\n").replace(signs, "") }

/** kept: tells what was kept out. */
export function limits(kept: (what: Kept) => void): Extension {
  return [
    EditorView.clipboardInputFilter.of((text) => {
      const cleaned = clean(text);
      if (cleaned !== text.replace(/\r\n?/g, "\n")) kept("signs");
      return cleaned;
    }),
    EditorState.changeFilter.of((transaction) => {
      if (!transaction.docChanged) return true;
      const grows = transaction.newDoc.length > transaction.startState.doc.length;
      if (grows && (transaction.newDoc.length > most || bytes(transaction.newDoc.toString()) > most)) {
        kept("full");
        return false;
      }
      const sound = transaction.newDoc.toString().search(signs) < 0;
      if (!sound) kept("signs");
      return sound;
    }),
  ];
}
