// Adding, changing, reclassing and removing a person of the family.
import { useSignal, type Signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { CustodyForm } from "../consent/custody-form.tsx";
import { concerns, PersonConsent } from "../consent/person-consent.tsx";
import { Dialog, DialogForm } from "../dialog/dialog.tsx";
import { Select, TextField } from "../dialog/field.tsx";
import { personClasses, personKinds, type Person, type PersonClass, type PersonKind } from "../protocol.ts";
import { ReadersPreview, shown, useReaders } from "../readers/readers.tsx";
import { useDeed } from "../state/deed.ts";
import type { Rights } from "../state/rights.ts";
import { called, useTable } from "../state/table.ts";
import { list, t } from "../words/words.ts";

export function NewPersonDialog() {
  const table = useTable(), deed = useDeed();
  const key = "new-person.";
  const name = useMemo(() => table.typed.begin(`${key}name`).text, []), calls = useMemo(() => table.typed.begin(`${key}calls`).text, []);
  const born = useSignal("");
  const rights = table.rights.value;
  const kinds = personKinds.filter((k) => personClasses.some((c) => rights?.mayAddPerson(k, c)));
  const kind = useSignal<PersonKind>(kinds[0] ?? "child"), personClass = useSignal<PersonClass>("shared");
  const classes = personClasses.filter((c) => rights?.mayAddPerson(kind.value, c));
  useEffect(() => { if (!classes.includes(personClass.value) && classes[0]) personClass.value = classes[0]; }, [kind.value]);
  const readers = useReaders({ kind: kind.value, class: personClass.value }).value;
  const save = async () => {
    const answer = await deed.run("add_person", { kind: kind.value, class: personClass.value, ...named(name, calls, born) });
    if (!answer.ok) return;
    table.typed.forget(key);
    deed.leave();
  };
  return (
    <Dialog title={t("person.new")} returnTo="[data-act=add-person]">
      <DialogForm deed={deed} onSubmit={() => void save()} confirm={t("person.new")}
        onDiscard={table.typed.dirty(key) ? () => { table.typed.forget(key); table.show(undefined); } : undefined}>
        <NameFields name={name} calls={calls} born={born} />
        <KindField value={kind} among={kinds} />
        <PersonClassField value={personClass} among={classes} />
        <ReadersPreview readers={readers} title={t("readers.person_title")} />
      </DialogForm>
    </Dialog>
  );
}

export function PersonDialog({ id }: { id: string }) {
  const table = useTable();
  const person = table.person(id);
  return (
    <Dialog title={person ? t("person.title", { name: called(person) }) : t("reason.not_found")} returnTo={`[data-person="${id}"] [data-act=forward]`}>
      {person ? <PersonForms person={person} /> : <p data-gone="">{t("reason.not_found")}</p>}
    </Dialog>
  );
}

function PersonForms({ person }: { person: Person }) {
  const table = useTable();
  const beside = (table.model.value?.team ?? []).filter((member) => !member.ended && member.beside.includes(person.id)).map((member) => member.name);
  const rights = table.rights.value;
  const name = called(person);
  const mayPersons = rights?.mayPerson("persons", person) && !person.removed;
  const reclass = rights !== undefined && mayReclass(person, rights);
  return (
    <>
      <p class="soft" translate={false}>{beside.length > 0 ? t("person.beside", { name, names: list(beside) }) : t("person.beside_none", { name })}</p>
      {mayPersons && <ChangeForm person={person} />}
      {mayPersons && person.kind === "child" && <CustodyForm child={person} />}
      <PersonConsent person={person} main={!mayPersons && !reclass} />
      {reclass && <ReclassForm person={person} main={!mayPersons} />}
      {mayPersons && <RemoveForm person={person} name={name} />}
      {rights?.mayPerson("redact", person) && !person.redacted && <RedactForm person={person} />}
    </>
  );
}

/** Another class takes shielding or sharing, another place in the family re-perspective. */
function mayReclass(person: Person, rights: Rights): boolean {
  return !person.removed && (rights.mayPerson("shield", person) || rights.mayPerson("share", person));
}

/** What the dialog would hold for this reader, who knows of so many consents of the person: something to change, only what was said, or nothing. */
export function actOn(person: Person, rights: Rights, consents: number): "change" | "read" | undefined {
  if (concerns(person, rights, 0) || rights.mayPerson("persons", person) || rights.mayPerson("redact", person) || mayReclass(person, rights)) return "change";
  return consents > 0 ? "read" : undefined;
}

function ChangeForm({ person }: { person: Person }) {
  const deed = useDeed();
  const name = useSignal(person.name), calls = useSignal(person.calls ?? ""), born = useSignal(person.born ?? "");
  const save = async () => {
    if ((await deed.run("change_person", { person: person.id, ...named(name, calls, born) })).ok) deed.leave();
  };
  return (
    <section data-form="change-person">
      <h3>{t("person.change")}</h3>
      <DialogForm deed={deed} onSubmit={() => void save()} confirm={t("act.save")}><NameFields name={name} calls={calls} born={born} /></DialogForm>
    </section>
  );
}

/** main: it is the first form of its dialog. */
function ReclassForm({ person, main }: { person: Person; main: boolean }) {
  const deed = useDeed(), rights = useTable().rights.value;
  const kind = useSignal<PersonKind>(person.kind), personClass = useSignal<PersonClass>(person.class);
  const changed = kind.value !== person.kind || personClass.value !== person.class;
  const readers = useReaders({ family: person.id, kind: kind.value, class: personClass.value }).value;
  const save = async () => {
    if ((await deed.run("reclass_person", { person: person.id, kind: kind.value, class: personClass.value })).ok) deed.leave();
  };
  return (
    <section data-form="reclass-person">
      <h3>{t("person.reclass")}</h3>
      <DialogForm deed={deed} onSubmit={() => void save()} confirm={t("person.reclass")} tone={main ? "primary" : "plain"} ready={changed && shown(readers)}>
        <p class="soft">{t("person.reclass_text")}</p>
        <KindField value={kind} among={rights?.mayPerson("reperspective", person) ? personKinds : [person.kind]} />
        <PersonClassField value={personClass} among={personClasses} />
        <ReadersPreview readers={readers} changes={changed} title={t("readers.person_title")} />
      </DialogForm>
    </section>
  );
}

function RemoveForm({ person, name }: { person: Person; name: string }) {
  const deed = useDeed();
  const save = async () => { if ((await deed.run("remove_person", { person: person.id })).ok) deed.leave(); };
  return (
    <section data-form="remove-person">
      <h3>{t("person.remove")}</h3>
      <DialogForm deed={deed} onSubmit={() => void save()} confirm={t("person.remove")} tone="danger" sure={t("person.remove_sure", { name })}><p class="soft" translate={false}>{t("person.remove_text", { name })}</p></DialogForm>
    </section>
  );
}

function RedactForm({ person }: { person: Person }) {
  const deed = useDeed();
  const save = async () => { if ((await deed.run("redact", { person: person.id })).ok) deed.leave(); };
  return (
    <section data-form="redact-person">
      <h3>{t("person.redact")}</h3>
      <DialogForm deed={deed} onSubmit={() => void save()} confirm={t("person.redact")} tone="danger"><p class="soft">{t("person.redact_text")}</p></DialogForm>
    </section>
  );
}

function NameFields({ name, calls, born }: { name: Signal<string>; calls: Signal<string>; born: Signal<string> }) {
  const optional = (label: string) => `${label} (${t("person.optional")})`;
  return (
    <>
      <TextField name="name" label={t("person.name")} value={name} required max={200} />
      <div class="pair">
        <TextField name="calls" label={optional(t("person.calls"))} value={calls} max={200} />
        <TextField name="born" label={optional(t("person.born"))} value={born} type="date" />
      </div>
    </>
  );
}

function KindField({ value, among }: { value: Signal<PersonKind>; among: PersonKind[] }) {
  return <Select name="kind" label={t("person.kind")} value={value.value} onChange={(v) => { value.value = v; }}
    choices={among.map((kind) => ({ value: kind, label: t(`view.${kind}`) }))} />;
}

function PersonClassField({ value, among }: { value: Signal<PersonClass>; among: PersonClass[] }) {
  return <Select name="class" label={t("person.class")} value={value.value} hint={t(`class.${value.value}.hint`)} onChange={(v) => { value.value = v; }}
    choices={among.map((c) => ({ value: c, label: t(`class.${c}`) }))} />;
}

function named(name: Signal<string>, calls: Signal<string>, born: Signal<string>) {
  return { name: name.value, ...(calls.value && { calls: calls.value }), ...(born.value && { born: born.value }) };
}
