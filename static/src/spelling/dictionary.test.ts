import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { Dictionary } from "./dictionary.ts";
import { suggestions } from "./suggest.ts";

const dutch = new Dictionary(new Uint8Array(gunzipSync(readFileSync("node_modules/@cspell/dict-nl-nl/Dutch.trie.gz"))));

test("words of the field are known, put together as Dutch does, with capitals, hyphens and accents where they may be", () => {
  for (const word of `gezagsonderzoek veiligheidstaxatie omgangsregeling uithuisplaatsing schuldhulpverlening veiligheidsplan Veiligheidsplan moeder-kindgroep ex-partner
    Noord-Brabant patiënt één vóór zo’n oma's GGZ plegerhulp gezagsbeëindigende`.split(/\s+/)) assert.ok(dutch.knows(word), word);
});

test("what is spelt otherwise is not", () => {
  for (const word of "veilgheid mischien patient nederland noord-brabant omgangsregelling kinderobvang moeder-kindgroop vEiligheid".split(" ")) assert.ok(!dutch.knows(word), word);
});

test("what is often meant comes first", () => {
  for (const [word, meant] of [["veilgheid", "veiligheid"], ["Veilgheid", "Veiligheid"], ["mischien", "misschien"], ["onmidelijk", "onmiddellijk"], ["kinderopvng", "kinderopvang"], ["kinderobvang", "kinderopvang"],
    ["gesperk", "gesprek"], ["zowiezo", "sowieso"], ["psygoloog", "psycholoog"], ["advokaat", "advocaat"], ["smorgens", "'s morgens"], ["hetkind", "het kind"], ["nederland", "Nederland"], ["vijligheid", "veiligheid"]] as const) {
    assert.equal(dutch.suggest(word)[0], meant, `${word}: ${dutch.suggest(word)}`);
  }
});

test("few are suggested, all of them words; for what is like none, none", () => {
  for (const word of ["gesperk", "kidneren", "moelijk", "gespanen", "kamr"]) {
    const found = dutch.suggest(word);
    assert.ok(found.length > 0 && found.length <= 4 && new Set(found).size === found.length, `${word}: ${found}`);
    for (const one of found) assert.ok(/^\p{L}+$/u.test(one) && dutch.knows(one), one);
  }
  assert.deepEqual(dutch.suggest("xyzzyqwv"), []);
});

test("a forgotten letter is likelier than one too many, and a word than a compound", () => {
  const parts = (known: Record<string, number>) => (word: string) => known[word] ?? 0;
  assert.deepEqual(suggestions("kamr", parts({ kam: 1, kamer: 1, kamar: 2 })), ["kamer", "kam"]);
  assert.deepEqual(suggestions("kamr", parts({ kamar: 2 })), ["kamar"]);
  assert.deepEqual(suggestions("Kamr", parts({ kamer: 1 })), ["Kamer"]);
  assert.deepEqual(suggestions("gedragd", parts({ gedraagd: 1, gedraag: 1, gedragt: 1 }))[0], "gedraagd");
});
