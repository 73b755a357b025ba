// What was done with a card and by whom, when somebody asks for it: looking
// back is a look of its own. From here versions of its text are looked at.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { History as Clock } from "lucide";
import { focusIsLost } from "../dialog/focus.ts";
import { Icon } from "../icon/icon.tsx";
import type { Line } from "../protocol.ts";
import { Refusal } from "../refusal/refusal.tsx";
import type { KnownCard } from "../state/model.ts";
import { useTable } from "../state/table.ts";
import { moment, t, tOr } from "../words/words.ts";
import { NameVersion } from "./name-version.tsx";
import type { Since } from "./since.tsx";
import { useHistory } from "./use-history.ts";
import { VersionView } from "./version-view.tsx";
import { circle, following, versions } from "./versions.ts";
import "./history.css";

export function History({ card, since }: { card: KnownCard; since: Since }) {
  const table = useTable(), asked = useSignal(false);
  return (
    <section class="history" aria-label={t("history.title")} data-history={asked.value ? "asked" : ""}>
      {asked.value ? <Told card={card} since={since} key={circle(card, table.person(card.person))} /> : (
        <div class="row"><button type="button" class="btn" data-act="history" onClick={() => { asked.value = true; }}><Icon of={Clock} /> {t("history.show")}</button></div>
      )}
    </section>
  );
}

function Told({ card, since }: { card: KnownCard; since: Since }) {
  const table = useTable();
  const { told, again } = useHistory(card);
  const looked = useSignal<{ version: string; against?: string | undefined } | undefined>(undefined);
  const heading = useRef<HTMLHeadingElement>(null), section = useRef<HTMLDivElement>(null);
  const lines = told && !told.error ? told.lines : [], all = versions(lines);
  // A version that the history names no longer is looked at no longer.
  const open = looked.value && all.some(({ id }) => id === looked.value?.version) ? looked.value : undefined;
  useEffect(() => { if (focusIsLost()) heading.current?.focus(); }, []); // with the button, or with what was told before
  useEffect(() => { if (told) since.keep(told.error ? [] : all.map(({ id }) => id)); }, [told]);

  const back = (version: string) => {
    looked.value = undefined;
    requestAnimationFrame(() => (section.current?.querySelector<HTMLElement>(`[data-version="${version}"]`) ?? heading.current)?.focus());
  };
  if (open) return <VersionView card={card} lines={lines} look={open} onBack={() => back(open.version)} onChanged={again} />;
  return (
    <div class="stack" ref={section}>
      <h3 tabIndex={-1} ref={heading}>{t("history.title")}</h3>
      {!told && <p class="soft" role="status">{t(table.connection.value === "offline" ? "readers.offline" : "history.busy")}</p>}
      {told?.error && <Refusal error={told.error} />}
      {told && !told.error && (
        <>
          {told.unread !== undefined && told.unread !== since.version && (
            <div class="notice" data-unread="">
              <p>{t("version.unread")}</p>
              <button type="button" class="btn small" data-act="since" onClick={() => since.show(told.unread!)}>{t("version.unread_show")}</button>
            </div>
          )}
          <Lines lines={lines} onLook={(line) => {
            looked.value = { version: line.version!, ...(line.what === "edited" && { against: following(all, line.version!)?.id }) };
          }} />
          <NameVersion card={card} all={all} onNamed={again} />
          <p class="soft small">{t("history.begins")}</p>
        </>
      )}
    </div>
  );
}

/** The newest first. */
export function Lines({ lines, onLook }: { lines: Line[]; onLook?: (line: Line) => void }) {
  const table = useTable();
  return (
    <ol class="lines" reversed data-lines="">
      {[...lines].reverse().map((line, i) => {
        const words = what(line, (id) => table.model.value?.columns.find((c) => c.id === id)?.title, table.nameOf(line.user));
        return (
          <li key={lines.length - i} data-line={line.what}>
            <span translate={false}>{words}</span>
            <span class="when">
              {onLook && line.version !== undefined && (
                <button type="button" class="link small" data-act="look" data-version={line.version} onClick={() => onLook(line)}>
                  {t(line.what === "edited" ? "version.what_changed" : "version.look")}<span class="visually-hidden">: {words}, {moment(line.at)}</span>
                </button>
              )}
              <time class="soft small" dateTime={line.at}>{moment(line.at)}</time>
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function what(line: Line, title: (column: string) => string | undefined, name: string): string {
  const column = line.col && title(line.col);
  if (line.what === "moved" && column) return t("history.moved_to", { name, column });
  return tOr(`history.${line.what}`, "history.other").replaceAll("{name}", name).replaceAll("{version}", line.name ?? "");
}
