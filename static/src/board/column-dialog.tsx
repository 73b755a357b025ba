// Adding a column, and what can be done with one.
import { ChevronLeft, ChevronRight } from "lucide";
import { useSignal, type Signal } from "@preact/signals";
import { Dialog, DialogForm } from "../dialog/dialog.tsx";
import { Select, TextField } from "../dialog/field.tsx";
import { Icon } from "../icon/icon.tsx";
import { kinds, type Column, type Kind } from "../protocol.ts";
import { Refusal } from "../refusal/refusal.tsx";
import { useDeed } from "../state/deed.ts";
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";

const titleLimit = 80;

export function NewColumnDialog() {
  const table = useTable(), deed = useDeed();
  const title = useSignal("");
  const columns = table.model.value?.columns ?? [];
  const after = useSignal(columns.at(-1)?.id ?? "");
  const kind = useSignal<Kind | "">("");
  const save = async () => {
    const answer = await deed.run("add_column", { title: title.value, ...(after.value && { after: after.value }), ...(kind.value && { kind: kind.value }) });
    if (answer.ok) deed.leave();
  };
  return (
    <Dialog title={t("column.new")} returnTo="[data-act=add-column]">
      <DialogForm deed={deed} onSubmit={() => void save()} confirm={t("column.add")}>
        <TextField name="title" label={t("column.name")} value={title} required max={titleLimit} autofocus />
        <Select name="after" label={t("column.place")} value={after.value} content onChange={(v) => { after.value = v; }}
          choices={[{ value: "", label: t("column.first") }, ...columns.map((c) => ({ value: c.id, label: `${t("column.after")} ${c.title}` }))]} />
        <ColumnKindField value={kind} />
      </DialogForm>
    </Dialog>
  );
}

export function ColumnDialog({ id }: { id: string }) {
  const table = useTable();
  const columns = table.model.value?.columns ?? [];
  const column = columns.find((c) => c.id === id);
  const rights = table.rights.value;
  return (
    <Dialog title={column ? t("column.title", { title: column.title || t("column.redacted") }) : t("reason.column_gone")} returnTo={`[data-column="${id}"] [data-act=edit-column]`}>
      {!column && <p data-gone="">{t("reason.column_gone")}</p>}
      {column && rights?.may("columns") && (
        <>
          <RenameForm column={column} />
          <KindForm key={column.kind} column={column} />
          <PlaceButtons column={column} columns={columns} />
          {columns.length > 1 && <RemoveForm column={column} others={columns.filter((c) => c.id !== id)} />}
        </>
      )}
      {column && rights?.may("redact") && column.title && <RedactForm column={column} />}
    </Dialog>
  );
}

function RenameForm({ column }: { column: Column }) {
  const deed = useDeed();
  const title = useSignal(column.title);
  const save = async () => { if ((await deed.run("rename_column", { column: column.id, title: title.value })).ok) deed.leave(); };
  return (
    <section data-form="rename-column">
      <DialogForm deed={deed} onSubmit={() => void save()} confirm={t("column.rename")}>
        <TextField name="title" label={t("column.name")} value={title} required max={titleLimit} autofocus />
      </DialogForm>
    </section>
  );
}

function KindForm({ column }: { column: Column }) {
  const deed = useDeed();
  const kind = useSignal<Kind | "">(column.kind ?? "");
  const save = async () => { if ((await deed.run("label_column", { column: column.id, ...(kind.value && { kind: kind.value }) })).ok) deed.leave(); };
  return (
    <section data-form="label-column">
      <DialogForm deed={deed} onSubmit={() => void save()} confirm={t("column.kind_save")} tone="plain"><ColumnKindField value={kind} /></DialogForm>
    </section>
  );
}

/** What new cards in a column mostly are. */
function ColumnKindField({ value }: { value: Signal<Kind | ""> }) {
  return <Select name="kind" label={t("column.kind")} hint={t("column.kind_hint")} value={value.value} onChange={(v) => { value.value = v; }}
    choices={[{ value: "", label: t("column.kind_any") }, ...kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))]} />;
}

function PlaceButtons({ column, columns }: { column: Column; columns: Column[] }) {
  const deed = useDeed();
  const at = columns.indexOf(column);
  const move = (after: Column | undefined) => void deed.run("move_column", { column: column.id, ...(after && { after: after.id }) });
  return (
    <section data-form="move-column" aria-label={t("column.place")}>
      <div class="row">
        <button type="button" class="btn" data-act="column-left" disabled={at <= 0} onClick={() => move(columns[at - 2])}><Icon of={ChevronLeft} /> {t("column.left")}</button>
        <button type="button" class="btn" data-act="column-right" disabled={at >= columns.length - 1} onClick={() => move(columns[at + 1])}>{t("column.right")} <Icon of={ChevronRight} /></button>
      </div>
      <Refusal error={deed.error.value} />
    </section>
  );
}

function RemoveForm({ column, others }: { column: Column; others: Column[] }) {
  const deed = useDeed();
  const to = useSignal(others[0]?.id ?? "");
  const target = others.find((c) => c.id === to.value);
  const sure = t("column.remove_sure", { to: target?.title || t("column.redacted") });
  const save = async () => { if ((await deed.run("remove_column", { column: column.id, to: to.value })).ok) deed.leave(); };
  return (
    <section data-form="remove-column">
      <h3>{t("column.remove")}</h3>
      <DialogForm deed={deed} onSubmit={() => void save()} confirm={t("column.remove")} tone="danger" sure={sure}>
        <p class="soft">{t("column.remove_text")}</p>
        <Select name="to" label={t("column.remove_to")} value={to.value} content onChange={(v) => { to.value = v; }}
          choices={others.map((c) => ({ value: c.id, label: c.title || t("column.redacted") }))} />
      </DialogForm>
    </section>
  );
}

function RedactForm({ column }: { column: Column }) {
  const deed = useDeed();
  const save = async () => { if ((await deed.run("redact", { column: column.id })).ok) deed.leave(); };
  return (
    <section data-form="redact-column">
      <h3>{t("column.redact")}</h3>
      <DialogForm deed={deed} onSubmit={() => void save()} confirm={t("column.redact")} tone="danger"><p class="soft">{t("column.redact_text")}</p></DialogForm>
    </section>
  );
}
