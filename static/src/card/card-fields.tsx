// The fields of a card, shared by its forms. Choices are offered as far as the
// rights go.
import type { Signal } from "@preact/signals";
import { Checks, Select, type Choice } from "../dialog/field.tsx";
import { domains, seenWhere, type Class, type Domain, type Kind, type Seen } from "../protocol.ts";
import { called, useTable, type Table } from "../state/table.ts";
import { t } from "../words/words.ts";

const professional = "";

/** The perspectives as choices; "" is professional. */
export function PerspectiveField({ value, among }: { value: Signal<string>; among: (string | undefined)[] }) {
  const table = useTable();
  return <Select name="person" label={t("card.perspective")} value={value.value} choices={perspectiveChoices(table, among)} content onChange={(v) => { value.value = v; }} />;
}

/** Perspectives as choices; "" is professional. */
export function perspectiveChoices(table: Table, among: (string | undefined)[]): Choice<string>[] {
  return among.map((id) => {
    const person = table.person(id);
    return person ? { value: person.id, label: `${called(person)} (${t(`view.${person.kind}`)})` } : { value: professional, label: t("view.professional") };
  });
}

export function KindField({ value, among }: { value: Signal<Kind>; among: Kind[] }) {
  return <Select name="kind" label={t("card.kind")} value={value.value} onChange={(v) => { value.value = v; }}
    choices={among.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))} />;
}

export function ClassField({ value, among }: { value: Signal<Class>; among: Class[] }) {
  return <Select name="class" label={t("card.class")} value={value.value} hint={t(`class.${value.value}.hint`)} onChange={(v) => { value.value = v; }}
    choices={among.map((cardClass) => ({ value: cardClass, label: t(`class.${cardClass}`) }))} />;
}

export function DomainField({ value }: { value: Signal<Domain | ""> }) {
  return <Select name="domain" label={t("card.domain")} value={value.value} onChange={(v) => { value.value = v; }}
    choices={[{ value: "", label: t("card.unsaid") }, ...domains.map((domain) => ({ value: domain, label: t(`domain.${domain}`) }))]} />;
}

export function SeenField({ value }: { value: Signal<Seen | ""> }) {
  return <Select name="seen" label={t("card.seen")} value={value.value} onChange={(v) => { value.value = v; }}
    choices={[{ value: "", label: t("card.unsaid") }, ...seenWhere.map((seen) => ({ value: seen, label: t(`seen.${seen}`) }))]} />;
}

/** The colleagues at this table, but for myself: the author always reads. */
export function NamedField({ value }: { value: Signal<string[]> }) {
  const table = useTable();
  const others = (table.model.value?.team ?? []).filter((member) => !member.ended && member.user !== table.me.value?.user);
  return <Checks name="named" legend={t("card.named")} value={value}
    choices={others.map((member) => ({ value: member.user, label: t("readers.member", { name: member.name, role: t(`role.${member.role}`) }) }))} />;
}

/** The named readers as a command wants them: only with the class that has them. */
export function namedIn(cardClass: Class, named: string[]): { named?: string[] } {
  return cardClass === "named" ? { named } : {};
}
