// Words of a text that are marked in its editor. They move along with what is
// typed before them; what somebody writes in is not what was marked any more.
import { StateEffect, StateField, type EditorState } from "@codemirror/state";
import { Decoration, EditorView, type DecorationSet } from "@codemirror/view";

/** word: as it stands in the text, from at to end. */
export interface Marked { word: string; at: number; end: number }

/** One kind of mark. F: what is known of the words that have it. */
export function marked<F extends Marked>(className: string) {
  const looked = StateEffect.define<readonly F[]>();
  const known = (mark: Decoration) => mark.spec.found as F;
  const field = StateField.define<DecorationSet>({
    create: () => Decoration.none,
    update(decorations, transaction) {
      for (const each of transaction.effects) {
        if (each.is(looked)) return Decoration.set(each.value.map((found) => Decoration.mark({ class: className, found }).range(found.at, found.end)));
      }
      const moved = decorations.map(transaction.changes);
      return transaction.docChanged ? moved.update({ filter: (from, to, mark) => transaction.newDoc.sliceString(from, to) === known(mark).word }) : moved;
    },
    provide: (field) => EditorView.decorations.from(field),
  });
  return {
    field,
    /** Marks these words, and no others, in the order of the text. */
    mark: (found: readonly F[]) => looked.of(found),
    /** What is marked there. */
    at(state: EditorState, pos: number): F | undefined {
      let found: F | undefined;
      state.field(field).between(pos, pos, (_from, _to, mark) => { found = known(mark); });
      return found;
    },
    /** All that is marked, where it is now. */
    all(state: EditorState): F[] {
      const all: F[] = [];
      state.field(field).between(0, state.doc.length, (at, end, mark) => { all.push({ ...known(mark), at, end }); });
      return all;
    },
  };
}
