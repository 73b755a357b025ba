// A card on the board: in one glance whose perspective, what kind, which
// words, by whom, how confidential.
import { ArrowRightLeft, CloudUpload, Eye, Link, Pencil } from "lucide";
import { useComputed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { DraftMark } from "../entry/asked.tsx";
import { ClassIcon, Icon, ViewIcon } from "../icon/icon.tsx";
import { code } from "../ids.ts";
import { useDraggable } from "../move/drag.tsx";
import type { Class, Person, View } from "../protocol.ts";
import { plain } from "../note/plain.ts";
import type { KnownCard } from "../state/model.ts";
import { called, useTable, type CardTask } from "../state/table.ts";
import { count, list, t } from "../words/words.ts";
import "./card.css";

const excerpt = 400; // characters; three lines of them are shown

interface CardFaceProps {
  card: KnownCard;
  /** Another perspective is brought forward now. */
  dim: boolean;
  /** The filter hides it; it stays on the page, as making hundreds of cards anew takes too long. */
  hidden: boolean;
  /** It is here although it does not pass the filter. */
  outside: boolean;
  /** Its new place is not saved yet. */
  saving: boolean;
}

/** A card is drawn anew only when something of its own changes; being dim or hidden is none of that. */
export function CardFace({ card, dim, hidden, outside, saving }: CardFaceProps) {
  const table = useTable();
  const person = table.person(card.person);
  const author = table.nameOf(card.by);
  const looking = useComputed(() => {
    const me = table.me.value?.user;
    return table.here.value.filter((h) => h.card === card.id && h.user !== me).map((h) => table.nameOf(h.user)).join("\n");
  }).value;
  const rights = table.rights.value, me = rights?.me.user;
  const mayEdit = rights?.mayCard("edit", card) ?? false, mayMove = rights?.mayCard("move", card) ?? false;
  const mayTable = rights?.mayTable(card) ?? false;
  const face = useMemo(
    () => <Face card={card} person={person} author={author} looking={looking ? looking.split("\n") : []} outside={outside} saving={saving} mayEdit={mayEdit} mayMove={mayMove} mayTable={mayTable} me={me}
      onOpen={(task) => table.show({ what: "card", card: card.id, task })} />,
    [card, person, author, looking, outside, saving, mayEdit, mayMove, mayTable, me],
  );
  const kinds = [person?.kind ?? "professional", !card.tabled && "draft", card.class === "private" && "private", dim && "dim"].filter(Boolean).join(" ");
  const self = useDraggable(card.id, mayMove);
  return <article class={`card ${kinds}`} ref={self} data-card={card.id} hidden={hidden}>{face}</article>;
}

interface FaceProps {
  card: KnownCard; person: Person | undefined; author: string; looking: string[]; outside: boolean; saving: boolean;
  mayEdit: boolean; mayMove: boolean; mayTable: boolean; me: string | undefined; onOpen: (task: CardTask) => void;
}

function Face({ card, person, author, looking, outside, saving, mayEdit, mayMove, mayTable, me, onOpen }: FaceProps) {
  const view: View = person?.kind ?? "professional";
  const draft = !card.tabled;
  return (
    <>
      {draft && <DraftMark card={card} />}
      {outside && <p class="outside" data-outside="">{t("filter.outside")}</p>}
      <div class="top">
        <span class="from" translate={false}><ViewIcon view={view} /> {person ? t("card.from", { name: called(person) }) : t("card.from_professional")}</span>
        <CardKind card={card} />
      </div>
      <h3>
        <button type="button" class="title" data-act="open" onClick={() => onOpen("view")}><CardTitle card={card} /></button>
      </h3>
      {card.text.body && <p class="text" translate={false}>{plain(card.text.body.slice(0, excerpt))}</p>}
      {looking.length > 0 && (
        <p class="looking" data-looking="" translate={false}><Icon of={Eye} /> {count("card.looking", looking.length, { names: list(looking) })}</p>
      )}
      <div class="foot">
        <span class="by" translate={false}>{t("card.by", { name: author, role: t(`role.${card.role}`) })}</span>
        {card.class !== "shared" && <ClassTag of={card.class} />}
        {card.links && <span class="links"><Icon of={Link} /> <span class="visually-hidden">{count("card.links", card.links.length)}</span><span aria-hidden="true">{card.links.length}</span></span>}
        {saving && <span class="saving" data-saving="" title={t("move.saving")}><Icon of={CloudUpload} /><span class="visually-hidden">{t("move.saving")}</span></span>}
        <span class="acts">
          {mayEdit && <ActButton act="edit" icon={Pencil} label={t("card.edit")} card={card} onClick={() => onOpen("edit")} />}
          {mayMove && <ActButton act="move" icon={ArrowRightLeft} label={t("card.move")} card={card} onClick={() => onOpen("move")} />}
        </span>
      </div>
      {card.for !== undefined && card.for === me && <button type="button" class="btn primary" data-act="answer" aria-label={actOn(t("asked.look"), card)} onClick={() => onOpen("view")}>{t("asked.look")}</button>}
      {mayTable && <button type="button" class="btn primary" data-act="table" aria-label={actOn(t("card.table"), card)} onClick={() => onOpen("table")}>{t("card.table")}</button>}
    </>
  );
}

function ActButton({ act, icon, label, card, onClick }: { act: string; icon: Parameters<typeof Icon>[0]["of"]; label: string; card: KnownCard; onClick: () => void }) {
  return (
    <button type="button" class="btn plain small" data-act={act} onClick={onClick} title={label} aria-label={actOn(label, card)}>
      <Icon of={icon} />
    </button>
  );
}

/** What is done, and with which card, for those who do not see where the button stands. */
function actOn(label: string, card: KnownCard): string { return `${label}: ${t("card.code", { code: code(card.id) })}` }

export function CardTitle({ card }: { card: KnownCard }) {
  if (card.title.redacted) return <span class="soft">{t("card.redacted")}</span>;
  const words = card.kind === "words" && (/^["“„'‘]/.test(card.title.body) ? "words" : "words quoted");
  return <span class={words || undefined} translate={false}>{card.title.body}</span>;
}

export function CardKind({ card }: { card: KnownCard }) {
  return <span class="kind">{t(`kind.${card.kind}`)}{card.domain && ` · ${t(`domain.${card.domain}`)}`}{card.seen && ` · ${t(`seen.${card.seen}`)}`}</span>;
}

export function ClassTag({ of }: { of: Class }) { return <span class={`tag ${of}`} data-class={of}><ClassIcon of={of} /> {t(`class.${of}`)}</span> }
