// The forms that change who may read a card. Each shows who gains and who
// loses before it is done; the circle is asked of the server.
import { useSignal } from "@preact/signals";
import { SharingConsent } from "../consent/sharing-consent.tsx";
import { DialogForm } from "../dialog/dialog.tsx";
import { classes, type Class, type Readers } from "../protocol.ts";
import { ReadersPreview, shown, useReaders } from "../readers/readers.tsx";
import { useDeed } from "../state/deed.ts";
import type { KnownCard } from "../state/model.ts";
import { narrowing } from "../state/rights.ts";
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";
import { ClassField, NamedField, namedIn, PerspectiveField } from "./card-fields.tsx";

interface Props { card: KnownCard; onBack: () => void; onDone: () => void }

export function ClassForm({ card, act, onBack, onDone }: Props & { act: "shield" | "share" }) {
  const table = useTable(), deed = useDeed();
  const draft = !card.tabled;
  const mayHave = (to: Class) => table.rights.value?.mayWrite(card.kind, card.person, to) ?? false;
  const others = classes.filter((to) => to !== card.class && (mayHave(to) || (act === "shield" && !draft)));
  const cardClass = useSignal<Class>(firstGuess(card.class, act, others));
  const named = useSignal<string[]>(card.named ?? []);
  const circle = { class: cardClass.value, ...namedIn(cardClass.value, named.value) };
  const readers = useReaders({ card: card.id, ...about(card), ...circle }).value;

  async function save() {
    const answer = await deed.run(act === "shield" ? "shield_card" : "share_card", { card: card.id, ...circle });
    if (answer.ok) onDone();
  }
  return (
    <DialogForm deed={deed} onSubmit={() => void save()} confirm={t(draft ? "act.save" : `card.${act}`)} ready={others.length > 0 && shown(readers)} onBack={onBack}>
      <p class="soft">{t(draft ? "card.draft_class_text" : `card.${act}_text`)}</p>
      <ClassField value={cardClass} among={others} />
      {cardClass.value === "named" && <NamedField value={named} />}
      <Circle card={card} readers={readers} />
      <SharingConsent person={card.person} to={cardClass.value} readers={readers} tabled={!draft} />
    </DialogForm>
  );
}

export function ReadersForm({ card, onBack, onDone }: Props) {
  const deed = useDeed();
  const named = useSignal<string[]>(card.named ?? []);
  const readers = useReaders({ card: card.id, ...about(card), class: card.class, named: named.value }).value;

  async function save() {
    const answer = await deed.run("name_readers", { card: card.id, named: named.value });
    if (answer.ok) onDone();
  }
  return (
    <DialogForm deed={deed} onSubmit={() => void save()} confirm={t("act.save")} ready={shown(readers)} onBack={onBack}>
      <NamedField value={named} />
      <Circle card={card} readers={readers} />
      <SharingConsent person={card.person} to={card.class} readers={readers} tabled={card.tabled !== undefined} />
    </DialogForm>
  );
}

export function PerspectiveForm({ card, onBack, onDone }: Props) {
  const table = useTable(), deed = useDeed();
  const persons = (table.model.value?.family ?? []).filter((person) => !person.removed).map((person) => person.id);
  const others = [...persons, undefined].filter((to) => to !== card.person && table.rights.value?.mayWrite(card.kind, to, card.class));
  const person = useSignal(others[0] ?? "");
  const to = person.value ? { person: person.value } : {};
  const readers = useReaders({ card: card.id, ...to, class: card.class, ...namedIn(card.class, card.named ?? []) }).value;

  async function save() {
    const answer = await deed.run("reperspective_card", { card: card.id, ...to });
    if (answer.ok) onDone();
  }
  return (
    <DialogForm deed={deed} onSubmit={() => void save()} confirm={t("act.save")} ready={others.length > 0 && shown(readers)} onBack={onBack}>
      <p class="soft">{t(others.length > 0 ? "card.reperspective_text" : "card.reperspective_none")}</p>
      {others.length > 0 && <PerspectiveField value={person} among={others} />}
      <Circle card={card} readers={readers} />
      <SharingConsent person={to.person} to={card.class} readers={readers} tabled={card.tabled !== undefined} />
    </DialogForm>
  );
}

/** Who would read it; a draft has no readers yet, so nobody gains or loses by it. */
export function Circle({ card, readers }: { card: KnownCard; readers: Readers | undefined }) {
  return card.tabled ? <ReadersPreview readers={readers} changes /> : <ReadersPreview readers={readers} title={t("readers.draft_title")} />;
}

/** Putting a draft on the table, with who will read it. */
export function TableForm({ card, onBack, onDone }: Props) {
  const deed = useDeed();
  const readers = useReaders({ card: card.id, ...about(card), class: card.class, ...namedIn(card.class, card.named ?? []) }).value;

  async function save() {
    const answer = await deed.run("table_card", { card: card.id });
    if (answer.ok) onDone();
  }
  return (
    <DialogForm deed={deed} onSubmit={() => void save()} confirm={t("card.table_confirm")} ready={shown(readers)} onBack={onBack}>
      <p class="soft">{t("card.table_text")}</p>
      <ReadersPreview readers={readers} />
      <SharingConsent person={card.person} to={card.class} readers={readers} tabled={false} />
    </DialogForm>
  );
}

export function about(card: KnownCard): { person?: string } { return card.person === undefined ? {} : { person: card.person } }

function firstGuess(now: Class, act: "shield" | "share", among: Class[]): Class {
  const at = narrowing.indexOf(now);
  const wished = act === "shield" ? narrowing.slice(at + 1) : narrowing.slice(0, Math.max(at, 0)).reverse();
  return wished.find((to) => among.includes(to)) ?? among[0] ?? now;
}
