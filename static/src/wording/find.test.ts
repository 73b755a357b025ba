import assert from "node:assert/strict";
import { test } from "node:test";
import { finder, type Hint } from "./find.ts";

const hint = (terms: string, except = ""): Hint => ({ terms: terms.split(" | "), ...(except && { except: except.split(" | ") }), why: "Omdat.", instead: ["iets"] });
const find = finder([hint("slachtofferrol*"), hint("slachtoffer*", "slachtofferhulp*"), hint("dader* | mededader*"), hint("losse handjes"), hint("*gestoord*"),
  hint("niet westers*"), hint("patient"), hint("lastige moeder* | lastige"), hint("*wraak"), hint("is illegaal"), hint("gesticht", "brand gesticht")]);
const words = (text: string) => find(text).map((found) => found.word);

test("forms and compounds of a word are found, in any case, with or without accents", () => {
  for (const [text, ...found] of [
    ["De dader belde.", "dader"], ["DADERS en daderschap", "DADERS", "daderschap"], ["(mededaders)", "mededaders"], ["Slachtoffers van", "Slachtoffers"],
    ["een gedragsgestoorde jongen", "gedragsgestoorde"], ["eerwraak", "eerwraak"], ["een patiënt", "patiënt"], ["een patient", "patient"],
  ] as [string, ...string[]][]) assert.deepEqual(words(text), found, text);
});

test("only whole words count", () => {
  for (const text of ["vaderdag", "patiënten", "wraakzuchtig", "bedaard", "", "   ", "👩‍👧 🦊", "ليلى"]) assert.deepEqual(words(text), [], text);
});

test("words that belong together are found across a space, a hyphen and the end of a line, not across a sentence", () => {
  assert.deepEqual(words("met losse  handjes"), ["losse  handjes"]);
  assert.deepEqual(words("losse\nhandjes"), ["losse\nhandjes"]);
  assert.deepEqual(words("een niet-westerse vader"), ["niet-westerse"]);
  for (const text of ["zit los. Losse. Handjes", "losse\n\nhandjes", "losse, handjes", "losse"]) assert.deepEqual(words(text), [], text);
});

test("the first line counts, the longer term of a line goes before if it stands first, and nothing is found twice", () => {
  assert.equal(find("slachtofferrol")[0]?.hint.terms[0], "slachtofferrol*");
  assert.deepEqual(words("die lastige moeders"), ["lastige moeders"]);
  assert.deepEqual(words("lastige dag"), ["lastige"]);
});

test("what is excepted is left alone", () => {
  assert.deepEqual(words("belde Slachtofferhulp; het slachtoffer"), ["slachtoffer"]);
  assert.deepEqual(words("heeft brand gesticht"), []);
});

test("where it stands", () => {
  const text = "🦊 De dader, de daders";
  for (const { word, at, end } of find(text)) assert.equal(text.slice(at, end), word);
  assert.deepEqual(find(text).map(({ at }) => at), [6, 16]);
});

test("somebody's own words are left as they were said", () => {
  for (const text of [
    "Hij zei: \"ik ben geen dader\"", "“Ik ben geen dader”", "„geen dader”", "«geen dader»", "Ze zei ‘mijn dader’ en 'de dader'.", "'s avonds zei ze 'mijn dader belde oma's fiets'",
    "> mijn dader", "  > mijn dader\n> en slachtoffer", "::: woorden\nMijn dader.\n\nEn ik slachtoffer.\n:::", "::: Woorden\nnooit gesloten: dader", "```\ndader\n```",
    "\"over de regel\nheen dader\"", "https://dader.nl/slachtoffer", "dader@voorbeeld.nl",
  ]) assert.deepEqual(words(text), [], text);
});

test("what stands beside them is looked at", () => {
  for (const text of [
    "\"ik niet\", zei de dader", "een open \" en dan\n\nde dader", "'s avonds de dader van foto's", "Ans' dader en Bram' fiets", "::: feit\nDe dader belde.\n:::",
    "::: woorden\nIk.\n:::\nDe dader.", "tekst > dader", "> gezegd\ndader", ":::\nde dader\n:::",
  ]) assert.deepEqual(words(text), ["dader"], text);
});

// What grows with the square of the length takes minutes here.
test("a long text is looked through in one go", { timeout: 60_000 }, () => {
  for (const part of ["dader ", "losse ", "\"a ", "'a ", "„", "::: woorden\n", "> ", "a@", "https://", "a ", "'"]) find(part.repeat(65_536 / part.length));
});

test("no hints, nothing found", () => { assert.deepEqual(finder([])("de dader"), []); });
