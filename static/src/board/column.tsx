import { Pencil } from "lucide";
import { CardFace } from "../card/face.tsx";
import { EntryLine } from "../entry/entry-line.tsx";
import { Icon } from "../icon/icon.tsx";
import { useDropColumn } from "../move/drag.tsx";
import type { Column as ColumnOf } from "../protocol.ts";
import { onBoard } from "../state/model.ts";
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";

export function Column({ column }: { column: ColumnOf }) {
  const table = useTable();
  const self = useDropColumn(column.id);
  const model = table.moves.shown.value, waiting = table.moves.waiting.value, rights = table.rights.value;
  if (!model || !rights) return null;
  const all = onBoard(model, column.id), shown = new Set(all.filter((card) => table.sift.shows(card)));
  const forward = table.person(table.forward.value)?.id;
  const title = column.title || t("column.redacted");
  // Columns of one name are told apart by their place, where nobody sees it.
  const twin = model.columns.filter((other) => other.title === column.title).length > 1;
  const place = twin ? ` ${t("column.twin", { n: model.columns.indexOf(column) + 1 })}` : "";
  const heading = `column-${column.id}`;
  return (
    <section class="column" ref={self} aria-labelledby={heading} data-column={column.id}>
      <header>
        <h2 id={heading}><span translate={false}>{title}</span>{twin && <span class="visually-hidden">{place}</span>} <span class="soft" data-count="">{table.sift.on.value ? t("filter.of", { n: shown.size, all: all.length }) : all.length}</span></h2>
        {(rights.may("columns") || rights.may("redact")) && (
          <button type="button" class="btn plain small" data-act="edit-column" aria-label={t("column.edit", { title: title + place })} title={t("column.edit", { title })}
            onClick={() => table.show({ what: "column", column: column.id })}><Icon of={Pencil} /></button>
        )}
      </header>
      <div class="cards">
        {all.map((card) => <CardFace key={card.id} card={card} dim={forward !== undefined && card.person !== forward} hidden={!shown.has(card)} outside={table.sift.outside(card)} saving={waiting.has(card.id)} />)}
        {shown.size === 0 && <p class="soft empty">{t(all.length === 0 ? "column.empty" : "filter.column_empty")}</p>}
      </div>
      {(rights.perspectives().length > 0 || table.entries.begun(column.id)) && <EntryLine column={column} />}
    </section>
  );
}
