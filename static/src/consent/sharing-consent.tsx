// Before a card is shared: what its person said about that sharing, as far as I
// may know, and for a child what its age asks. It tells and never blocks.
import type { Class, Readers } from "../protocol.ts";
import { called, useTable } from "../state/table.ts";
import { t } from "../words/words.ts";
import { AgeHint } from "./age-hint.tsx";
import { consentsOf, sharingsWith } from "./records.ts";
import { Said } from "./said.tsx";
import "./consent.css";

interface Props {
  /** From whom the card will speak; undefined is professional. */
  person: string | undefined;
  to: Class;
  readers: Readers | undefined;
  /** Whether the card has readers now: then those count who come to read by it. */
  tabled: boolean;
}

export function SharingConsent({ person: id, to, readers, tabled }: Props) {
  const table = useTable();
  const model = table.model.value, person = table.person(id);
  if (!model || !person || !readers || readers.error) return null;
  const users = (tabled ? readers.gains : readers.can).filter((user) => user !== table.me.value?.user);
  if (users.length === 0) return null;
  const sharings = sharingsWith(to, users.flatMap((user) => table.member(user) ?? []), consentsOf(model, person.id));
  const title = t("consent.of", { name: called(person) });
  return (
    <section class="consent" aria-label={title} data-sharing-consent={person.id}>
      <h3 translate={false}>{title}</h3>
      <Said person={person} sharings={sharings} advise />
      <AgeHint person={person} />
    </section>
  );
}
