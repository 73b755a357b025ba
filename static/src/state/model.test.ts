import assert from "node:assert/strict";
import { test } from "node:test";
import { serverExamples } from "../protocol.examples.ts";
import type { Change } from "../protocol.ts";
import { apply, archived, onBoard, takesAway, type Model } from "./model.ts";

const hello = serverExamples.find((m) => m.t === "hello" && m.whole);
assert.ok(hello?.t === "hello" && hello.whole);
const start: Model = hello.whole;
const [first, draft] = start.order[start.columns[0]!.id]!;
const change = (parts: Omit<Change, "t" | "cursor">): Change => ({ t: "change", cursor: "next", ...parts });

test("an empty change leaves everything the same object", () => {
  const next = apply(start, change({}));
  assert.deepEqual(next, start);
  assert.equal(next.cards, start.cards);
  assert.equal(next.order, start.order);
});

test("a card without text keeps the text it had", () => {
  const { text, ...rest } = start.cards[first!]!;
  const next = apply(start, change({ cards: [{ ...rest, kind: "fact" }] }));
  assert.equal(next.cards[first!]!.kind, "fact");
  assert.deepEqual(next.cards[first!]!.text, text);
});

test("a card is replaced whole: what it no longer has is gone", () => {
  const { named: _, links: __, ...rest } = start.cards[first!]!;
  const next = apply(start, change({ cards: [{ ...rest, class: "confidential" }] }));
  assert.equal(next.cards[first!]!.named, undefined);
  assert.equal(next.cards[first!]!.links, undefined);
});

test("what is gone is taken away and the order follows", () => {
  const column = start.columns[0]!.id;
  const next = apply(start, change({ gone: [first!], order: { [column]: [draft!] } }));
  assert.equal(next.cards[first!], undefined);
  assert.deepEqual(onBoard(next, column).map((card) => card.id), [draft]);
});

test("a column that left takes its order along", () => {
  const [kept, removed] = start.columns;
  const next = apply(start, change({ columns: [kept!] }));
  assert.equal(next.order[removed!.id], undefined);
  assert.deepEqual(next.order[kept!.id], start.order[kept!.id]);
});

test("undo is replaced, kept, or taken away", () => {
  const undo = { command: "C", card: first!, what: "card_moved" };
  assert.deepEqual(apply(start, change({ undo })).undo, undo);
  assert.deepEqual(apply(start, change({})).undo, start.undo);
  assert.equal("undo" in apply(start, change({ no_undo: true })), false);
});

test("consents and custody are replaced, also by none, or kept", () => {
  assert.deepEqual(apply(start, change({ consents: [], custody: [] })), { ...start, consents: [], custody: [] });
  assert.equal(apply(start, change({})).consents, start.consents);
});

test("archived cards are in the archive and not on the board", () => {
  assert.deepEqual(onBoard(start, start.columns[1]!.id), []);
  assert.equal(archived(start).length, 1);
});

test("a Scherm that goes blank leaves nothing of the case", () => {
  const nothing = { team: [], family: [], consents: [], custody: [], columns: [], attendance: { members: [], guests: [], screen: false } };
  const { case: _, undo: __, ...left } = apply(start, change({ ...nothing, gone: Object.keys(start.cards) }));
  assert.deepEqual(left, { ...nothing, cards: {}, order: {} });
});

test("what was told may stay until something named in it can be gone", () => {
  const { text: _, ...card } = start.cards[first!]!;
  const [person, ...others] = start.family, [column, ...columns] = start.columns;
  assert.equal(takesAway(start, change({})), false);
  assert.equal(takesAway(start, change({ cards: [{ ...card, kind: "fact" }], family: start.family, columns: start.columns })), false);
  assert.equal(takesAway(start, change({ gone: [first!] })), true);
  assert.equal(takesAway(start, change({ family: others })), true);
  assert.equal(takesAway(start, change({ columns })), true);
  assert.equal(takesAway(start, change({ cards: [{ ...card, title: { base: "T", body: "", redacted: true } }] })), true);
  assert.equal(takesAway(start, change({ family: [{ ...person!, name: "", redacted: true }, ...others] })), true);
  assert.equal(takesAway(start, change({ columns: [{ ...column!, title: "" }, ...columns] })), true);
});

test("every example change applies", () => {
  for (const message of serverExamples) if (message.t === "change") assert.deepEqual(apply(start, message).columns, message.columns ?? start.columns);
});
