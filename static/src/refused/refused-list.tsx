// What could not be done any more, with the words to keep. Of what I may not see
// now only my own words are shown.
import { X } from "lucide";
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { Icon } from "../icon/icon.tsx";
import { code } from "../ids.ts";
import { useTable, type Table } from "../state/table.ts";
import { Rule } from "../refusal/refusal.tsx";
import { count, t, tOr } from "../words/words.ts";
import type { Refused } from "./refused.ts";
import "./refused.css";

export function RefusedList() {
  const table = useTable();
  const shown = table.refused.shown.value;
  const heading = useId();
  const words = shown.map((one) => wordsOf(table, one)).filter((text) => text !== "");
  return (
    <>
      <p class="visually-hidden" role="alert">{shown.length > 0 && count("refused.said", shown.length)}</p>
      {shown.length > 0 && (
        <section class="refused" data-refused={shown.length} aria-labelledby={heading}>
          <header>
            <h2 id={heading} tabIndex={-1}>{t("refused.title")}</h2>
            {words.length > 1 && <Copy text={words.join("\n\n")} act="copy-all" label={t("refused.copy_all")} />}
            {shown.length > 1 && <button type="button" class="btn small" data-act="dismiss-all" onClick={() => leave(() => table.refused.clear())}>{t("refused.dismiss_all")}</button>}
          </header>
          <ol>{shown.map((one) => <Item key={one.message.id} one={one} />)}</ol>
        </section>
      )}
    </>
  );
}

function Item({ one }: { one: Refused }) {
  const table = useTable();
  const words = wordsOf(table, one), what = whatOf(table, one);
  return (
    <li data-refused-command={one.message.cmd} data-reason={one.error?.reason}>
      <div class="what">
        <p><strong translate={false}>{what}</strong> {one.follows && t("refused.follows")} {tOr(`reason.${one.error?.reason}`, "reason.other")}</p>
        {one.error?.why && <Rule rule={one.error.rule} why={one.error.why} />}
        {words && <blockquote translate={false}>{words}</blockquote>}
      </div>
      {words && <Copy text={words} act="copy" label={t("act.copy")} about={what} />}
      <button type="button" class="btn plain small" data-act="dismiss" aria-label={`${t("refused.dismiss")}: ${what}`} title={t("refused.dismiss")} onClick={() => leave(() => table.refused.drop(one.message.id))}><Icon of={X} /></button>
    </li>
  );
}

function Copy({ text, act, label, about = "" }: { text: string; act: string; label: string; about?: string }) {
  const copied = useSignal(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    copied.value = true;
  };
  return (
    <button type="button" class="btn small" data-act={act} onClick={() => void copy()}>
      <span aria-live="polite">{copied.value ? t("act.copied") : label}</span>{about && <span class="visually-hidden">: {about}</span>}
    </button>
  );
}

/** Dismissing takes the pressed button away: focus goes on to the list, or to the top of the page. */
function leave(dismiss: () => void): void {
  dismiss();
  setTimeout(() => (document.querySelector<HTMLElement>("[data-refused] h2") ?? document.querySelector<HTMLElement>("h1"))?.focus());
}

/** What was tried, and on which card if I still see it. */
function whatOf(table: Table, one: Refused): string {
  const on = one.message.with as { card?: string };
  const card = on.card === undefined ? undefined : table.card(on.card);
  const did = tOr(`refused.did.${one.message.cmd}`, "refused.did.other");
  return card ? `${did} (${code(card.id)})` : did;
}

/** Everything typed while I may still read what it was typed over, else my own words alone. */
function wordsOf(table: Table, one: Refused): string {
  return (readable(table, one) ? one.typed : one.own).join("\n");
}

function readable(table: Table, { message }: Refused): boolean {
  switch (message.cmd) {
    case "retitle_card": case "edit_card": {
      const card = table.card(message.with.card);
      return card !== undefined && !card.title.redacted && !card.text.redacted;
    }
    case "change_person": {
      const person = table.person(message.with.person);
      return person !== undefined && !person.redacted;
    }
    case "rename_case": case "rename_column": return false; // the whole name counts as typed over another
    default: return true;
  }
}
