// The forms that change who may read a card. Each shows who gains and who
// loses before it is done; the circle is asked of the server.
import { useSignal } from "@preact/signals";
import { SharingConsent } from "../consent/sharing-consent.tsx";
import { DialogForm } from "../dialog/dialog.tsx";
import { about } from "../entry/stance.ts";
import { classes, type Class, type Readers } from "../protocol.ts";
import { NamingWarning } from "../naming/naming-warning.tsx";
import { others } from "../readers/gist.tsx";
import { ReadersPreview, shown, useReaders } from "../readers/readers.tsx";
import { useDeed } from "../state/deed.ts";
import type { KnownCard } from "../state/model.ts";
import { narrowing } from "../state/rights.ts";
import { useTable } from "../state/table.ts";
import { count, t } from "../words/words.ts";
import { ClassField, NamedField, namedIn, PerspectiveField } from "./card-fields.tsx";
import { CardTitle } from "./face.tsx";

interface Props { card: KnownCard; onBack: () => void; onDone: () => void }

export function ClassForm({ card, act, onBack, onDone }: Props & { act: "shield" | "share" }) {
  const table = useTable(), deed = useDeed();
  const draft = !card.tabled;
  const mayHave = (to: Class) => table.rights.value?.mayWrite(card.kind, card.person, to) ?? false;
  const among = classes.filter((to) => to !== card.class && (mayHave(to) || (act === "shield" && !draft)));
  const cardClass = useSignal<Class>(firstGuess(card.class, act, among));
  const named = useSignal<string[]>(card.named ?? []);
  const circle = { class: cardClass.value, ...namedIn(cardClass.value, named.value) };
  const readers = useReaders({ card: card.id, ...about(card), ...circle }).value;

  const confirm = draft ? t("act.save") : act === "shield" ? forPeople("card.shield_for", readers?.loses, t("card.shield")) : forPeople("card.share_for", readers?.gains, t("card.share"));

  async function save() {
    const answer = await deed.run(act === "shield" ? "shield_card" : "share_card", { card: card.id, ...circle });
    if (answer.ok) onDone();
  }
  return (
    <DialogForm deed={deed} onSubmit={() => void save()} confirm={confirm} ready={among.length > 0 && shown(readers)} onBack={onBack}>
      <p class="soft">{t(draft ? "card.draft_class_text" : `card.${act}_text`)}</p>
      <ClassField value={cardClass} among={among} />
      {cardClass.value === "named" && <NamedField value={named} />}
      <Naming card={card} {...circle} />
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
      <Naming card={card} class={card.class} named={named.value} />
      <Circle card={card} readers={readers} />
      <SharingConsent person={card.person} to={card.class} readers={readers} tabled={card.tabled !== undefined} />
    </DialogForm>
  );
}

export function PerspectiveForm({ card, onBack, onDone }: Props) {
  const table = useTable(), deed = useDeed();
  const persons = (table.model.value?.family ?? []).filter((person) => !person.removed).map((person) => person.id);
  const among = [...persons, undefined].filter((to) => to !== card.person && table.rights.value?.mayWrite(card.kind, to, card.class));
  const person = useSignal(among[0] ?? "");
  const to = person.value ? { person: person.value } : {};
  const readers = useReaders({ card: card.id, ...to, class: card.class, ...namedIn(card.class, card.named ?? []) }).value;

  async function save() {
    const answer = await deed.run("reperspective_card", { card: card.id, ...to });
    if (answer.ok) onDone();
  }
  return (
    <DialogForm deed={deed} onSubmit={() => void save()} confirm={t("act.save")} ready={among.length > 0 && shown(readers)} onBack={onBack}>
      <p class="soft">{t(among.length > 0 ? "card.reperspective_text" : "card.reperspective_none")}</p>
      {among.length > 0 && <PerspectiveField value={person} among={among} />}
      <Naming card={{ ...card, person: to.person }} class={card.class} named={card.named} />
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
  const table = useTable(), deed = useDeed();
  const readers = useReaders({ card: card.id, ...about(card), class: card.class, ...namedIn(card.class, card.named ?? []) }).value;
  const will = readers && !readers.error ? others(readers.can, table.me.value?.user) : undefined;
  const confirm = will === undefined ? t("card.table_confirm") : will === 0 ? t("card.table_alone") : count("card.table_for", will);

  async function save() {
    const answer = await deed.run("table_card", { card: card.id });
    if (answer.ok) onDone();
  }
  return (
    <DialogForm deed={deed} onSubmit={() => void save()} confirm={confirm} ready={shown(readers)} onBack={onBack}>
      <p class="tabled-words" translate={false}><CardTitle card={card} /></p>
      <Naming card={card} class={card.class} named={card.named} />
      <ReadersPreview readers={readers} title={t("readers.table_title")} />
      <SharingConsent person={card.person} to={card.class} readers={readers} tabled={false} />
    </DialogForm>
  );
}

/** What to look at again before the card is read in that circle. */
function Naming({ card, ...circle }: { card: Pick<KnownCard, "title" | "text"> & { person?: string | undefined }; class: Class; named?: string[] | undefined }) {
  return <NamingWarning texts={[card.title.body, card.text.body]} person={card.person} {...circle} />;
}

/** The words of a button that say for how many people it makes a difference. */
function forPeople(stem: "card.shield_for" | "card.share_for", people: string[] | undefined, plain: string): string {
  return people && people.length > 0 ? count(stem, people.length) : plain;
}

function firstGuess(now: Class, act: "shield" | "share", among: Class[]): Class {
  const at = narrowing.indexOf(now);
  const wished = act === "shield" ? narrowing.slice(at + 1) : narrowing.slice(0, Math.max(at, 0)).reverse();
  return wished.find((to) => among.includes(to)) ?? among[0] ?? now;
}
