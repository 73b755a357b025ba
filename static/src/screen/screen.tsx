// The Scherm: what everybody in the meeting room may read, to be read from the
// far end of the table. It has nothing to press but the way out.
import { MonitorOff } from "lucide";
import { CardKind, CardTitle, ClassTag } from "../card/face.tsx";
import { Icon, ViewIcon } from "../icon/icon.tsx";
import type { Column, Person, View } from "../protocol.ts";
import { onBoard, type KnownCard, type Model } from "../state/model.ts";
import { called, TableContext, useTable, type Table } from "../state/table.ts";
import { t } from "../words/words.ts";
import "./screen.css";

export function Screen({ table }: { table: Table }) {
  return <TableContext.Provider value={table}><Shown /></TableContext.Provider>;
}

function Shown() {
  const table = useTable();
  const model = table.model.value;
  if (table.endedBy.value !== undefined) return <Blank why={t("screen.ended")} hint={t("screen.ended_hint")} />;
  if (!model) return <Blank why={t("board.loading")} />;
  if (table.connection.value === "offline") return <Blank why={t("screen.offline")} hint={t("screen.offline_hint")} />;
  if (!model.attendance.screen) return <Blank why={t("screen.blank")} hint={t("screen.blank_hint")} />;
  return <Lit model={model} />;
}

/** The board is the chair's own, and the meeting room stands around it: on the way back it asks who is there. */
function WayOut() {
  return (
    <form method="post" action="/lock" data-after={`/cases/${useTable().live.caseId}`}>
      <button class="btn plain" data-act="leave-screen">{t("screen.leave")}</button>
    </form>
  );
}

/** Nothing of the case, and why. */
function Blank({ why, hint }: { why: string; hint?: string }) {
  return (
    <main class="screen blank" id="content" data-screen="blank">
      <div role="status">
        <Icon of={MonitorOff} />
        <h1>{why}</h1>
        {hint && <p>{hint}</p>}
      </div>
      <WayOut />
    </main>
  );
}

function Lit({ model }: { model: Model }) {
  return (
    <main class="screen" id="content" data-screen="shown">
      <header>
        <h1 translate={false}>{model.case.name || t("board.case_redacted")}</h1>
        <span class="soft">{t("screen.shown")}</span>
        <WayOut />
      </header>
      <ul class="faces" aria-label={t("family.title")}>
        {model.family.filter((person) => !person.removed).map((person) => (
          <li key={person.id} class={person.kind} data-person={person.id}>
            <ViewIcon view={person.kind} /> <span class="name" translate={false}>{called(person)}</span> <span>{t(`view.${person.kind}`)}</span>
            {person.class !== "shared" && <ClassTag of={person.class} />}
          </li>
        ))}
      </ul>
      <div class="walls" tabIndex={0} role="group" aria-label={t("board.label")}>
        {model.columns.map((column) => <Wall key={column.id} column={column} cards={onBoard(model, column.id)} />)}
      </div>
    </main>
  );
}

function Wall({ column, cards }: { column: Column; cards: KnownCard[] }) {
  const table = useTable();
  const heading = `wall-${column.id}`;
  return (
    <section aria-labelledby={heading} data-column={column.id}>
      <h2 id={heading} translate={false}>{column.title || t("column.redacted")}</h2>
      {cards.map((card) => <Spoken key={card.id} card={card} person={table.person(card.person)} />)}
    </section>
  );
}

function Spoken({ card, person }: { card: KnownCard; person: Person | undefined }) {
  const view: View = person?.kind ?? "professional";
  return (
    <article class={view} data-card={card.id}>
      <p class="from"><ViewIcon view={view} /> <span translate={false}>{person ? t("card.from", { name: called(person) }) : t("card.from_professional")}</span> <CardKind card={card} />{card.class !== "shared" && <ClassTag of={card.class} />}</p>
      <p class="said"><CardTitle card={card} /></p>
    </article>
  );
}
