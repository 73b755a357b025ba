// A new card: a draft of its author's own, with who would read it on the table.
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { Dialog, DialogForm } from "../dialog/dialog.tsx";
import { TextArea, TextField } from "../dialog/field.tsx";
import { about, type Stance } from "../entry/stance.ts";
import type { Class, Domain, Kind, Seen } from "../protocol.ts";
import { ReadersPreview, useReaders } from "../readers/readers.tsx";
import { useDeed } from "../state/deed.ts";
import { firstClass, startPerspective } from "../state/rights.ts";
import { useTable } from "../state/table.ts";
import { WordingHints } from "../wording/wording-hints.tsx";
import { t } from "../words/words.ts";
import { ClassField, DomainField, KindField, NamedField, namedIn, PerspectiveField, SeenField } from "./card-fields.tsx";

/** stance: what it was to become on the line where it was begun. */
export function NewCardDialog({ column, stance }: { column: string; stance?: Stance | undefined }) {
  const table = useTable();
  const title = table.model.value?.columns.find((c) => c.id === column)?.title;
  return (
    <Dialog title={t("card.new", { column: title || t("column.redacted") })} returnTo={`[data-column="${column}"] [data-act=draft]`}>
      <NewCardForm column={column} stance={stance} />
    </Dialog>
  );
}

function NewCardForm({ column, stance }: { column: string; stance: Stance | undefined }) {
  const table = useTable(), deed = useDeed();
  const key = `new.${column}.`;
  const restored = useMemo(() => table.typed.dirty(key), [key]);
  const { title, text } = useMemo(() => ({ title: table.typed.begin(`${key}title`).text, text: table.typed.begin(`${key}text`).text }), [key]);
  const person = useSignal(stance ? stance.person ?? "" : startPerspective(table.rights.peek(), table.forward.peek()));
  const cardClass = useSignal<Class>("confidential");
  const kind = useSignal<Kind>(stance?.kind ?? table.model.peek()?.columns.find((c) => c.id === column)?.kind ?? "fact");
  const domain = useSignal<Domain | "">(""), seen = useSignal<Seen | "">("");
  const named = useSignal<string[]>([]);

  const classes = useComputed(() => table.rights.value?.classesFor(person.value || undefined) ?? []);
  const kinds = useComputed(() => table.rights.value?.kindsFor(person.value || undefined, cardClass.value) ?? []);
  // Another person starts with the class that suits that person.
  useSignalEffect(() => {
    const first = person.value === (stance?.person ?? "") && stance && classes.value.includes(stance.class) ? stance.class
      : firstClass(classes.value, table.person(person.value || undefined));
    if (first) cardClass.value = first;
  });
  useSignalEffect(() => {
    if (!kinds.value.includes(kind.peek()) && kinds.value[0]) kind.value = kinds.value[0];
  });

  const circle = { ...about({ person: person.value || undefined }), class: cardClass.value, ...namedIn(cardClass.value, named.value) };
  const readers = useReaders(circle);

  async function save() {
    const answer = await deed.run("draft_card", {
      column, title: title.value, kind: kind.value, ...circle, ...(text.value && { text: text.value }),
      ...(domain.value && { domain: domain.value }), ...(seen.value && { seen: seen.value }),
    });
    if (!answer.ok) return;
    table.typed.forget(key);
    deed.leave();
  }

  return (
    <DialogForm deed={deed} onSubmit={() => void save()} confirm={t("card.save")} ready={kinds.value.length > 0}
      onDiscard={table.typed.dirty(key) ? () => { table.typed.forget(key); table.show(undefined); } : undefined}>
      <p class="soft">{t("card.new_text")}</p>
      {restored && <p class="notice">{t("typed.kept")}</p>}
      <div class="pair">
        <PerspectiveField value={person} among={table.rights.value?.perspectives() ?? []} />
        <KindField value={kind} among={kinds.value} />
      </div>
      <TextField name="title" label={t("card.title")} value={title} required max={200} autofocus />
      <TextArea name="text" label={`${t("card.text")} (${t("person.optional")})`} value={text} />
      <WordingHints texts={[title.value, text.value]} kind={kind.value} />
      <div class="pair">
        <DomainField value={domain} />
        <SeenField value={seen} />
      </div>
      <ClassField value={cardClass} among={classes.value} />
      {cardClass.value === "named" && <NamedField value={named} />}
      <ReadersPreview readers={readers.value} title={t("readers.draft_title")} />
    </DialogForm>
  );
}
