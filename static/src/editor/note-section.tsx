// The text of a card: read as everybody sees it, and written by who may.
import { Pencil } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { focusIsLost } from "../dialog/focus.ts";
import { Icon } from "../icon/icon.tsx";
import { Note } from "../note/note.tsx";
import type { KnownCard } from "../state/model.ts";
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";
import { NoteEditor } from "./note-editor.tsx";
import "./editor.css";

export function NoteSection({ card }: { card: KnownCard }) {
  const table = useTable();
  const may = table.rights.value?.mayWriteIn(card) ?? false;
  const writing = table.writing.value === card.id && may;
  const begin = useRef<HTMLButtonElement>(null), wrote = useRef(false);
  // Also when the writing was ended for me: the text was erased, or I may not write in it any more.
  useEffect(() => {
    const ended = wrote.current && !writing;
    wrote.current = writing;
    if (ended && focusIsLost()) (begin.current ?? document.querySelector<HTMLElement>("dialog[open] h2"))?.focus();
  }, [writing]);
  useEffect(() => {
    if (!may || writing) return;
    const onKey = (event: KeyboardEvent) => {
      if (!table.shortcuts.peek() || !beginsWriting(event)) return;
      event.preventDefault();
      table.writing.value = card.id;
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [may, writing, card.id]);
  if (writing) return <NoteEditor card={card} onLeave={() => { table.writing.value = undefined; }} />;
  return (
    <div class={may ? "note-section may" : "note-section"} onClick={may ? (event) => { if (writes(event)) table.writing.value = card.id; } : undefined}>
      {card.text.redacted ? !card.title.redacted && <p class="soft">{t("card.redacted")}</p> : card.text.body ? <Note card={card} /> : <p class="soft">{t("card.no_text")}</p>}
      {may && (
        <button type="button" class="btn plain small" data-act="write" ref={begin} onClick={() => { table.writing.value = card.id; }}>
          <Icon of={Pencil} /> {t("editor.write")}
        </button>
      )}
    </div>
  );
}

// Where letters are no text, as with the keys of the board.
function beginsWriting(event: KeyboardEvent): boolean {
  const field = event.target instanceof HTMLElement && (event.target.isContentEditable || event.target.matches("input, textarea, select"));
  return event.key === "e" && !field && !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
}

// A press on the text writes in it, unless it follows a link or marks words to copy.
function writes({ target }: Event): boolean {
  return target instanceof Element && target.closest("[data-note]") !== null && !target.closest("a, button, input, summary") && (getSelection()?.isCollapsed ?? true);
}
