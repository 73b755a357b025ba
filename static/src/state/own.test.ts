import assert from "node:assert/strict";
import { test } from "node:test";
import { ownWords } from "./own.ts";

test("of an empty text everything is mine", () => assert.equal(ownWords("", "Fenna belde zelf."), "Fenna belde zelf."));

test("of an untouched text nothing is mine", () => assert.equal(ownWords("Adres van oma.", "Adres van oma."), ""));

test("only the words I added stay, wherever I put them", () => {
  assert.equal(ownWords("het geheime adres is Dorp 1", "let op het geheime adres is Dorp 1 graag bellen"), "let op … graag bellen");
});

test("taking words out leaves none of them", () => assert.equal(ownWords("een twee drie", "een drie"), ""));

test("a text too long to compare by word is compared by line", () => {
  const base = Array.from({ length: 1500 }, (_, i) => `regel ${i} geheim`).join("\n");
  assert.equal(ownWords(base, base + "\nmijn regel"), "mijn regel");
});
