// What a line becomes, in one sentence and as fields to change it.
import { Select } from "../dialog/field.tsx";
import { perspectiveChoices } from "../card/card-fields.tsx";
import { kinds, type Class } from "../protocol.ts";
import { called, useTable, type Table } from "../state/table.ts";
import { t } from "../words/words.ts";
import { groundOf } from "./ground.ts";
import { classesFor, stanceFor, type Stance } from "./stance.ts";

/** "Vanuit Fenna · feit · vertrouwelijk · concept", and for whom it is. */
export function stanceWords(table: Table, stance: Stance, asked?: string): string {
  const person = table.person(stance.person);
  const words = [person ? t("card.from", { name: called(person) }) : t("card.from_professional"), t(`kind.${stance.kind}`), t(`class.${stance.class}`)];
  return asked === undefined ? [...words, t("entry.draft")].join(" · ") : [t("entry.for", { name: asked }), ...words, t("entry.until")].join(" · ");
}

interface Props { stance: Stance; classes?: Class[]; onChange: (stance: Stance) => void; onClose?: () => void }

/** classes: those to choose from, when it is not I who will put it on the table. */
export function StanceFields({ stance, classes, onChange, onClose }: Props) {
  const table = useTable();
  const ground = groundOf(table);
  if (!ground) return null;
  const among = ground.rights.perspectives().filter((person) => stanceFor(ground, person, stance.kind));
  const possible = kinds.filter((kind) => classesFor(ground, stance.person, kind).length > 0);
  const circles = classes ?? classesFor(ground, stance.person, stance.kind);
  // Another person or kind never makes it wider than it was.
  const take = (person: string | undefined, kind: Stance["kind"]) => {
    const next = stanceFor(ground, person, kind, stance.class);
    if (next) onChange(classes ? { ...next, class: stance.class } : next);
  };
  return (
    <fieldset class="stance-fields" onKeyDown={(event) => { if (event.key === "Escape" && onClose) { event.stopPropagation(); onClose(); } }}>
      <legend class="visually-hidden">{t("entry.becomes")}</legend>
      <Select name="line-person" label={t("card.perspective")} value={stance.person ?? ""} choices={perspectiveChoices(table, among)} content onChange={(v) => take(v || undefined, stance.kind)} />
      <Select name="line-kind" label={t("card.kind")} value={stance.kind} onChange={(v) => take(stance.person, v)} choices={possible.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))} />
      <Select name="line-class" label={t("card.class")} value={stance.class} hint={t(`class.${stance.class}.hint`)} onChange={(v) => onChange({ ...stance, class: v })}
        choices={circles.map((one) => ({ value: one, label: t(`class.${one}`) }))} />
    </fieldset>
  );
}
