import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import type { Person } from "../protocol.ts";
import type { KnownCard, Model } from "../state/model.ts";
import { among, everything, isOn, options, passes, toggle, unsaid } from "./filter.ts";
import { Sift } from "./sift.ts";

const card = (id: string, parts: Partial<KnownCard>): KnownCard => ({
  id, col: "C", title: { base: "T", body: id }, text: { base: "X", body: "" }, class: "shared", kind: "fact", by: "IRIS",
  role: "child_worker", org: "O", at: "", changed: "", ...parts,
});
const person = (id: string): Person => ({ id, kind: "child", class: "shared", name: id, by: "IRIS", role: "child_worker", org: "O" });
const family = [person("FENNA"), person("BRAM")];
const cards = [
  card("A", { person: "FENNA", kind: "fact", domain: "health" }),
  card("B", { person: "FENNA", kind: "question", class: "safety" }),
  card("C", { person: "BRAM", kind: "fact", role: "chair" }),
  card("D", { kind: "concern" }),
];
const ids = (filter = everything) => cards.filter((c) => passes(filter, c)).map((c) => c.id).join("");

test("without a choice everything passes", () => {
  assert.equal(ids(), "ABCD");
  assert.equal(isOn(everything), false);
});

test("within one facet choices add up, between facets they narrow", () => {
  const fenna = toggle(everything, "person", "FENNA");
  assert.equal(ids(fenna), "AB");
  assert.equal(ids(toggle(fenna, "person", "BRAM")), "ABC");
  assert.equal(ids(toggle(fenna, "kind", "fact")), "A");
  assert.equal(ids(toggle(everything, "discipline", "chair")), "C");
  assert.equal(ids(toggle(everything, "class", "safety")), "B");
});

test("professional, and no life domain, can be chosen as well", () => {
  assert.equal(ids(toggle(everything, "person", unsaid)), "D");
  assert.equal(ids(toggle(everything, "domain", unsaid)), "BCD");
});

test("choosing again lets go", () => {
  assert.deepEqual(toggle(toggle(everything, "kind", "fact"), "kind", "fact"), everything);
});

test("options are those that occur, in their usual order, and count beside the other facets", () => {
  assert.deepEqual(options(everything, "person", cards, family).map((o) => [o.value, o.cards]), [["FENNA", 2], ["BRAM", 1], [unsaid, 1]]);
  const facts = toggle(everything, "kind", "fact");
  assert.deepEqual(options(facts, "person", cards, family).map((o) => [o.value, o.cards]), [["FENNA", 1], ["BRAM", 1], [unsaid, 0]]);
  assert.deepEqual(options(facts, "kind", cards, family).map((o) => [o.value, o.cards, o.chosen]),
    [["fact", 2, true], ["question", 1, false], ["concern", 1, false]]);
});

test("a chosen value stays an option when its last card goes", () => {
  const signals = toggle(everything, "kind", "signal");
  assert.deepEqual(options(signals, "kind", [], family), [{ value: "signal", cards: 0, chosen: true }]);
});

test("somebody who is not in the family any more hides nothing", () => {
  const fenna = toggle(everything, "person", "FENNA");
  assert.equal(among(fenna, family), fenna);
  assert.equal(isOn(among(fenna, [person("BRAM")])), false);
});

test("a card of mine that the filter hides stays until the filter changes", () => {
  const model = signal<Model | undefined>({ family, cards: Object.fromEntries(cards.map((c) => [c.id, c])) } as Model);
  const sift = new Sift(model);
  sift.toggle("person", "BRAM");
  assert.equal(sift.shown.value, 1);
  sift.mine([cards[0]!, cards[2]!]);
  assert.equal(sift.shows(cards[0]!), true);
  assert.equal(sift.outside(cards[0]!), true);
  assert.equal(sift.outside(cards[2]!), false, "what passes anyway is not outside");
  assert.equal(sift.shown.value, 2);
  sift.toggle("kind", "fact");
  assert.equal(sift.shows(cards[0]!), false);
  sift.showAll();
  assert.equal(sift.shown.value, 4);
});

test("archived cards are not counted", () => {
  const model = signal<Model | undefined>({ family, cards: { A: cards[0]!, Z: card("Z", { archived: true }) } } as unknown as Model);
  assert.equal(new Sift(model).cards.value.length, 1);
});
