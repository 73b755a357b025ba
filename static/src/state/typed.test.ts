import assert from "node:assert/strict";
import { test } from "node:test";
import { TypedTexts } from "./typed.ts";

test("what was typed outlives its dialog, with the version it began from", () => {
  const typed = new TypedTexts();
  typed.begin("card.A.text", "V1", "was").text.value = "was en meer";
  const again = typed.begin("card.A.text", "V2", "intussen anders");
  assert.deepEqual([again.base, again.text.value], ["V1", "was en meer"]);
});

test("what was not touched begins anew from the newest version", () => {
  const typed = new TypedTexts();
  typed.begin("card.A.text", "V1", "was");
  assert.equal(typed.begin("card.A.text", "V2", "nieuw").text.value, "nieuw");
  assert.equal(typed.dirty(), false);
});

test("only my own words are given back, and only of what is asked for", () => {
  const typed = new TypedTexts();
  typed.begin("card.A.text", "V1", "geheim adres").text.value = "geheim adres graag bellen";
  typed.begin("new.B.title").text.value = "Nieuwe vraag";
  assert.deepEqual(typed.own("card.A."), ["graag bellen"]);
  assert.deepEqual(typed.own(), ["graag bellen", "Nieuwe vraag"]);
  typed.forget("card.A.");
  assert.equal(typed.dirty("card.A."), false);
  assert.equal(typed.dirty(), true);
});
