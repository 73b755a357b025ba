// The family, always on top: who they are and how many cards speak for them.
// Pressing a person brings that perspective forward.
import { MessageSquareText, Pencil, Plus } from "lucide";
import { ClassTag } from "../card/face.tsx";
import { consentsOf } from "../consent/records.ts";
import { Icon, ViewIcon } from "../icon/icon.tsx";
import { personClasses, personKinds, type Person } from "../protocol.ts";
import { called, useTable } from "../state/table.ts";
import { now } from "../words/clock.ts";
import { age, count, initials, t } from "../words/words.ts";
import { actOn } from "./person-dialog.tsx";
import "./family.css";

export function Family() {
  const table = useTable();
  const model = table.model.value, rights = table.rights.value;
  if (!model || !rights) return null;
  const counts = new Map<string, number>();
  for (const card of Object.values(model.cards)) {
    if (card.person !== undefined && !card.archived) counts.set(card.person, (counts.get(card.person) ?? 0) + 1);
  }
  const mayAdd = personKinds.some((kind) => personClasses.some((c) => rights.mayAddPerson(kind, c)));
  return (
    <nav class="family" aria-label={t("family.title")}>
      <ul tabIndex={0} aria-label={t("family.title")}>
        {model.family.map((person) => (
          <PersonChip key={person.id} person={person} cards={counts.get(person.id) ?? 0} act={actOn(person, rights, consentsOf(model, person.id).length)} />
        ))}
        {model.family.length === 0 && <li class="soft">{t("family.none")}</li>}
      </ul>
      {mayAdd && (
        <button type="button" class="btn dashed" data-act="add-person" title={t("family.add")} onClick={() => table.show({ what: "new-person" })}><Icon of={Plus} /> <span class="wide">{t("family.add")}</span></button>
      )}
    </nav>
  );
}

function PersonChip({ person, cards, act }: { person: Person; cards: number; act: "change" | "read" | undefined }) {
  const table = useTable();
  const forward = table.forward.value === person.id;
  const name = called(person), years = age(person.born, now());
  const words = t(act === "read" ? "family.said" : "family.edit", { name });
  return (
    <li class={`person ${person.kind}${cards === 0 ? " silent" : ""}${forward ? " forward" : ""}`} data-person={person.id}>
      <button type="button" class="chip" data-act="forward" aria-pressed={forward} title={t("family.forward", { name })}
        onClick={() => { table.forward.value = forward ? undefined : person.id; }}>
        <span class="initials" aria-hidden="true" translate={false}>{initials(name, 1)}</span>
        <span>
          <span class="name" translate={false}>{years === undefined ? name : t("family.age", { name, age: years })}</span>
          <small><ViewIcon view={person.kind} /> {t(`view.${person.kind}`)} · {person.removed ? t("family.removed") : cards === 0 ? t("family.silent") : count("family.cards", cards)}</small>
        </span>
        {person.class !== "shared" && <ClassTag of={person.class} />}
      </button>
      {act && (
        <button type="button" class="btn plain small" data-act="edit-person" data-only={act} aria-label={words} title={words}
          onClick={() => table.show({ what: "person", person: person.id })}><Icon of={act === "change" ? Pencil : MessageSquareText} /></button>
      )}
    </li>
  );
}
