// One line below a column: type, Enter, and it is a card that only I see. Below
// it stands in one sentence what it becomes. "@Daan: ..." writes for a colleague.
import { PanelTopOpen } from "lucide";
import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useId, useMemo, useRef } from "preact/hooks";
import { Icon } from "../icon/icon.tsx";
import type { Class, Column } from "../protocol.ts";
import { NamingWarning } from "../naming/naming-warning.tsx";
import { useReaders } from "../readers/readers.tsx";
import { useTable } from "../state/table.ts";
import { WordingHints } from "../wording/wording-hints.tsx";
import { again } from "../words/again.ts";
import { t } from "../words/words.ts";
import { ColleagueList, useColleagues } from "./colleagues.tsx";
import { groundOf } from "./ground.ts";
import { settle } from "./held.ts";
import { complete, readLine } from "./line.ts";
import { linesOf, mostLines } from "./paste.ts";
import { SentLines } from "./sent-lines.tsx";
import { about, askedClass, askedClasses, type Stance } from "./stance.ts";
import { StanceFields, stanceWords } from "./stance-fields.tsx";
import "./entry.css";

const longest = 300; // characters of the field: a title, and for whom it is

export function EntryLine({ column }: { column: Column }) {
  const table = useTable();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const text = useMemo(() => table.entries.text(column.id), [column.id]);
  const held = table.entries.held(column.id);
  const active = useSignal(false), choosing = useSignal(false), problem = useSignal(""), done = useSignal("");
  const circle = useSignal<Class | undefined>(undefined); // chosen for a colleague
  const colleagues = useColleagues(table, text);
  const busy = active.value || text.value !== "";

  // Held from the first character on, and looked at anew when the table changes.
  useSignalEffect(() => {
    const ground = groundOf(table), typing = text.value !== "";
    if (!ground || !(active.value || typing || held.peek())) return;
    const forward = table.forward.value;
    const now = settle(ground, held.peek(), forward, column.kind, typing);
    if (now !== held.peek() && JSON.stringify(now) !== JSON.stringify(held.peek())) held.value = now;
  });
  useEffect(() => () => {
    const model = table.model.peek();
    if (model && !model.columns.some((other) => other.id === column.id)) table.entries.orphan(column.id, text.peek());
  }, [column.id]);

  const now = held.value;
  const line = readLine(text.value, colleagues.all);
  const asked = line.what === "asked" ? line.colleague : undefined;
  const stance = now && (asked ? { ...now.stance, class: circle.value ?? askedClass(table.person(now.stance.person), table.member(asked.user)) } : now.stance);
  const readers = useReaders(asked && stance ? { ...about(stance), class: stance.class } : undefined).value;
  const blind = asked !== undefined && readers !== undefined && !readers.error && !readers.can.includes(asked.user);

  const changed = (words: string) => { text.value = words; problem.value = ""; colleagues.at.value = 0; };
  const pick = (label: string) => { changed(label); field.current?.focus(); };

  function submit() {
    const ground = groundOf(table), checked = ground && settle(ground, held.peek(), table.forward.peek(), column.kind, true);
    if (line.what === "empty") return;
    if (line.what === "unclear") { problem.value = t("entry.unclear"); return; }
    if (!checked || !stance) { problem.value = t("entry.nothing"); return; }
    if (checked.shifted) {
      const { shifted: _seen, ...seen } = checked;
      held.value = seen;
      problem.value = t("entry.again");
      return;
    }
    if (asked && blind) { problem.value = t("entry.blind", { name: asked.label }); return; }
    if (line.title === "") { problem.value = t("reason.title_empty"); return; }
    done.value = "";
    const becomes: Stance = asked ? stance : checked.stance;
    void table.entries.send(column.id, { title: line.title, text: "" }, becomes, asked?.user).then((ok) => {
      if (!ok) return;
      const words = asked ? t("entry.asked_made", { name: asked.label }) : t("entry.made");
      done.value = again(done.peek(), words);
      bringIntoView(ok);
    });
    changed("");
    circle.value = undefined;
    if (!checked.byHand) held.value = undefined;
  }

  function paste(event: ClipboardEvent) {
    const lines = linesOf(event.clipboardData?.getData("text/plain") ?? "");
    if (lines.length < 2) return;
    event.preventDefault();
    if (lines.length > mostLines) { problem.value = t("paste.too_many", { n: lines.length, most: mostLines }); return; }
    problem.value = "";
    table.entries.lay(column.id, lines);
    table.show({ what: "paste", column: column.id });
  }

  function full() {
    if (line.what === "card") {
      const title = table.typed.begin(`new.${column.id}.title`).text;
      if (title.peek() === "") { title.value = line.title; changed(""); }
    }
    table.show({ what: "new-card", column: column.id, ...(now && { stance: now.stance }) });
    held.value = undefined;
  }

  const title = column.title || t("column.redacted");
  const laid = table.entries.pasted.value;
  // Not for its button: what opens then would move that away under the press.
  return (
    <div class="entry" data-entry={column.id} onFocusIn={(event) => { if (event.target === field.current) active.value = true; }}
      onFocusOut={(event) => { if (!event.currentTarget.contains(event.relatedTarget as Node | null)) active.value = false; }}>
      <SentLines column={column.id} onTake={(words) => { changed(words); field.current?.focus(); }} free={text.value === ""} />
      {laid?.column === column.id && table.open.value === undefined && (
        <button type="button" class="btn small" data-act="paste" onClick={() => table.show({ what: "paste", column: column.id })}>{t("paste.open", { n: laid.lines.length })}</button>
      )}
      <form class="line-form" autocomplete="off" onSubmit={(event) => { event.preventDefault(); submit(); }}>
        <input ref={field} name="line" type="text" spellcheck={false} translate={false} autocomplete="off" enterkeyhint="done" maxLength={longest}
          aria-label={t("entry.label", { column: title })} placeholder={t("entry.placeholder")} value={text.value} dir="auto"
          aria-describedby={busy ? `${id}-becomes ${id}-problem` : undefined} {...colleagues.combobox(`${id}-list`)}
          onInput={(event) => changed(event.currentTarget.value)} onPaste={paste}
          onKeyDown={(event) => colleagues.onKey(event, (colleague) => pick(complete(colleague)))} />
        <button type="button" class="btn plain small" data-act="draft" aria-label={t("entry.full_in", { column: title })} title={t("entry.full_in", { column: title })} onClick={full}><Icon of={PanelTopOpen} /></button>
      </form>
      <ColleagueList id={`${id}-list`} colleagues={colleagues} onPick={(colleague) => pick(complete(colleague))} />
      <div role="alert" id={`${id}-problem`}>
        {busy && !stance && <p class="notice small" data-nothing="">{t("entry.nothing")}</p>}
        {now?.shifted && <p class="notice small" data-shifted="">{t("entry.shifted")}</p>}
        {problem.value && <p class="notice small" data-problem="">{problem.value}</p>}
      </div>
      {busy && stance && line.what !== "empty" && <WordingHints texts={[text.value]} kind={stance.kind} />}
      {line.what === "asked" && stance && <NamingWarning texts={[line.title]} person={stance.person} class="named" named={[line.colleague.user]} />}
      {busy && stance && (
        <button type="button" class="link small becomes" id={`${id}-becomes`} data-act="stance" aria-expanded={choosing.value} onClick={() => { choosing.value = !choosing.value; }}>
          <span translate={false}>{stanceWords(table, stance, asked?.label)}</span>
        </button>
      )}
      {busy && stance && column.kind && stance.kind !== column.kind && !now?.byHand && <p class="soft small" data-instead="">{t("entry.instead", { kind: t(`kind.${column.kind}`), becomes: t(`kind.${stance.kind}`) })}</p>}
      {busy && stance && choosing.value && (
        <StanceFields stance={stance} {...(asked && { classes: askedClasses })}
          onChange={(chosen) => {
            if (asked) circle.value = chosen.class;
            held.value = { stance: asked ? { ...chosen, class: now?.stance.class ?? chosen.class } : chosen, forward: table.forward.peek(), byHand: true };
          }}
          onClose={() => { choosing.value = false; field.current?.focus(); }} />
      )}
      <p class="visually-hidden" role="status" data-made="">{done.value}</p>
    </div>
  );
}

/** A new card is last in its column, where it may be out of sight. */
function bringIntoView(card: string): void {
  requestAnimationFrame(() => document.querySelector(`[data-card="${card}"]`)?.scrollIntoView({ block: "nearest", inline: "nearest" }));
}
