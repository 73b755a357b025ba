// Lines that were sent and are not cards: they wait for the connection, or were
// refused, with why. Nothing that was typed is lost.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Refusal } from "../refusal/refusal.tsx";
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";
import { stanceWords } from "./stance-fields.tsx";

const soon = 1500; // milliseconds in which an answer mostly comes: a line that waits no longer is not shown as waiting

/** free: the field is empty, so a line can go back into it. */
export function SentLines({ column, free, onTake }: { column: string; free: boolean; onTake: (words: string) => void }) {
  const table = useTable();
  const columns = table.model.value?.columns ?? [];
  const oldest = table.entries.sent.value.find((one) => one.error.value === undefined)?.id;
  const slow = useSignal(false);
  useEffect(() => {
    slow.value = false;
    if (oldest === undefined) return;
    const timer = setTimeout(() => { slow.value = true; }, soon);
    return () => clearTimeout(timer);
  }, [oldest]);
  const waits = table.connection.value === "offline" || slow.value;
  // The lines of a column that is gone stand below the first.
  const mine = table.entries.sent.value.filter((one) => (one.column === column || (columns[0]?.id === column && !columns.some((c) => c.id === one.column)))
    && (one.error.value !== undefined || waits));
  if (mine.length === 0) return null;
  return (
    <ul class="sent-lines" aria-label={t("entry.sent")}>
      {mine.map((one) => (
        <li key={one.id} data-sent={one.error.value ? "refused" : "waiting"}>
          <Refusal error={one.error.value} />
          <span class="words-of" translate={false}>{one.title}</span>
          {!one.error.value && <small class="soft" translate={false}>{t("entry.waiting")} · {stanceWords(table, one.stance, one.asked && table.nameOf(one.asked))}</small>}
          {one.error.value && (
            <div class="row">
              {free && <button type="button" class="btn small" data-act="take-line" onClick={() => { table.entries.drop(one.id); onTake(one.title); }}>{t("entry.take")}</button>}
              <button type="button" class="btn small" data-act="copy-line" onClick={() => void navigator.clipboard.writeText(one.title)}>{t("act.copy")}</button>
              <button type="button" class="btn plain small" data-act="drop-line" onClick={() => table.entries.drop(one.id)}>{t("act.discard")}</button>
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}
