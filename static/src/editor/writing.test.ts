import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { ChangeSet } from "@codemirror/state";
import type { Answer, Commands, Failure } from "../protocol.ts";
import type { Desk } from "./notes.ts";
import { Writing } from "./writing.ts";

const text = { base: "A", body: "Bram slaapt." };

function desk(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const sent: { given: Commands["write_note"]; id: string; answer: (answer: Partial<Answer>) => Promise<void> }[] = [];
  const kept: [string, Failure | undefined][] = [], done: string[] = [];
  let line = true, now = text;
  const at: Desk = {
    me: () => "Iris", connected: () => line, text: () => now, kept: (_, own, error) => { kept.push([own, error]); },
    settled: () => { done.push("settled"); }, ended: () => { done.push("ended"); },
    write: (id, given) => new Promise((settle) => sent.push({ id, given, answer: async (answer) => {
      settle({ t: "answer", id, ok: true, ...answer });
      await Promise.resolve();
    } })),
  };
  const writing = new Writing("K", text, at);
  const types = (insert: string, from = writing.sync.doc.length) => writing.wrote(ChangeSet.of({ from, insert }, writing.sync.doc.length, "\n"));
  return { writing, types, sent, kept, done, later: (ms: number) => t.mock.timers.tick(ms), goes: (on: boolean) => { line = on; }, becomes: (other: typeof text) => { now = other; } };
}

const body = (writing: Writing) => writing.sync.doc.toString();
const refused = (reason: string, kind: Failure["kind"] = "denied"): Partial<Answer> => ({ ok: false, error: { kind, reason } });

test("what is typed goes as one write, and the next when that is answered", async (t) => {
  const { writing, types, sent, later } = desk(t);
  types(" Nu");
  types(" wel");
  later(100);
  assert.deepEqual(sent.map(({ given }) => given), [{ card: "K", base: "A", changes: [12, [0, " Nu wel"]] }]);
  types(".");
  later(1_000);
  assert.equal(sent.length, 1);
  assert.equal(writing.stored.value, false);
  writing.follow({ from: "A", steps: [{ id: sent[0]!.id, user: "Iris", base: "B", changes: [12, [0, " Nu wel"]] }] }, { base: "B", body: "Bram slaapt. Nu wel" });
  await sent[0]!.answer({});
  later(100);
  assert.deepEqual(sent[1]!.given, { card: "K", base: "B", changes: [19, [0, "."]] });
  writing.follow({ from: "B", steps: [{ id: sent[1]!.id, user: "Iris", base: "C", changes: [19, [0, "."]] }] }, { base: "C", body: "Bram slaapt. Nu wel." });
  await sent[1]!.answer({});
  assert.equal(writing.stored.value, true);
});

test("an answer that comes before its step takes nothing off the screen", async (t) => {
  const { writing, types, sent, later } = desk(t);
  types(" Nu");
  later(100);
  const { id, answer } = sent[0]!, seen: number[] = [];
  writing.show((changes) => seen.push(changes.newLength));
  await answer({});
  assert.equal(body(writing), "Bram slaapt. Nu");
  writing.follow({ from: "A", steps: [{ id, user: "Iris", base: "B", changes: [12, [0, " Nu"]] }] }, { base: "B", body: "Bram slaapt. Nu" });
  later(5_000);
  assert.deepEqual(seen, []);
  assert.equal(writing.stored.value, true);
});

test("without a connection it waits, and goes as one write when there is one", (t) => {
  const { writing, types, sent, later, goes } = desk(t);
  goes(false);
  types(" Nu");
  later(1_000);
  types(" wel");
  later(1_000);
  assert.equal(sent.length, 0);
  goes(true);
  writing.now();
  later(100);
  assert.deepEqual(sent.map(({ given }) => given.changes), [[12, [0, " Nu wel"]]]);
});

test("a text that moved on is brought together with mine and sent anew, a few times", async (t) => {
  const { writing, types, sent, kept, later, becomes } = desk(t);
  types(" Nu");
  for (const base of ["B", "C", "D", "E"]) {
    later(100);
    becomes({ base, body: `Bram slaapt ${base}.` });
    await sent.at(-1)!.answer(refused("note_moved_on", "conflict"));
  }
  assert.deepEqual(sent.slice(1).map(({ given }) => given.base), ["B", "C", "D"]);
  assert.deepEqual(kept.map(([own]) => own), ["Nu"]);
  assert.equal(body(writing), "Bram slaapt D.");
});

test("what is refused is handed over, and the text is that of the server", async (t) => {
  const { writing, types, sent, kept, later } = desk(t);
  types(" Heel veel");
  later(100);
  types(" en meer");
  await sent[0]!.answer(refused("text_too_long", "invalid"));
  assert.deepEqual(kept, [["Heel veel en meer", { kind: "invalid", reason: "text_too_long" }]]);
  assert.equal(body(writing), text.body);
  assert.equal(writing.stored.value, true);
});

test("the right goes while a write is under way: what it held is stored or not, the rest is not", async (t) => {
  const cases: [Partial<Answer>, string][] = [[{}, "en meer"], [refused("not_found", "not_found"), "Nu en meer"]];
  for (const [answer, own] of cases) {
    const { writing, types, sent, kept, done, later } = desk(t);
    types(" Nu");
    later(100);
    types(" en meer");
    writing.end();
    assert.equal(writing.own(), "Nu en meer");
    assert.equal(kept.length, 0);
    await sent[0]!.answer(answer);
    assert.deepEqual(kept.map(([words]) => words), [own]);
    assert.equal(done.at(-1), "ended");
    t.mock.timers.reset();
  }
});

test("the right goes while nothing is under way", (t) => {
  const { writing, types, kept, done, goes } = desk(t);
  goes(false);
  types(" Nu");
  writing.end();
  assert.deepEqual(kept.map(([words]) => words), ["Nu"]);
  assert.equal(done.at(-1), "ended");
});
