// The text of a card on the table while I write in it, with others.
import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { NamingWarning } from "../naming/naming-warning.tsx";
import { Misspelt } from "../spelling/misspelt.ts";
import { SpellingState } from "../spelling/spelling-state.tsx";
import type { KnownCard } from "../state/model.ts";
import { useTable } from "../state/table.ts";
import { WordingHints } from "../wording/wording-hints.tsx";
import { t } from "../words/words.ts";
import { Along } from "./along.tsx";
import type { Kept } from "./limits.ts";
import { Size } from "./size.tsx";
import { Stored } from "./stored.tsx";
import { Toolbar } from "./toolbar.tsx";
import type { Editor } from "./writer.ts";
import type { Writing } from "./writing.ts";
import "./editor.css";

export function NoteEditor({ card, onLeave }: { card: KnownCard; onLeave: () => void }) {
  const table = useTable();
  const host = useRef<HTMLDivElement>(null), editor = useRef<Editor | undefined>(undefined);
  const writing = useSignal<Writing | undefined>(undefined), text = useSignal(card.text.body);
  const kept = useSignal<Kept | undefined>(undefined);
  const misspelt = useMemo(() => new Misspelt(), [card.id]);
  const failed = useSignal(false), tries = useSignal(0);

  useEffect(() => {
    let here = true;
    failed.value = false;
    table.notes.open(card.id, () => here).then((opened) => {
      if (!here || !opened || !host.current) return;
      let saying = false; // what was left out of a paste is said beside what went in
      const keptOut = (what: Kept) => {
        kept.value = what;
        saying = true;
        setTimeout(() => { saying = false; });
      };
      const changed = (now: string) => {
        text.value = now;
        if (!saying) kept.value = undefined;
      };
      editor.current = opened.writer.mount(host.current, { table, writing: opened.writing, misspelt, kept: keptOut, leave: onLeave }, changed);
      editor.current.focus();
      writing.value = opened.writing;
    }).catch(() => { failed.value = here; });
    return () => {
      here = false;
      editor.current?.destroy();
      editor.current = undefined;
      table.notes.close(card.id);
    };
  }, [card.id, tries.value]);

  return (
    <div class="note-editor" data-editor={writing.value ? "ready" : "loading"}>
      <Toolbar ready={writing.value !== undefined} onUse={(tool) => editor.current?.use(tool)} />
      <SpellingState own={card.kind === "words"} />
      <div class="paper" ref={host} translate={false} />
      {!writing.value && !failed.value && <p class="soft" role="status">{t("editor.loading")}</p>}
      {failed.value && (
        <div class="notice" role="alert">
          <p>{t("editor.failed")}</p>
          <button type="button" class="btn" data-act="retry-editor" onClick={() => { tries.value += 1; }}>{t("editor.retry")}</button>
        </div>
      )}
      <p id="editor-keys" class="visually-hidden">{t("editor.keys")}</p>
      <div role="status">{kept.value && <p class="notice" data-kept={kept.value}>{t(`editor.kept.${kept.value}`)}</p>}</div>
      <WordingHints texts={[text.value]} kind={card.kind} spelling={{ misspelt, respell: (word, instead) => editor.current?.respell(word, instead) }} />
      <div class="row under">
        {writing.value && <Stored writing={writing.value} />}
        <Along card={card.id} />
        <Size text={text.value} />
        <button type="button" class="btn" data-act="read" onClick={onLeave}>{t("editor.read")}</button>
      </div>
      <NamingWarning texts={[card.title.body, text.value]} person={card.person} class={card.class} named={card.named} />
    </div>
  );
}
