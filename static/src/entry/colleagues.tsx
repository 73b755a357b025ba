// While "@" and a name are typed: the colleagues who may be meant, as a listbox
// of the field.
import { useSignal, type Signal } from "@preact/signals";
import { useTable, type Table } from "../state/table.ts";
import { t } from "../words/words.ts";
import { completions, type Colleague } from "./line.ts";

interface Colleagues {
  all: Colleague[];
  /** Who may be meant now; nobody once the list was put away. */
  meant: Colleague[];
  /** Which of them is picked with Enter. */
  at: Signal<number>;
  combobox: (list: string) => Record<string, unknown>;
  onKey: (event: KeyboardEvent, pick: (colleague: Colleague) => void) => void;
}

export function useColleagues(table: Table, text: Signal<string>): Colleagues {
  const at = useSignal(0), away = useSignal("");
  const all = colleaguesOf(table);
  const meant = away.value === text.value && text.value !== "" ? [] : completions(text.value, all);
  return {
    all, meant, at,
    combobox: (list) => ({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": meant.length > 0, "aria-controls": list,
      ...(meant.length > 0 && { "aria-activedescendant": `${list}-${Math.min(at.value, meant.length - 1)}` }),
    }),
    onKey(event, pick) {
      if (meant.length === 0 || event.isComposing) return;
      const chosen = meant[Math.min(at.value, meant.length - 1)];
      if (event.key === "ArrowDown") at.value = (at.value + 1) % meant.length;
      else if (event.key === "ArrowUp") at.value = (at.value + meant.length - 1) % meant.length;
      else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && chosen) pick(chosen);
      else if (event.key === "Escape") away.value = text.value;
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}

/** The others at this table; who shares a name is told apart by role. */
function colleaguesOf(table: Table): Colleague[] {
  const others = (table.model.value?.team ?? []).filter((member) => !member.ended && member.user !== table.me.value?.user);
  const twice = (name: string) => others.filter((member) => member.name.toLocaleLowerCase() === name.toLocaleLowerCase()).length > 1;
  return others.map((member) => ({ user: member.user, label: twice(member.name) ? t("readers.member", { name: member.name, role: t(`role.${member.role}`) }) : member.name }));
}

export function ColleagueList({ id, colleagues, onPick }: { id: string; colleagues: Colleagues; onPick: (colleague: Colleague) => void }) {
  const table = useTable();
  const { meant, at } = colleagues;
  return (
    <ul class="colleagues" id={id} role="listbox" aria-label={t("entry.colleagues")} hidden={meant.length === 0}>
      {meant.map((colleague, i) => (
        <li key={colleague.user} id={`${id}-${i}`} role="option" aria-selected={i === Math.min(at.value, meant.length - 1)} data-colleague={colleague.user} translate={false}
          onPointerDown={(event) => event.preventDefault()} onClick={() => onPick(colleague)}>
          {colleague.label} <small>{t(`role.${table.member(colleague.user)?.role ?? "none"}`)}</small>
        </li>
      ))}
    </ul>
  );
}
