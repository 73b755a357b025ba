import assert from "node:assert/strict";
import { test } from "node:test";
import type { Me } from "../protocol.ts";
import { serverExamples } from "../protocol.examples.ts";
import { cellBit, Rights, type CardAct, type Cell } from "../state/rights.ts";
import { tasksFor } from "./card-dialog.tsx";

const hello = serverExamples[0];
assert.ok(hello?.t === "hello" && hello.whole);
const { cards, team, family } = hello.whole;
const tabled = Object.values(cards).find((card) => card.tabled && !card.archived)!;
const draft = Object.values(cards).find((card) => !card.tabled)!;
const mine: Cell = { view: "child", beside: true, class: "named", owner: "self" };

function tasks(card: typeof tabled, ...acts: CardAct[]) {
  const words = [0n, 0n, 0n, 0n], bit = cellBit(mine);
  words[Math.floor(bit / 64)]! |= 1n << BigInt(bit % 64);
  const mask = words.map((word) => word.toString(16).padStart(16, "0")).join("");
  const me: Me = { user: tabled.by, role: tabled.role, rights: { open: Object.fromEntries(acts.map((act) => [act, mask])), closed: {} } };
  return tasksFor(card, new Rights(me, team[0], "open", family));
}

test("nothing allowed, nothing offered", () => assert.deepEqual(tasks(tabled), []));

test("each right brings its own tasks", () => {
  assert.deepEqual(tasks(tabled, "edit"), ["edit", "label", "link"]);
  assert.deepEqual(tasks(tabled, "move", "redact"), ["move", "redact"]);
  assert.deepEqual(tasks(tabled, "shield"), ["shield", "readers"]);
  assert.deepEqual(tasks(tabled, "share", "reperspective"), ["share", "readers", "reperspective"]);
});

test("a right on another kind of card brings nothing", () => {
  assert.deepEqual(tasks({ ...tabled, class: "confidential" }, "edit", "move", "share"), []);
});

test("of a draft its author chooses the readers freely, and shares nothing", () => {
  const voiced = { ...draft, person: tabled.person!, kind: "fact", class: "named" } as typeof tabled;
  assert.deepEqual(tasks(voiced, "voice"), ["shield", "readers"]);
  assert.deepEqual(tasks(voiced), []);
});

test("what is archived does not move, what is erased is not edited, and erased again once it is written anew", () => {
  assert.deepEqual(tasks({ ...tabled, archived: true }, "move"), []);
  const erased = { ...tabled, title: { base: "T", body: "", redacted: true as const }, text: { base: "E", body: "", redacted: true as const } };
  assert.deepEqual(tasks(erased, "edit", "redact"), ["label", "link"]);
  assert.deepEqual(tasks({ ...erased, text: { base: "F", body: "Opnieuw" } }, "edit", "redact"), ["label", "link", "redact"]);
});
