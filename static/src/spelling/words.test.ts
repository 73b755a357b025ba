import assert from "node:assert/strict";
import { test } from "node:test";
import { wordsOfNames, wordsToCheck } from "./words.ts";

const names = wordsOfNames(["Noor de Wit", "Anne-Marie", "Daan"]);
const words = (text: string) => wordsToCheck(text, names).map(({ word }) => word);

test("words, with hyphens and apostrophes within them", () => {
  assert.deepEqual(words("Zij belde ’s avonds met oma's ex-partner: “niets”. Zo’n dag (één)!"), ["Zij", "belde", "avonds", "met", "oma's", "ex-partner", "Zo’n", "dag", "één"]);
  const text = "🦊 De kat";
  for (const { word, at, end } of wordsToCheck(text, names)) assert.equal(text.slice(at, end), word);
});

test("what somebody said, code, addresses, codes and mentions are left alone", () => {
  for (const text of ["“Ik wil na huus.”", "> ik wil na huus", "::: woorden\nIk wil na huus.\n:::", "```\nna huus\n```", "`na huus`", "https://huus.nl/na", "iris@huus.nl", "#K7QF2", "#zwemlez", "@Iriss", "](/na/huus)"]) {
    assert.deepEqual(words(text), [], text);
  }
  assert.deepEqual(words("::: feit\nMiste dagen.\n:::"), ["feit", "Miste", "dagen"]);
  assert.deepEqual(words("[een school](https://huus.nl) en `na` huus"), ["een", "school", "en", "huus"]);
});

test("names that the reader knows, abbreviations, single letters, and what has digits or other letters are left alone", () => {
  for (const text of ["Noor", "Noors", "Noor's", "noor", "Anne-Marie", "Daan", "GGzE", "GGZ", "ZSM-tafel", "a", "A4", "b12x", "12e", "mp3-speler", "snake_case", "ليلى", "Ωmega"]) assert.deepEqual(words(text), [], text);
  assert.deepEqual(words("Noordelijk Jansen"), ["Noordelijk", "Jansen"]);
});

test("what is longer than any word is left alone", () => {
  assert.deepEqual(words("a".repeat(65)), []);
  assert.deepEqual(words("a".repeat(64)), ["a".repeat(64)]);
});

// What grows with the square of the length takes minutes here.
test("a long text is looked through in one go", { timeout: 60_000 }, () => {
  for (const part of ["a", "veilgheid ", "a-", "`", "`a", "](", "#", "@a", "1a", "a_", "“a ", "'", "> a\n"]) words(part.repeat(65_536 / part.length));
});
