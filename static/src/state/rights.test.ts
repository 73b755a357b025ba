import assert from "node:assert/strict";
import { test } from "node:test";
import type { Me, Member, Person } from "../protocol.ts";
import { cellBit, firstClass, hasBit, Rights, type Cell } from "./rights.ts";

/** The mask with exactly these bits, made by another way than it is read. */
function mask(...bits: number[]): string {
  const words = [0n, 0n, 0n, 0n];
  for (const bit of bits) words[Math.floor(bit / 64)]! |= 1n << BigInt(bit % 64);
  return words.map((word) => word.toString(16).padStart(16, "0")).join("");
}

test("each of the 256 bits is read where it was set, and no other", () => {
  for (let bit = 0; bit < 256; bit++) {
    const one = mask(bit);
    assert.deepEqual([...Array(256).keys()].filter((b) => hasBit(one, b)), [bit]);
  }
});

test("an empty mask allows nothing", () => assert.equal(hasBit("", 0), false));

test("the bit of a cell is that of the protocol", () => {
  assert.equal(cellBit({ view: "child", beside: false, class: "shared", owner: "self" }), 0);
  assert.equal(cellBit({ view: "child", beside: true, class: "safety", owner: "peer" }), ((0 * 2 + 1) * 5 + 2) * 4 + 2);
  assert.equal(cellBit({ view: "professional", beside: false, class: "private", owner: "other" }), ((4 * 2 + 0) * 5 + 4) * 4 + 3);
});

const iris: Member = { user: "IRIS", name: "Iris", role: "child_worker", org: "WEST", org_name: "West", beside: ["FENNA"] };
const by = { by: "IRIS", role: "child_worker", org: "WEST" } as const;
const fenna: Person = { id: "FENNA", kind: "child", class: "shared", name: "Fenna", ...by };
const ans: Person = { id: "ANS", kind: "network", class: "safety", name: "Ans", ...by };

function rights(open: Record<string, Cell[]>, caseActs: string[] = []): Rights {
  const masks = Object.fromEntries(Object.entries(open).map(([act, cells]) => [act, mask(...cells.map(cellBit))]));
  for (const act of caseActs) masks[act] = mask(200);
  const me: Me = { user: "IRIS", role: "child_worker", rights: { open: masks, closed: {} } };
  return new Rights(me, iris, "open", [fenna, ans]);
}

test("whose card it is: the first that holds of self, named, peer, other", () => {
  const r = rights({});
  const owner = (author: { by: string; role: "child_worker" | "chair"; org: string; named?: string[] }) => r.cell("FENNA", "named", author).owner;
  assert.equal(owner({ ...by, named: ["IRIS"] }), "self");
  assert.equal(owner({ ...by, by: "KEES", named: ["IRIS"] }), "named");
  assert.equal(owner({ ...by, by: "KEES" }), "peer");
  assert.equal(owner({ ...by, by: "KEES", org: "EAST" }), "other");
  assert.equal(owner({ ...by, by: "KEES", role: "chair" }), "other");
});

test("beside counts for the persons one stands beside only", () => {
  const r = rights({});
  assert.equal(r.cell("FENNA", "shared", by).beside, true);
  assert.equal(r.cell("ANS", "shared", by).beside, false);
  assert.deepEqual(r.cell(undefined, "shared", by), { view: "professional", beside: false, class: "shared", owner: "self" });
});

test("kinds and perspectives are offered as far as the masks go", () => {
  const ask: Cell = { view: "network", beside: false, class: "shared", owner: "self" };
  const voice: Cell = { view: "child", beside: true, class: "confidential", owner: "self" };
  const r = rights({ ask: [ask], voice: [voice] });
  assert.deepEqual(r.kindsFor("ANS", "shared"), ["interpretation", "question"]);
  assert.deepEqual(r.kindsFor("FENNA", "confidential"), ["fact", "words", "signal", "strength", "concern"]);
  assert.deepEqual(r.classesFor("FENNA"), ["confidential"]);
  assert.deepEqual(r.perspectives(), ["FENNA", "ANS"]);
});

test("acts about the case have a bit of their own, per status", () => {
  assert.equal(rights({}, ["columns"]).may("columns"), true);
  assert.equal(rights({}).may("columns"), false);
  const open = rights({}, ["columns"]);
  assert.equal(new Rights(open.me, iris, "closed", []).may("columns"), false);
});

test("a new card starts narrow, and never shared for a safety person", () => {
  assert.equal(firstClass(["shared", "confidential", "safety"], ans), "safety");
  assert.equal(firstClass(["shared", "private", "named"], ans), "private");
  assert.equal(firstClass(["shared", "confidential", "safety"], fenna), "confidential");
  assert.equal(firstClass(["shared", "private", "named"], undefined), "shared");
  assert.equal(firstClass([], fenna), undefined);
});
