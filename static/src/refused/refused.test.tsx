import assert from "node:assert/strict";
import { test } from "node:test";
import { render } from "preact-render-to-string";
import type { Commands, CommandName, Do, Hello } from "../protocol.ts";
import { serverExamples } from "../protocol.examples.ts";
import { Table, TableContext } from "../state/table.ts";
import { RefusedList } from "./refused-list.tsx";

const hello = serverExamples[0] as Hello;
const card = Object.values(hello.whole!.cards).find((one) => !one.title.redacted && one.title.body)!;

function seated(): Table {
  const table = new Table("CASE", () => { throw new Error("nothing is sent here"); });
  table.hello(hello);
  return table;
}
let n = 0;
function refuse<C extends CommandName>(table: Table, cmd: C, given: Commands[C], reason: string, late = true): Do {
  const message = { t: "do", id: `ID${n++}`, cmd, with: given } as Do;
  table.done(message);
  table.answered(message, { t: "answer", id: message.id, ok: false, error: { kind: "not_found", reason } }, late);
  return message;
}
const shown = (table: Table) => render(<TableContext.Provider value={table}><RefusedList /></TableContext.Provider>);

test("what is refused late is listed in order, with why in words and what was typed", () => {
  const table = seated();
  refuse(table, "draft_card", { column: "GONE", title: "Belde zelf", text: "om drie uur", class: "shared", kind: "fact" }, "column_gone");
  refuse(table, "archive_card", { card: card.id }, "not_found");
  const html = shown(table);
  assert.match(html, /Kaart maken\..*Deze kolom is er niet meer.*Belde zelf\nom drie uur.*Kaart opbergen\./s);
  assert.match(html, /role="alert">2 wijzigingen konden niet meer/);
  assert.equal(html.split('data-act="copy"').length, 2, "only where something was typed");
});

test("what is refused at once is told where it was done, and listed only when that place was left", () => {
  const table = seated();
  const { id } = refuse(table, "archive_card", { card: card.id }, "not_found", false);
  assert.equal(table.refused.shown.value.length, 0);
  table.refused.list(id);
  table.refused.list(id);
  assert.equal(table.refused.shown.value.length, 1);
  table.refused.drop(id);
  assert.equal(table.refused.shown.value.length, 0);
});

test("what hangs on something that was refused before says so", () => {
  const table = seated();
  refuse(table, "retitle_card", { card: card.id, title: "Nieuw", base: card.title.base }, "not_found");
  refuse(table, "move_card", { card: "ANOTHER", column: "C" }, "column_gone");
  refuse(table, "edit_card", { card: card.id, text: "Meer", base: "T" }, "not_found");
  assert.deepEqual(table.refused.shown.value.map((one) => one.follows), [false, false, true]);
  assert.match(shown(table), /Dit hoort bij iets hierboven/);
});

test("of a card that is hidden by now only my own words are left, on the board and after it ended", () => {
  const table = seated();
  refuse(table, "retitle_card", { card: card.id, title: `${card.title.body} graag bellen`, base: card.title.base }, "not_found");
  assert.ok(shown(table).includes(`${card.title.body} graag bellen`));
  table.news({ t: "change", cursor: "c", gone: [card.id] });
  const html = shown(table);
  assert.ok(html.includes("graag bellen") && !html.includes(card.title.body) && !html.includes(card.id.slice(0, 5)), html);
  table.ended(4101);
  assert.deepEqual(table.ownWords(), ["graag bellen"]);
});

test("words that nobody answered yet are mine to keep when the place at the table is gone", () => {
  const table = seated();
  table.done({ t: "do", id: "ID", cmd: "draft_card", with: { column: "C", title: "Nog niet verstuurd", class: "shared", kind: "fact" } });
  table.ended(4101);
  assert.deepEqual(table.ownWords(), ["Nog niet verstuurd"]);
});

test("a list with typed words is unsaved until it is dismissed", () => {
  const table = seated();
  const { id } = refuse(table, "draft_card", { column: "GONE", title: "Belde zelf", class: "shared", kind: "fact" }, "column_gone");
  assert.equal(table.unsaved(), true);
  table.refused.drop(id);
  assert.equal(table.unsaved(), false);
});
