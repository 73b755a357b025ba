// On a phone, within reach of the thumb: which column is in front, the way to
// the next, and a new card in it.
import { ChevronLeft, ChevronRight, Plus } from "lucide";
import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { Icon } from "../icon/icon.tsx";
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";
import "./quick-bar.css";

export function QuickBar({ columns: strip }: { columns: RefObject<HTMLDivElement | null> }) {
  const table = useTable();
  const at = useSignal(0);
  const columns = table.model.value?.columns ?? [];
  useEffect(() => {
    const box = strip.current;
    if (!box) return;
    const look = () => {
      const found = [...box.querySelectorAll<HTMLElement>("[data-column]")].map((column) => Math.abs(column.offsetLeft - box.scrollLeft));
      at.value = Math.max(0, found.indexOf(Math.min(...found)));
    };
    box.addEventListener("scroll", look, { passive: true });
    return () => box.removeEventListener("scroll", look);
  }, []);
  const column = columns[Math.min(at.value, columns.length - 1)];
  if (!column) return null;
  const title = column.title || t("column.redacted");
  const go = (step: number) => {
    const next = columns[at.value + step];
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    if (next) document.querySelector(`[data-column="${next.id}"]`)?.scrollIntoView({ inline: "start", block: "nearest", behavior });
  };
  return (
    <nav class="quick-bar" aria-label={t("quick.label")}>
      <button type="button" class="btn plain" data-act="column-before" aria-label={t("quick.before")} aria-disabled={at.value === 0} onClick={() => go(-1)}><Icon of={ChevronLeft} /></button>
      <p><span class="name" translate={false}>{title}</span><span class="soft small">{t("quick.place", { n: at.value + 1, of: columns.length })}</span></p>
      <button type="button" class="btn plain" data-act="column-after" aria-label={t("quick.after")} aria-disabled={at.value === columns.length - 1} onClick={() => go(1)}><Icon of={ChevronRight} /></button>
      {(table.rights.value?.perspectives().length ?? 0) > 0 && (
        <button type="button" class="btn primary" data-act="quick-draft" aria-label={t("card.add_in", { column: title })}
          onClick={() => table.show({ what: "new-card", column: column.id })}><Icon of={Plus} /> {t("quick.card")}</button>
      )}
    </nav>
  );
}
