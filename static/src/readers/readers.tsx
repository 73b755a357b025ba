// "Wie mag dit lezen?": the names of those at this table who can and who
// cannot, before anything is done.
import { useSignal, type ReadonlySignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Question } from "../live/live.ts";
import type { Readers } from "../protocol.ts";
import { Refusal } from "../refusal/refusal.tsx";
import { useTable } from "../state/table.ts";
import { language, t, tOr } from "../words/words.ts";
import { Gist, partnersSide } from "./gist.tsx";
import "./readers.css";

const pause = 250; // milliseconds of rest before a changed question is asked

/** Asks the question, anew when it changes; undefined until it is answered. */
export function useReaders(question: Question | undefined): ReadonlySignal<Readers | undefined> {
  const table = useTable();
  const readers = useSignal<Readers | undefined>(undefined);
  const first = useRef(true);
  const asked = question && JSON.stringify(question);
  useEffect(() => {
    readers.value = undefined;
    if (asked === undefined) return;
    let current = true, id = "";
    const timer = setTimeout(() => {
      const answer = table.live.who(JSON.parse(asked) as Question);
      id = answer.id;
      void answer.readers.then((found) => { if (current) readers.value = found; });
    }, first.current ? 0 : pause);
    first.current = false;
    return () => {
      current = false;
      clearTimeout(timer);
      table.live.forget(id);
    };
  }, [asked]);
  return readers;
}

/** Whether the names are on the screen, so that one may go on. */
export function shown(readers: Readers | undefined): boolean { return readers !== undefined && !readers.error }

/** changes: also show who gains and who loses by it. */
export function ReadersPreview({ readers, changes = false, title = t("readers.title") }: { readers: Readers | undefined; changes?: boolean; title?: string }) {
  const table = useTable();
  return (
    <section class="readers" aria-label={title} aria-live="polite" aria-busy={!readers} data-readers={readers ? "known" : "asked"}>
      <h3>{title}</h3>
      {!readers && <p class="soft">{t(table.connection.value === "offline" ? "readers.offline" : "readers.busy")}</p>}
      {readers?.error && <Refusal error={readers.error} />}
      {readers && !readers.error && (
        <>
          <Gist readers={readers} />
          {changes && <Changes readers={readers} />}
          <dl>
            <Names what="can" users={readers.can} />
            <Names what="cannot" users={readers.cannot} />
          </dl>
        </>
      )}
    </section>
  );
}

function Changes({ readers }: { readers: Readers }) {
  if (readers.gains.length === 0 && readers.loses.length === 0) return <p class="soft">{t("readers.same")}</p>;
  return (
    <dl class="changes">
      {readers.gains.length > 0 && <Names what="gains" users={readers.gains} />}
      {readers.loses.length > 0 && <Names what="loses" users={readers.loses} />}
    </dl>
  );
}

function Names({ what, users }: { what: "can" | "cannot" | "gains" | "loses"; users: string[] }) {
  const table = useTable();
  const member = (user: string) => t("readers.member", { name: table.nameOf(user), role: tOr(`role.${table.member(user)?.role}`, "role.none") });
  const rank = (user: string) => (partnersSide(table.member(user)) ? 0 : 1);
  const byName = [...users].sort((a, b) => rank(a) - rank(b) || table.nameOf(a).localeCompare(table.nameOf(b), language));
  return (
    <div data-readers-list={what}>
      <dt>{t(`readers.${what}`)}</dt>
      <dd>
        {users.length === 0 ? t("readers.nobody") : (
          <ul>{byName.map((user) => <li key={user} data-reader={user} translate={false}>{member(user)}</li>)}</ul>
        )}
      </dd>
    </div>
  );
}
