// The box of a task can be pressed, as it can where the text is read.
import { RangeSetBuilder, type Extension } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, type DecorationSet, type ViewUpdate } from "@codemirror/view";
import { tickAt } from "./marks.ts";

const box = Decoration.mark({ class: "task-box" });

function boxes(view: EditorView): DecorationSet {
  const found = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to;) {
      const line = view.state.doc.lineAt(at), task = tickAt(line);
      if (task) found.add(task.from - 1, task.to + 1, box);
      at = line.to + 1;
    }
  }
  return found.finish();
}

export const tasks: Extension = [
  ViewPlugin.fromClass(class {
    decorations: DecorationSet;
    constructor(view: EditorView) { this.decorations = boxes(view) }
    update(update: ViewUpdate): void { if (update.docChanged || update.viewportChanged) this.decorations = boxes(update.view) }
  }, { decorations: (plugin) => plugin.decorations }),
  EditorView.domEventHandlers({
    mousedown(event, view) {
      if (!(event.target instanceof Element) || !event.target.closest(".task-box")) return false;
      const at = view.posAtDOM(event.target), task = tickAt(view.state.doc.lineAt(at));
      if (!task) return false;
      view.dispatch({ changes: task, userEvent: "input.mark" });
      return true;
    },
  }),
];
