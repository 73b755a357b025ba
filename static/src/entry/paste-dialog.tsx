// Pasted lines, to be looked at before each of them is a draft.
import { X } from "lucide";
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Dialog } from "../dialog/dialog.tsx";
import { Icon } from "../icon/icon.tsx";
import { Refusal } from "../refusal/refusal.tsx";
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";
import { groundOf } from "./ground.ts";
import type { PastedLine } from "./entries.ts";
import { settle } from "./held.ts";
import { StanceFields } from "./stance-fields.tsx";
import type { Stance } from "./stance.ts";

export function PasteDialog({ column }: { column: string }) {
  const table = useTable();
  const busy = useSignal(false), notice = useSignal("");
  const chosen = useSignal<Stance | undefined>(undefined);
  const body = useRef<HTMLDivElement>(null);
  const ground = groundOf(table);
  const kind = table.model.value?.columns.find((c) => c.id === column)?.kind;
  const begin = table.entries.held(column).peek();
  const now = ground && settle(ground, chosen.value ? { stance: chosen.value, forward: table.forward.value, byHand: true } : begin, table.forward.value, kind, true);
  const lines = table.entries.pasted.value?.lines ?? [];

  async function save() {
    if (!now || busy.value) return;
    if (now.shifted) {
      chosen.value = now.stance;
      notice.value = t("entry.shifted");
      return;
    }
    busy.value = true;
    notice.value = "";
    const made = await table.entries.draft(now.stance);
    busy.value = false;
    const left = table.entries.pasted.peek() !== undefined;
    if (!left) table.tell(t("paste.made", { n: made }));
    const here = table.open.peek();
    if (here?.what !== "paste") return;
    if (left) notice.value = t("paste.left", { n: made });
    else table.show(undefined);
  }

  const remove = (line: PastedLine, at: number) => {
    table.entries.take(line.id);
    // The focus goes to the line that came in its place.
    requestAnimationFrame(() => {
      const rest = body.current?.querySelectorAll<HTMLElement>("[data-act=remove-line]");
      (rest?.[Math.min(at, rest.length - 1)] ?? body.current?.querySelector<HTMLElement>("[data-act=close-paste]"))?.focus();
    });
  };
  return (
    <Dialog title={t("paste.title")} returnTo={`[data-entry="${column}"] input`}>
      <form class="stack" ref={body as never} autocomplete="off" onSubmit={(event) => { event.preventDefault(); void save(); }}>
        <p class="soft">{t(lines.length > 0 ? "paste.lead" : "paste.none")}</p>
        <ol class="pasted-lines">
          {lines.map((line, i) => (
            <li key={line.id} data-pasted="">
              <input type="text" class="pasted" spellcheck={false} translate={false} autocomplete="off" dir="auto" aria-label={t("paste.line", { n: i + 1 })} value={line.title.value} maxLength={300}
                aria-invalid={line.error.value !== undefined} onInput={(event) => { line.title.value = event.currentTarget.value; }} />
              <button type="button" class="btn plain small" data-act="remove-line" aria-label={t("paste.remove", { n: i + 1 })} title={t("paste.remove", { n: i + 1 })} onClick={() => remove(line, i)}><Icon of={X} /></button>
              {line.text.value && <small class="soft">{t("paste.long")}</small>}
              <Refusal error={line.error.value} />
            </li>
          ))}
        </ol>
        {now && lines.length > 0 && (
          <StanceFields stance={now.stance} onChange={(stance) => { chosen.value = stance; }} />
        )}
        {!now && <p class="notice">{t("entry.nothing")}</p>}
        <div role="status">{notice.value && <p class="notice">{notice.value}</p>}</div>
        {busy.value && table.connection.value === "offline" && <p class="notice" role="status">{t("connection.offline")}</p>}
        <div class="row actions">
          {lines.length > 0 && (
            <button type="submit" class="btn primary" data-act="confirm" disabled={!now} aria-disabled={busy.value}>
              {busy.value ? t("act.sending") : lines.length === 1 ? t("paste.confirm_one") : t("paste.confirm", { n: lines.length })}
            </button>
          )}
          <button type="button" class="btn" data-act="close-paste" onClick={() => { table.entries.unlay(); table.show(undefined); }}>{t("act.discard")}</button>
        </div>
      </form>
    </Dialog>
  );
}
