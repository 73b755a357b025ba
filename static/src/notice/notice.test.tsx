import assert from "node:assert/strict";
import { test } from "node:test";
import { render } from "preact-render-to-string";
import type { Hello } from "../protocol.ts";
import { serverExamples } from "../protocol.examples.ts";
import { Table, TableContext } from "../state/table.ts";
import { Notice } from "./notice.tsx";

const hello = serverExamples[0] as Hello;
const card = Object.values(hello.whole!.cards).find((one) => one.tabled && !one.archived)!;

function line(happens: (table: Table) => void): string {
  const table = new Table("CASE", () => { throw new Error("nothing is sent here"); });
  table.hello(hello);
  happens(table);
  return render(<TableContext.Provider value={table}><Notice /></TableContext.Provider>);
}

const changed = (table: Table, ...ids: string[]) => table.news({ t: "change", cursor: "c", cards: ids.map((id) => ({ ...card, id, kind: "fact" as const })) });

test("one changed card can be looked at from the line", () => {
  assert.match(line((table) => changed(table, card.id)), /data-said[^>]*>Een kaart van Iris is gewijzigd<.*data-act="see"/s);
});

test("several cannot, nor one that went, nor somebody who came", () => {
  for (const happens of [
    (table: Table) => changed(table, card.id, "ANOTHER"),
    (table: Table) => table.news({ t: "change", cursor: "c", gone: [card.id] }),
    (table: Table) => { changed(table, card.id); table.news({ t: "here", here: [{ user: "SOMEBODY" }] }); },
  ]) {
    const html = line(happens);
    assert.doesNotMatch(html, /data-said[^>]*><\/p>/, "something is said");
    assert.doesNotMatch(html, /data-act="see"/);
  }
});
