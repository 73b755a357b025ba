// The top of the page: which case, whether everything is saved, and the way out.
import { Archive, ChevronLeft, Glasses, Languages, LockKeyhole, LogOut, Settings2 } from "lucide";
import { Connection } from "../connection/connection.tsx";
import { GlassLink } from "../glass/glass.tsx";
import { HintsButton } from "../hints/hints.tsx";
import { Icon } from "../icon/icon.tsx";
import { Notice } from "../notice/notice.tsx";
import { ShortcutsButton } from "../shortcuts/shortcuts.tsx";
import { archived } from "../state/model.ts";
import { useTable } from "../state/table.ts";
import { UndoButton } from "../undo/undo.tsx";
import { count, t } from "../words/words.ts";
import { useMayCase } from "./case-dialog.tsx";

export function Header({ signOut }: { signOut: string }) {
  const table = useTable();
  const model = table.model.value;
  return (
    <header class="top-bar">
      <a class="btn plain" href="/" aria-label={t("cases.back")} title={t("cases.back")}><Icon of={ChevronLeft} /></a>
      <h1 tabIndex={-1}>
        <span class="brand">{t("app.name")}</span>
        {model && <span class="case-name" data-case-name="" translate={false}>{model.case.name || t("board.case_redacted")}</span>}
        {model && <span class={`status ${model.case.status}`} data-status={model.case.status}>{t(`status.${model.case.status}`)}</span>}
        {model?.case.practice && <span class="status practice" data-practice="">{t("practice.tag")}</span>}
      </h1>
      <Notice />
      <Connection line={table.connection.value} lost={table.lost.value} unrecorded={table.unrecorded.value} waiting={table.waiting.value} onRetry={() => table.live.retry()} />
      <form method="post" action="/language">
        <input type="hidden" name="case" value={table.live.caseId} />
        <button class="btn plain" name="language" value={t("lang.other_code")} lang={t("lang.other_code")} data-act="language"><Icon of={Languages} /> <span class="wide">{t("lang.other")}</span><span class="narrow" aria-hidden="true">{t("lang.other_code")}</span></button>
      </form>
      <form method="post" action="/lock">
        <button class="btn plain" data-act="lock" title={t("lock.submit")}><Icon of={LockKeyhole} /> <span class="wide">{t("lock.submit")}</span></button>
      </form>
      <form method="post" action={signOut}>
        <button class="btn plain" data-act="sign-out" title={t("signout.submit")}><Icon of={LogOut} /> <span class="wide">{t("signout.submit")}</span></button>
      </form>
    </header>
  );
}

/** What can be done with the board as a whole. */
export function Tools() {
  const table = useTable();
  const model = table.model.value, rights = table.rights.value;
  const mayCase = useMayCase();
  if (!model || !rights) return null;
  const stored = archived(model).length;
  return (
    <section class="tools" aria-label={t("board.tools")}>
      {model.undo && model.case.status === "open" && <UndoButton key={model.undo.command} undo={model.undo} model={model} />}
      {stored > 0 && <button type="button" class="btn plain" data-act="archive-list" onClick={() => table.show({ what: "archive" })}><Icon of={Archive} /> {count("archive.open", stored)}</button>}
      <GlassLink />
      <ShortcutsButton />
      {rights.may("lead") && <button type="button" class="btn plain" data-act="look-as" title={t("lens.open")} onClick={() => table.show({ what: "look-as" })}><Icon of={Glasses} /> <span class="wide">{t("lens.open")}</span></button>}
      {mayCase && <button type="button" class="btn plain" data-act="case" title={t("board.case")} onClick={() => table.show({ what: "case" })}><Icon of={Settings2} /> <span class="wide">{t("board.case")}</span></button>}
      <HintsButton />
    </section>
  );
}
