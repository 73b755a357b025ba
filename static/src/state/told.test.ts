import assert from "node:assert/strict";
import { test } from "node:test";
import { serverExamples } from "../protocol.examples.ts";
import { Table } from "./table.ts";

const hello = serverExamples.find((m) => m.t === "hello" && m.whole);
assert.ok(hello?.t === "hello" && hello.whole);
const whole = hello;
const [card] = Object.keys(whole.whole!.cards);

function talkative(): Table {
  const table = new Table("CASE", () => { throw new Error("nothing is sent here"); });
  table.hello(whole);
  table.tell("Ans staat naar voren");
  table.moves.moved.value = "Verplaatst naar Zorgen, na ‘Ik wil één iemand bellen’";
  return table;
}
const words = (table: Table) => [table.told.value, table.moves.moved.value, table.said.value];

test("a change that takes nothing away leaves what was told", () => {
  const table = talkative(), before = words(table);
  table.news({ t: "change", cursor: "next", undo: { command: "C", card: card!, what: "card_moved" } });
  assert.deepEqual(words(table).slice(0, 2), before.slice(0, 2));
});

test("when a card or a person goes, no sentence that may name it stays", () => {
  for (const taken of [{ gone: [card!] }, { family: [] }, { columns: [] }]) {
    const table = talkative();
    table.news({ t: "change", cursor: "next", ...taken });
    assert.deepEqual(words(table).slice(0, 2), ["", ""]);
  }
});

test("what comes whole again takes the sentences of before along", () => {
  const table = talkative();
  table.hello(whole);
  assert.deepEqual(words(table), ["", "", ""]);
});
