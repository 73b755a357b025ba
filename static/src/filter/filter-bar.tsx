// Quick filters above the columns: a menu of choices per facet, how many cards
// are shown, and the way back to all of them.
import { ChevronDown, ListFilter } from "lucide";
import { useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import { Icon } from "../icon/icon.tsx";
import { called, useTable, type Table } from "../state/table.ts";
import { count, t, tOr } from "../words/words.ts";
import { facets, options, unsaid, type Facet } from "./filter.ts";
import "./filter.css";

export function FilterBar() {
  const table = useTable();
  const open = useSignal<Facet | undefined>(undefined);
  const self = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!open.value) return;
    const away = (event: Event) => { if (!(event.target instanceof Node && self.current?.contains(event.target))) open.value = undefined; };
    document.addEventListener("pointerdown", away);
    document.addEventListener("focusin", away);
    return () => {
      document.removeEventListener("pointerdown", away);
      document.removeEventListener("focusin", away);
    };
  }, [open.value]);
  return (
    <section class="filters" aria-label={t("filter.label")} data-filters="" ref={self}>
      <div class="facets">
        <Icon of={ListFilter} />
        {facets.map((facet) => <FacetMenu key={facet} facet={facet} open={open.value === facet} onToggle={() => { open.value = open.value === facet ? undefined : facet; }} />)}
        {table.sift.on.value && (
          <button type="button" class="btn small" data-act="show-all" onClick={() => { open.value = undefined; table.sift.showAll(); }}>{t("filter.show_all")}</button>
        )}
      </div>
      <Shown />
    </section>
  );
}

/** How many of the cards are shown; called out only while something is filtered. */
function Shown() {
  const { sift } = useTable();
  const all = sift.cards.value.length, on = sift.on.value;
  const words = on ? t("filter.shown", { n: sift.shown.value, cards: count("family.cards", all) }) : count("family.cards", all);
  const kept = on && sift.cards.value.some((card) => sift.outside(card));
  return (
    <p class="shown" data-shown="">
      <span role="status">{on && words}</span>
      {!on && words}
      {kept && <span class="kept"> · {t("filter.kept")}</span>}
    </p>
  );
}

function FacetMenu({ facet, open, onToggle }: { facet: Facet; open: boolean; onToggle: () => void }) {
  const table = useTable();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useId();
  const chosen = table.sift.filter.value[facet];
  const words = chosen.length === 0 ? t(`filter.${facet}`) : chosen.length === 1 ? labelOf(table, facet, chosen[0]!) : t("filter.several", { what: t(`filter.${facet}`), n: chosen.length });
  const escape = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !open) return;
    event.stopPropagation();
    onToggle();
    button.current?.focus();
  };
  return (
    <div class="facet" onKeyDown={escape}>
      <button type="button" ref={button} class={chosen.length > 0 ? "btn small chosen" : "btn small"} data-filter={facet} aria-expanded={open} aria-controls={menu}
        aria-label={chosen.length > 0 ? `${t(`filter.${facet}`)}: ${chosen.map((value) => labelOf(table, facet, value)).join(", ")}` : undefined} onClick={onToggle}>
        <span class="facet-name" translate={facet !== "person"}>{words}</span> <Icon of={ChevronDown} />
      </button>
      <div id={menu} class="menu" role="group" aria-label={t(`filter.${facet}`)} hidden={!open}>
        {open && <Options facet={facet} />}
      </div>
    </div>
  );
}

function Options({ facet }: { facet: Facet }) {
  const table = useTable();
  const family = table.model.value?.family ?? [];
  const all = options(table.sift.filter.value, facet, table.sift.cards.value, family);
  if (all.length === 0) return <p class="soft">{t("filter.none")}</p>;
  return (
    <div class="checks">
      {all.map(({ value, cards, chosen }) => (
        <label key={value}>
          <input type="checkbox" data-option={value || "unsaid"} checked={chosen} onChange={() => table.sift.toggle(facet, value)} />
          <span class="option" translate={facet !== "person"}>{labelOf(table, facet, value)}</span>
          <span class="soft small" aria-hidden="true">{cards}</span><span class="visually-hidden">, {count("family.cards", cards)}</span>
        </label>
      ))}
    </div>
  );
}

function labelOf(table: Table, facet: Facet, value: string): string {
  switch (facet) {
    case "person": {
      const person = table.person(value);
      return person ? called(person) : t("view.professional");
    }
    case "kind": return tOr(`kind.${value}`, "filter.other");
    case "class": return tOr(`class.${value}`, "filter.other");
    case "discipline": return tOr(`role.${value}`, "filter.other");
    case "domain": return value === unsaid ? t("card.unsaid") : tOr(`domain.${value}`, "filter.other");
  }
}
