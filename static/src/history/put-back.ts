// An earlier text comes back as a new change over the text of now: what others
// write meanwhile stays, and what stood there can be found back.
import { changes, difference } from "../difference/difference.ts";
import type { Failure, Line } from "../protocol.ts";
import type { Deed } from "../state/deed.ts";
import type { KnownCard } from "../state/model.ts";
import type { Table } from "../state/table.ts";
import { now } from "../words/clock.ts";
import { t } from "../words/words.ts";
import { leavesAVersion } from "./versions.ts";

/** Whoever is within a stretch of writing leaves no version by writing on: then the text of now gets a name first. */
export async function putBack(table: Table, deed: Deed, card: KnownCard, body: string, lines: Line[]): Promise<Failure | undefined> {
  const me = table.me.peek()?.user ?? "";
  if (card.text.body !== "" && !leavesAVersion(lines, me, now())) {
    const named = await deed.run("name_version", { card: card.id, name: t("version.before_put_back") });
    if (!named.ok) return named.error;
  }
  const latest = table.card(card.id) ?? card;
  return (await deed.run("write_note", { card: card.id, base: latest.text.base, changes: changes(difference(latest.text.body, body)) })).error;
}
