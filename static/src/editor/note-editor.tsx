// The text of a card on the table while I write in it, with others.
import type { EditorView } from "@codemirror/view";
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { KnownCard } from "../state/model.ts";
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";
import { Stored } from "./stored.tsx";
import type { Writing } from "./writing.ts";
import "./editor.css";

export function NoteEditor({ card, onLeave }: { card: KnownCard; onLeave: () => void }) {
  const table = useTable();
  const host = useRef<HTMLDivElement>(null);
  const writing = useSignal<Writing | undefined>(undefined);
  const failed = useSignal(false), tries = useSignal(0);

  useEffect(() => {
    let view: EditorView | undefined, here = true;
    failed.value = false;
    table.notes.open(card.id).then((opened) => {
      if (!here || !opened || !host.current) return;
      writing.value = opened.writing;
      view = opened.writer.mount(host.current, opened.writing, { card: card.id, table });
      view.dispatch({ selection: { anchor: view.state.doc.length } });
      view.focus();
    }).catch(() => { failed.value = here; });
    return () => {
      here = false;
      view?.destroy();
      table.notes.close(card.id);
    };
  }, [card.id, tries.value]);

  return (
    <div class="note-editor" data-editor={writing.value ? "ready" : "loading"}>
      <div class="paper" ref={host} />
      {!writing.value && !failed.value && <p class="soft" role="status">{t("editor.loading")}</p>}
      {failed.value && (
        <div class="notice" role="alert">
          <p>{t("editor.failed")}</p>
          <button type="button" class="btn" data-act="retry" onClick={() => { tries.value += 1; }}>{t("editor.retry")}</button>
        </div>
      )}
      <div class="row under">
        {writing.value && <Stored writing={writing.value} />}
        <button type="button" class="btn" data-act="read" onClick={onLeave}>{t("editor.read")}</button>
      </div>
    </div>
  );
}
