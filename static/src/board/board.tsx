// The board page: the family on top, then who is here, then the columns.
import { Plus } from "lucide";
import { useRef } from "preact/hooks";
import { Attendance } from "../attendance/attendance.tsx";
import { AttendanceDialog } from "../attendance/attendance-dialog.tsx";
import { Calm } from "../calm/calm.tsx";
import { CardDialog } from "../card/card-dialog.tsx";
import { NewCardDialog } from "../card/draft-form.tsx";
import { PasteDialog } from "../entry/paste-dialog.tsx";
import { NewPersonDialog, PersonDialog } from "../family/person-dialog.tsx";
import { Family } from "../family/family.tsx";
import { FilterBar } from "../filter/filter-bar.tsx";
import { BrokenGlasses } from "../glass/glass.tsx";
import { HintStrip } from "../hints/hints.tsx";
import { Icon } from "../icon/icon.tsx";
import { LensBanner, LensDialog, LensEnded } from "../lens/lens.tsx";
import { closed } from "../protocol.ts";
import { Dropping } from "../move/drag.tsx";
import { RefusedList } from "../refused/refused-list.tsx";
import { Shortcuts, ShortcutsDialog } from "../shortcuts/shortcuts.tsx";
import { TableContext, useTable, type Open, type Table } from "../state/table.ts";
import { Team } from "../team/team.tsx";
import { t } from "../words/words.ts";
import { ArchiveDialog, CaseDialog } from "./case-dialog.tsx";
import { Column } from "./column.tsx";
import { ColumnDialog, NewColumnDialog } from "./column-dialog.tsx";
import { Ended } from "./ended.tsx";
import { Header, Tools } from "./header.tsx";
import { QuickBar } from "./quick-bar.tsx";
import "./board.css";

export function Page({ table, signOut }: { table: Table; signOut: string }) {
  return (
    <TableContext.Provider value={table}>
      <a class="skip" href="#content">{t("page.skip")}</a>
      <LensBanner />
      <Header signOut={signOut} />
      <Content />
      <OpenDialog />
      <Calm />
      <Shortcuts />
    </TableContext.Provider>
  );
}

function Content() {
  const table = useTable();
  const strip = useRef<HTMLDivElement>(null);
  if (table.as && table.endedBy.value === closed.noSuchCase) return <LensEnded />;
  if (table.endedBy.value !== undefined) return <Ended code={table.endedBy.value} />;
  const model = table.model.value, rights = table.rights.value;
  if (!model || !rights) return <main class="page" id="content" aria-busy="true"><p class="soft">{t("board.loading")}</p></main>;
  return (
    <>
      <Family />
      <div class="bar"><Team /><Attendance /></div>
      <div class="bar">
        <FilterBar />
        <Tools />
      </div>
      <HintStrip />
      <RefusedList />
      <main id="content" aria-label={t("board.label")}>
        <BrokenGlasses />
        {model.case.practice && <p class="notice practice">{t("practice.banner")}</p>}
        {model.case.status === "closed" && <p class="notice closed">{t("case.closed_notice")}</p>}
        {model.columns.length === 0 && <div class="page"><p>{t("board.empty")}</p>{rights.may("columns") && <p class="soft">{t("board.empty_hint")}</p>}</div>}
        <div class="columns" ref={strip} tabIndex={0} role="group" aria-label={t("board.label")}>
          {model.columns.map((column) => <Column key={column.id} column={column} />)}
          {rights.may("columns") && (
            <section class="column new">
              <button type="button" class="btn dashed add" data-act="add-column" onClick={() => table.show({ what: "new-column" })}><Icon of={Plus} /> {t("column.add")}</button>
            </section>
          )}
        </div>
      </main>
      <QuickBar columns={strip} />
      <Dropping board={strip} />
    </>
  );
}

function OpenDialog() {
  const table = useTable();
  const open = table.open.value;
  return open && table.model.value ? <DialogFor open={open} /> : null;
}

function DialogFor({ open }: { open: Open }) {
  switch (open.what) {
    case "card": return <CardDialog key={open.card} id={open.card} task={open.task} />;
    case "new-card": return <NewCardDialog key={open.column} column={open.column} stance={open.stance} />;
    case "paste": return <PasteDialog key={open.column} column={open.column} />;
    case "shortcuts": return <ShortcutsDialog />;
    case "person": return <PersonDialog key={open.person} id={open.person} />;
    case "new-person": return <NewPersonDialog />;
    case "column": return <ColumnDialog key={open.column} id={open.column} />;
    case "new-column": return <NewColumnDialog />;
    case "case": return <CaseDialog />;
    case "archive": return <ArchiveDialog />;
    case "attendance": return <AttendanceDialog />;
    case "look-as": return <LensDialog />;
  }
}
