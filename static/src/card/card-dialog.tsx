// One card opened: everything of it, and what this reader may do with it.
import { Archive, ArchiveRestore, ArrowRightLeft, Eraser, Link, LockKeyhole, LockOpen, Pencil, Repeat, Tag, UserCheck, X } from "lucide";
import { Dialog, DialogForm } from "../dialog/dialog.tsx";
import { CopyableText } from "../dialog/field.tsx";
import { AskedActs, DraftMark } from "../entry/asked.tsx";
import { about } from "../entry/stance.ts";
import { LostWords, lostWords } from "../editor/lost-words.tsx";
import { NoteSection } from "../editor/note-section.tsx";
import { History } from "../history/history.tsx";
import { NewSince, useSince } from "../history/since.tsx";
import { Icon, ViewIcon } from "../icon/icon.tsx";
import { code } from "../ids.ts";
import { MoveForm } from "../move/move-form.tsx";
import { ReadersPreview, useReaders } from "../readers/readers.tsx";
import { Refusal } from "../refusal/refusal.tsx";
import { useDeed, type Deed } from "../state/deed.ts";
import type { KnownCard } from "../state/model.ts";
import type { Rights } from "../state/rights.ts";
import { called, useTable, type CardTask } from "../state/table.ts";
import { moment, t, type Key } from "../words/words.ts";
import { namedIn } from "./card-fields.tsx";
import { ClassForm, PerspectiveForm, ReadersForm, TableForm } from "./circle-form.tsx";
import { CardKind, CardTitle, ClassTag } from "./face.tsx";
import { label, LabelForm, LinkForm } from "./place-forms.tsx";
import { TextForm } from "./text-form.tsx";

const titles: Record<Exclude<CardTask, "view">, Key> = {
  table: "card.table_title", edit: "card.edit_title", label: "card.label", move: "card.move_title", link: "card.link_title",
  shield: "card.shield_title", share: "card.share_title", readers: "card.readers_title",
  reperspective: "card.reperspective_title", redact: "card.redact_title",
};

export function CardDialog({ id, task }: { id: string; task: CardTask }) {
  const table = useTable();
  const card = table.card(id);
  const title = !card ? t("card.gone.title") : task === "view" ? t("card.code", { code: code(id) })
    : t(task === "shield" && !card.tabled ? "card.class" : task === "edit" && card.tabled ? "card.retitle" : titles[task]);
  return (
    <Dialog panel title={title} returnTo={`[data-card="${id}"] [data-act=open]`}>
      {card ? <Task card={card} task={task} key={task} /> : <Gone id={id} />}
    </Dialog>
  );
}

/** The card left while it was open: nothing of it stays but what I typed myself. */
function Gone({ id }: { id: string }) {
  const table = useTable();
  const own = table.typed.own(`card.${id}.`), lost = lostWords(table, id);
  return (
    <div class="stack" role="status" data-gone="">
      <p>{t(own.length + lost.length > 0 ? "card.gone.text" : "card.gone.none")}</p>
      <LostWords id={id} />
      {own.map((text, i) => <CopyableText key={i} label={t("conflict.mine")} text={text} />)}
      <div class="row">
        <button type="button" class="btn primary" data-act="confirm" onClick={() => { table.typed.forget(`card.${id}.`); table.show(undefined); }}>{t("act.close")}</button>
      </div>
    </div>
  );
}

function Task({ card, task }: { card: KnownCard; task: CardTask }) {
  const { leave } = useDeed();
  const props = { card, onBack: () => leave({ what: "card", card: card.id, task: "view" }), onDone: () => leave() };
  switch (task) {
    case "view": return <CardView card={card} />;
    case "table": return <TableForm {...props} />;
    case "edit": return <TextForm card={card} onBack={props.onBack} />;
    case "label": return <LabelForm {...props} />;
    case "move": return <MoveForm {...props} />;
    case "link": return <LinkForm {...props} />;
    case "shield": return <ClassForm {...props} act="shield" key="shield" />;
    case "share": return <ClassForm {...props} act="share" key="share" />;
    case "readers": return <ReadersForm {...props} />;
    case "reperspective": return <PerspectiveForm {...props} />;
    case "redact": return <RedactForm {...props} />;
  }
}

function RedactForm({ card, onBack, onDone }: { card: KnownCard; onBack: () => void; onDone: () => void }) {
  const deed = useDeed();
  const save = async () => { if ((await deed.run("redact", { card: card.id })).ok) onDone(); };
  return (
    <DialogForm deed={deed} onSubmit={() => void save()} confirm={t("card.redact_confirm")} tone="danger" onBack={onBack}>
      <p>{t("card.redact_text")}</p>
      <blockquote translate={false}>{card.title.body}</blockquote>
    </DialogForm>
  );
}

