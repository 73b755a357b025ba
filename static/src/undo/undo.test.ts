import assert from "node:assert/strict";
import { test } from "node:test";
import type { Undo } from "../protocol.ts";
import { serverExamples } from "../protocol.examples.ts";
import type { Model } from "../state/model.ts";
import { lostUndo } from "./lost.ts";
import { isDone, willDo } from "./words.ts";

const hello = serverExamples[0];
assert.ok(hello?.t === "hello" && hello.whole);
const model: Model = hello.whole;
const [facts, questions] = model.columns;
const card = Object.values(model.cards).find((c) => c.links)!; // words, daily life, in the shelter, in Feiten
const other = Object.values(model.cards).find((c) => !c.tabled)!;
const undo = (what: string, rest: Partial<Undo> = {}): Undo => ({ command: "C", card: card.id, what, ...rest });
const labels = { kind: card.kind, domain: card.domain!, seen: card.seen! };

test("it says what it will do and what it did", () => {
  for (const [mine, will, done] of [
    [undo("card_retitled", { title: "Miste negen schooldagen sinds aankomst in de opvang." }), "Zet de titel terug naar ‘Miste negen schooldagen sinds aankomst…’", "De titel is weer ‘Miste negen schooldagen sinds aankomst…’"],
    [undo("card_edited", { text: "Zei ze\ntegen Iris." }), "Zet de vorige toelichting terug: ‘Zei ze tegen Iris.’", "De vorige toelichting staat er weer"],
    [undo("card_edited"), "Haal de toelichting weer weg", "De toelichting is weer weg"],
    [undo("card_labelled", { ...labels, kind: "question" }), "Maak er weer een vraag van", "Dit is weer: vraag, dagelijks leven, in de opvang"],
    [undo("card_labelled", { ...labels, domain: "housing" }), "Zet het leefdomein terug op wonen", "Dit is weer: eigen woorden, wonen, in de opvang"],
    [undo("card_labelled", { kind: labels.kind, seen: labels.seen }), "Haal het leefdomein weer weg", "Dit is weer: eigen woorden, in de opvang"],
    [undo("card_labelled", { kind: labels.kind, domain: labels.domain }), "Haal weer weg waar het gezien is", "Dit is weer: eigen woorden, dagelijks leven"],
    [undo("card_labelled", { kind: "fact" }), "Zet terug: feit", "Dit is weer: feit"],
    [undo("card_moved", { col: questions!.id }), "Zet de kaart terug in Vragen", "De kaart ligt weer in Vragen"],
    [undo("card_moved", { col: facts!.id, after: other.id }), "Zet de kaart terug na ‘Navragen bij school’", "De kaart ligt weer in Feiten"],
    [undo("card_moved", { col: facts!.id }), "Zet de kaart weer vooraan in Feiten", "De kaart ligt weer in Feiten"],
    [undo("card_of_tomorrow"), "Maak je laatste wijziging ongedaan", "Je laatste wijziging is ongedaan gemaakt"],
  ] as const) {
    assert.equal(willDo(mine, model), will);
    assert.equal(isDone(mine, model), done);
  }
});

const mine = { ...model, undo: undo("card_retitled", { title: "Eerst" }) };
const { undo: _none, ...without } = mine;
const retitled = (body: string): Model => ({ ...without, cards: { ...model.cards, [card.id]: { ...card, title: { base: "T2", body } } } });

test("it says why it cannot any more: another changed it, or the card is not here now", () => {
  assert.equal(lostUndo(mine, retitled("Van Daan")), "undo.lost_changed");
  const { [card.id]: _gone, ...cards } = model.cards;
  assert.equal(lostUndo(mine, { ...without, cards }), "undo.lost_gone");
  const moved = { ...model, undo: undo("card_moved", { col: facts!.id }) };
  assert.equal(lostUndo(moved, { ...without, cards: { ...model.cards, [card.id]: { ...card, col: "ELSEWHERE" } } }), "undo.lost_changed");
});

test("what I did myself in another window is no news", () => {
  assert.equal(lostUndo(mine, mine), undefined);
  assert.equal(lostUndo(mine, retitled("Eerst")), undefined, "taken back");
  assert.equal(lostUndo(mine, { ...retitled("Verder"), undo: { ...mine.undo, command: "D" } }), undefined, "changed once more");
  assert.equal(lostUndo(mine, { ...mine, undo: { command: "D", card: other.id, what: "card_retitled" } }), undefined, "another card since");
  assert.equal(lostUndo(without, mine), undefined);
});
