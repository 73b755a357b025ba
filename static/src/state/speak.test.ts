import assert from "node:assert/strict";
import { test } from "node:test";
import { serverExamples } from "../protocol.examples.ts";
import { t } from "../words/words.ts";
import type { Model } from "./model.ts";
import { arrivals, spoken } from "./speak.ts";

const hello = serverExamples[0];
assert.ok(hello?.t === "hello" && hello.whole);
const model: Model = hello.whole;
const card = Object.values(model.cards).find((c) => c.links)!;
const without: Model = { ...model, cards: Object.fromEntries(Object.entries(model.cards).filter(([id]) => id !== card.id)) };
const nothingOfMine = { card: () => false, any: false };

test("a card of somebody else is called out by its author", () => {
  assert.deepEqual(spoken(without, model, "SOMEONE", nothingOfMine), ["Iris zette een kaart op tafel"]);
});

test("my own new card and what I was changing is not", () => {
  assert.deepEqual(spoken(without, model, card.by, nothingOfMine), []);
  assert.deepEqual(spoken(model, without, "SOMEONE", { card: (id) => id === card.id, any: true }), []);
});

test("that my own seat changed is told to me alone, whatever I was doing", () => {
  const [mine] = model.team, others = model.team.slice(1);
  const changed: Model = { ...model, team: [{ ...mine!, role: "guest" }, ...others] };
  assert.deepEqual(spoken(model, changed, mine!.user, { card: () => false, any: true }), ["Je plek aan deze tafel is gewijzigd"]);
  assert.deepEqual(spoken(model, changed, others[0]?.user ?? "SOMEONE", nothingOfMine), []);
  assert.deepEqual(spoken(model, { ...model, team: [{ ...mine!, name: "Anders" }, ...others] }, mine!.user, nothingOfMine), []);
});

test("leaving says nothing of the card", () => {
  assert.deepEqual(spoken(model, without, "SOMEONE", nothingOfMine), ["Een kaart is van het bord"]);
});

test("moved, archived, changed", () => {
  const say = (changed: object) => spoken(model, { ...model, cards: { ...model.cards, [card.id]: { ...card, ...changed } } }, "SOMEONE", nothingOfMine);
  assert.deepEqual(say({ col: "ELSEWHERE" }), ["Een kaart van Iris is verplaatst"]);
  assert.deepEqual(say({ archived: true }), ["Een kaart van Iris is opgeborgen"]);
  assert.deepEqual(say({ kind: "fact" }), ["Een kaart van Iris is gewijzigd"]);
});

test("many at once are counted", () => {
  const many = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`N${i}`, { ...card, id: `N${i}` }]));
  assert.deepEqual(spoken(model, { ...model, cards: { ...model.cards, ...many } }, "SOMEONE", nothingOfMine), ["Er veranderden 9 kaarten"]);
});

test("who comes and goes, and never myself", () => {
  const name = (user: string) => user.toLowerCase();
  assert.deepEqual(arrivals([{ user: "ME" }, { user: "DAAN" }], [{ user: "IRIS" }], "ME", name), ["iris schuift aan", "daan is weg van tafel"]);
  assert.deepEqual(arrivals([{ user: "DAAN" }], [{ user: "DAAN", card: "K" }], "ME", name), []);
});

test("the case, the family and the columns are called out when it was not me", () => {
  const after: Model = { ...model, case: { ...model.case, status: "closed" }, family: [], columns: [] };
  assert.deepEqual(spoken(model, after, "SOMEONE", nothingOfMine), ["De casus is gesloten", "Het gezin is gewijzigd", "De kolommen zijn gewijzigd"]);
  assert.deepEqual(spoken(model, after, "SOMEONE", { card: () => false, any: true }), []);
});

test("what is lent to me is said as that, and what is lent to others is not", () => {
  const given = [{ id: "LEND", kind: "lend" as const, user: "SOMEONE", card: card.id }];
  assert.deepEqual(spoken(without, { ...model, given }, "SOMEONE", nothingOfMine), [t("said.lent")]);
  assert.deepEqual(spoken({ ...model, given }, { ...without, given: [] }, "SOMEONE", nothingOfMine), [t("said.lent_over")]);
  assert.deepEqual(spoken(model, { ...model, given }, "ANOTHER", nothingOfMine), []);
});

test("a broken glass is said to who broke it and to who gets to know it", () => {
  const breaker = model.team[0]!;
  const given = [{ id: "GLASS", kind: "glass" as const, user: breaker.user }];
  assert.deepEqual(spoken(without, { ...model, given }, breaker.user, nothingOfMine), [t("said.glass")]);
  assert.deepEqual(spoken({ ...model, given }, { ...without, given: [] }, breaker.user, nothingOfMine), [t("said.glass_over")]);
  assert.deepEqual(spoken(model, { ...model, given }, "SOMEONE", nothingOfMine), [t("said.glass_by", { name: breaker.name })]);
  assert.deepEqual(spoken({ ...model, given }, { ...model, given: [] }, "SOMEONE", nothingOfMine), []);
});