function CardView({ card }: { card: KnownCard }) {
  const table = useTable(), deed = useDeed(), since = useSince(card);
  const person = table.person(card.person);
  const view = person?.kind ?? "professional";
  const readers = useReaders({ card: card.id, ...about(card), class: card.class, ...namedIn(card.class, card.named ?? []) });
  return (
    <>
      <section class={`opened ${view}`} data-opened={card.id}>
        <div class="top">
          <span class="from" translate={false}><ViewIcon view={view} /> {person ? t("card.from", { name: called(person) }) : t("card.from_professional")}</span>
          <CardKind card={card} />
          <ClassTag of={card.class} />
        </div>
        {!card.tabled && <DraftMark card={card} />}
        {card.archived && <p class="mark">{t("card.archived")}</p>}
        <h3 class="big"><CardTitle card={card} /></h3>
        <LostWords id={card.id} />
        {since.version !== undefined ? <NewSince card={card} version={since.version} onHide={since.hide} key={since.version} /> : <NoteSection card={card} />}
        <p class="soft small">
          <span translate={false}>{t("card.by", { name: table.nameOf(card.by), role: t(`role.${card.role}`) })}</span>
          {" · "}{t("card.at", { when: moment(card.at) })}
          {card.changed !== card.at && ` · ${t("card.changed", { when: moment(card.changed) })}`}
        </p>
        <Links card={card} deed={deed} />
      </section>
      <AskedActs card={card} />
      {table.rights.value && <Acts card={card} rights={table.rights.value} deed={deed} />}
      <History card={card} since={since} key={card.id} />
      <ReadersPreview readers={readers.value} title={t(card.tabled ? "readers.title" : "readers.draft_title")} />
    </>
  );
}

function Links({ card, deed }: { card: KnownCard; deed: Deed }) {
  const table = useTable();
  const linked = (card.links ?? []).flatMap((id) => table.card(id) ?? []);
  const from = Object.values(table.model.value?.cards ?? {}).filter((other) => other.links?.includes(card.id));
  const may = table.rights.value?.mayCard("edit", card);
  return (
    <>
      {linked.length > 0 && <LinkList title={t("card.links")} cards={linked} onUnlink={may ? (other) => void deed.run("unlink_card", { card: card.id, to: other }) : undefined} />}
      {from.length > 0 && <LinkList title={t("card.links_from")} cards={from} />}
    </>
  );
}

function LinkList({ title, cards, onUnlink }: { title: string; cards: KnownCard[]; onUnlink?: ((card: string) => void) | undefined }) {
  const table = useTable();
  return (
    <div class="linked">
      <h4>{title}</h4>
      <ul>
        {cards.map((other) => (
          <li key={other.id}>
            <button type="button" class="link" translate={false} data-act="follow" onClick={() => table.show({ what: "card", card: other.id, task: "view" })}>{label(other)}</button>
            {onUnlink && (
              <button type="button" class="btn plain small" data-act="unlink" aria-label={t("card.unlink", { code: code(other.id) })}
                onClick={() => onUnlink(other.id)}><Icon of={X} /></button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

const icons = {
  edit: Pencil, label: Tag, move: ArrowRightLeft, link: Link, shield: LockKeyhole, share: LockOpen,
  readers: UserCheck, reperspective: Repeat, redact: Eraser,
} as const;

/** The tasks this reader may take up, in the order in which they are shown. */
export function tasksFor(card: KnownCard, rights: Rights): (keyof typeof icons)[] {
  // A draft has no readers yet: its author chooses them freely.
  const draft = !card.tabled;
  const narrow = draft ? card.for === undefined && rights.classesFor(card.person).length > 0 : rights.mayCard("shield", card), widen = !draft && rights.mayCard("share", card);
  const may: Record<keyof typeof icons, boolean> = {
    edit: rights.mayCard("edit", card) && !card.title.redacted,
    label: rights.mayCard("edit", card),
    move: rights.mayCard("move", card) && !card.archived,
    link: rights.mayCard("edit", card),
    shield: narrow,
    share: widen,
    readers: card.class === "named" && (narrow || widen),
    reperspective: rights.mayCard("reperspective", card),
    redact: rights.mayCard("redact", card) && (!card.title.redacted || card.text.body !== ""), // written anew, erased anew
  };
  return (Object.keys(icons) as (keyof typeof icons)[]).filter((task) => may[task]);
}

function Acts({ card, rights, deed }: { card: KnownCard; rights: Rights; deed: Deed }) {
  const table = useTable();
  const tasks = tasksFor(card, rights);
  const mayArchive = rights.mayCard("archive", card);
  const done = async (cmd: "archive_card" | "restore_card") => { if ((await deed.run(cmd, { card: card.id })).ok) deed.leave(); };
  if (tasks.length === 0 && !mayArchive && !rights.mayTable(card)) return <Refusal error={deed.error.value} />;
  return (
    <section aria-label={t("card.actions")}>
      <Refusal error={deed.error.value} />
      <div class="row">
        {rights.mayTable(card) && <button type="button" class="btn primary" data-act="table" onClick={() => table.show({ what: "card", card: card.id, task: "table" })}>{t("card.table")}</button>}
        {tasks.map((task) => (
          <button type="button" key={task} class="btn" data-act={task} onClick={() => table.show({ what: "card", card: card.id, task })}>
            <Icon of={icons[task]} /> {t(task === "shield" && !card.tabled ? "card.class" : task === "edit" && card.tabled ? "card.retitle" : `card.${task}`)}
          </button>
        ))}
        {mayArchive && (card.archived
          ? <button type="button" class="btn" data-act="restore" onClick={() => void done("restore_card")}><Icon of={ArchiveRestore} /> {t("card.restore")}</button>
          : <button type="button" class="btn" data-act="archive" onClick={() => void done("archive_card")}><Icon of={Archive} /> {t("card.archive")}</button>)}
      </div>
    </section>
  );
}
