// Single keys for those who know them, the list of them, and the way to turn
// them off.
import { Keyboard } from "lucide";
import { useEffect } from "preact/hooks";
import { Dialog } from "../dialog/dialog.tsx";
import { Icon } from "../icon/icon.tsx";
import { called, useTable, type Table } from "../state/table.ts";
import { t, type Key } from "../words/words.ts";
import { nextPerson, shortcutOf, type Shortcut } from "./keys.ts";

/** Listens for the keys while no dialog is open. */
export function Shortcuts() {
  const table = useTable();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || table.open.peek() !== undefined || !table.model.peek() || document.querySelector("dialog[open]")) return;
      const shortcut = shortcutOf(event, isField(event.target));
      // Who turned the keys off still finds the list by its button.
      if (!shortcut || !table.shortcuts.peek()) return;
      event.preventDefault();
      take(table, shortcut);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [table]);
  return null;
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"));
}

function take(table: Table, shortcut: Shortcut): void {
  const family = (table.model.peek()?.family ?? []).filter((person) => !person.removed).map((person) => person.id);
  switch (shortcut.do) {
    case "new": {
      const here = document.activeElement?.closest("[data-column]");
      (here?.querySelector<HTMLElement>("[name=line]") ?? document.querySelector<HTMLElement>("[data-column] [name=line]"))?.focus();
      break;
    }
    case "next-person": bring(table, nextPerson(family, table.forward.peek())); break;
    case "person": {
      const person = family[shortcut.at];
      if (person !== undefined) bring(table, person === table.forward.peek() ? undefined : person);
      break;
    }
    case "filter": document.querySelector<HTMLElement>("[data-filters] :is(button, input, select, summary)")?.focus(); break;
    case "undo": document.querySelector<HTMLElement>("[data-act=undo]")?.click(); break;
    case "blank": document.querySelector<HTMLElement>("[data-act=blank-screen]")?.click(); break;
    case "help": table.show({ what: "shortcuts" }); break;
  }
}

// The focus stays where it is, so it is said who came forward.
function bring(table: Table, id: string | undefined): void {
  table.forward.value = id;
  const person = table.person(id);
  table.tell(person ? t("shortcuts.forward", { name: called(person) }) : t("shortcuts.nobody"));
}

export function ShortcutsButton() {
  const table = useTable();
  return <button type="button" class="btn plain" data-act="shortcuts" title={t("shortcuts.open")} onClick={() => table.show({ what: "shortcuts" })}><Icon of={Keyboard} /> <span class="wide">{t("shortcuts.open")}</span></button>;
}

const rows: [string[], Key][] = [
  [["n"], "shortcuts.new"], [["f"], "shortcuts.next_person"], [["1", "9"], "shortcuts.person"], [["/"], "shortcuts.filter"],
  [["u"], "shortcuts.undo"], [["b"], "shortcuts.blank"], [["?"], "shortcuts.help"], [["Esc"], "shortcuts.escape"], [["Enter"], "shortcuts.enter"], [["@"], "shortcuts.at"], [["e"], "shortcuts.write"],
];

export function ShortcutsDialog() {
  const table = useTable();
  return (
    <Dialog title={t("shortcuts.title")} returnTo="[data-act=shortcuts]">
      <p class="soft">{t("shortcuts.lead")}</p>
      <table class="shortcut-table">
        <thead><tr><th scope="col">{t("shortcuts.key")}</th><th scope="col">{t("shortcuts.does")}</th></tr></thead>
        <tbody>
          {rows.map(([keys, does]) => (
            <tr key={does}>
              <th scope="row">{keys.map((key, i) => <>{i > 0 && " – "}<kbd>{key}</kbd></>)}</th>
              <td>{t(does)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div class="field checks">
        <label><input type="checkbox" name="shortcuts-on" checked={table.shortcuts.value} onChange={(event) => { table.shortcuts.value = event.currentTarget.checked; }} /> {t("shortcuts.on")}</label>
        <small>{t("shortcuts.on_hint")}</small>
      </div>
      {table.spelling.licences && <p class="soft small"><a href={table.spelling.licences} target="_blank" rel="noopener">{t("spelling.licences")}</a></p>}
    </Dialog>
  );
}
