// What was done with a card and by whom, when somebody asks for it: looking
// back is a look of its own.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { History as Clock } from "lucide";
import { Icon } from "../icon/icon.tsx";
import type { Happened, Line } from "../protocol.ts";
import { Refusal } from "../refusal/refusal.tsx";
import type { KnownCard } from "../state/model.ts";
import { useTable } from "../state/table.ts";
import { moment, t, tOr } from "../words/words.ts";
import "./history.css";

export function History({ card }: { card: KnownCard }) {
  const asked = useSignal(false);
  return (
    <section class="history" aria-label={t("history.title")} data-history={asked.value ? "asked" : ""}>
      {asked.value ? <Told card={card} /> : (
        <div class="row"><button type="button" class="btn" data-act="history" onClick={() => { asked.value = true; }}><Icon of={Clock} /> {t("history.show")}</button></div>
      )}
    </section>
  );
}

function Told({ card }: { card: KnownCard }) {
  const table = useTable();
  const told = useSignal<Happened | undefined>(undefined);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []); // its button is gone
  // Whatever changes the card, the list with it.
  useEffect(() => {
    let current = true;
    const asked = table.live.history(card.id);
    void asked.told.then((answer) => { if (current) told.value = answer; });
    return () => {
      current = false;
      table.live.forget(asked.id);
    };
  }, [card]);
  return (
    <>
      <h3 tabIndex={-1} ref={heading}>{t("history.title")}</h3>
      {!told.value && <p class="soft" role="status">{t(table.connection.value === "offline" ? "readers.offline" : "history.busy")}</p>}
      {told.value?.error && <Refusal error={told.value.error} />}
      {told.value && !told.value.error && (
        <>
          <Lines lines={told.value.lines} />
          <p class="soft small">{t("history.begins")}</p>
        </>
      )}
    </>
  );
}

/** The newest first. */
export function Lines({ lines }: { lines: Line[] }) {
  const table = useTable();
  return (
    <ol class="lines" reversed data-lines="">
      {[...lines].reverse().map((line, i) => (
        <li key={lines.length - i} data-line={line.what}>
          <span translate={false}>{what(line, (id) => table.model.value?.columns.find((c) => c.id === id)?.title, table.nameOf(line.user))}</span>
          <time class="soft small" dateTime={line.at}>{moment(line.at)}</time>
        </li>
      ))}
    </ol>
  );
}

function what(line: Line, title: (column: string) => string | undefined, name: string): string {
  const column = line.col && title(line.col);
  if (line.what === "moved" && column) return t("history.moved_to", { name, column });
  return tOr(`history.${line.what}`, "history.other").replaceAll("{name}", name);
}
