import assert from "node:assert/strict";
import { test } from "node:test";
import type { Person } from "../protocol.ts";
import { warnings, type Told } from "./naming.ts";
import { namedPersons } from "./persons.ts";
import { traces } from "./traces.ts";

function person(name: string, more: Partial<Person> = {}): Person {
  return { id: name, kind: "network", class: "safety", name, by: "U", role: "child_worker", org: "O", ...more };
}

const named = (text: string, who: Person, ...others: Person[]) => namedPersons(text, [who], [who, ...others])[0]?.word;

test("a name is found as a word, in any case, with or without accents", () => {
  const ans = person("Ans");
  for (const [text, word] of [["Bram eet bij Ans.", "Ans"], ["bij ANS thuis", "ANS"], ["Ans' fiets", "Ans"], ["ans’ fiets", "ans"], ["Ans's fiets", "Ans"], ["(Ans)", "Ans"]]) {
    assert.equal(named(text!, ans), word, text);
  }
  for (const text of ["kans op rust", "Hansje", "transport", "antwoord"]) assert.equal(named(text, ans), undefined, text);
  assert.equal(named("belde renee", person("Renée")), "renee");
  assert.equal(named("Noors kamer", person("Noor")), "Noors");
  assert.equal(named("met Anne-Marie", person("Anne-Marie")), "Anne-Marie");
});

test("a calling name counts, and any word of a long name that is nobody else's", () => {
  const ans = person("Ans de Vries", { calls: "Oma" }), noor = person("Noor de Vries", { class: "shared" });
  assert.equal(named("Is oma's adres bekend?", ans, noor), "oma");
  assert.equal(named("bij Ans de Vries", ans, noor), "Ans de Vries");
  assert.equal(named("bij A. de Vries", ans, noor), "A. de Vries");
  assert.equal(named("mevrouw de Vries", ans, noor), undefined, "also the name of Noor");
  assert.equal(named("mevrouw Vries", ans), "Vries");
  assert.equal(named("de fiets van de buren", ans, noor), undefined);
});

test("a name of one letter, or one that is a word too, counts with its capital only", () => {
  assert.equal(named("J. belde", person("J")), "J");
  assert.equal(named("'s ochtends, j komt niet", person("J")), undefined);
  assert.equal(named("Wil belde", person("Wil")), "Wil");
  assert.equal(named("ze wil niet", person("Wil")), undefined);
});

test("names in other scripts, and names without letters", () => {
  assert.equal(named("bij ليلى thuis", person("ليلى")), "ليلى");
  assert.equal(named("groet van 🦊", person("🦊")), "🦊");
  assert.equal(named("niets", person(" ")), undefined);
  assert.equal(named("", person("x".repeat(200))), undefined);
});

test("what leads to a door or a telephone is found", () => {
  for (const [text, ...words] of [
    ["woont op 5611 AB", "5611 AB"], ["5611AB", "5611AB"], ["5611ab Eindhoven", "5611ab"],
    ["aan de Lindelaan 12", "Lindelaan 12"], ["in de Korte Nieuwstraat 4b, achter", "Nieuwstraat 4b"], ["kerkstraat 7", "kerkstraat 7"], ["Zandweg 3", "Zandweg 3"],
    ["bel 06-12345678", "06-12345678"], ["bel 06 12 34 56 78", "06 12 34 56 78"], ["+31 6 12345678", "+31 6 12345678"], ["040 - 1234567"], ["0401234567", "0401234567"],
    ["mail noor@voorbeeld.nl.", "noor@voorbeeld.nl"],
  ] as [string, ...string[]][]) {
    assert.deepEqual(traces(text).map((trace) => trace.word), words, text);
  }
});

test("what only looks a little like it is left alone", () => {
  for (const text of ["in 2024 en 2025", "2500 euro", "in 2024 is", "kaart 1940 SS", "onderweg 2 keer", "plein 3 keer over", "groep 7", "om 10.30 uur", "drie van vijf", "1234567", "0 tot 12", "nummer 123456789012345", "@Daan: belt"]) {
    assert.deepEqual(traces(text), [], text);
  }
});

// What grows with the square of the length takes minutes here.
test("a long text is looked through in one go", { timeout: 60_000 }, () => {
  for (const text of ["a".repeat(64_000), "0".repeat(64_000), "a.".repeat(32_000), "straat ".repeat(8_000), "1234 ".repeat(12_000), "a@".repeat(32_000), "x-".repeat(32_000)]) {
    traces(text);
    named(text, person("Ans de Vries"));
  }
});

const ans = person("Ans"), fenna = person("Fenna", { class: "shared", kind: "child" });
const table = { family: [ans, fenna], team: [{ user: "RUBEN", role: "perpetrator_support" as const }, { user: "DAAN", role: "ambulant_worker" as const }] };
const what = (told: Partial<Told>) => warnings({ texts: ["Fenna eet bij Ans op 5611 AB"], class: "shared", ...told }, table).map((warning) => warning.what);

test("only a circle that is wider than safety is warned of", () => {
  assert.deepEqual(what({}), ["person", "postcode"]);
  assert.deepEqual(what({ class: "confidential" }), ["person", "postcode"]);
  for (const narrow of ["safety", "private"] as const) assert.deepEqual(what({ class: narrow }), []);
  assert.deepEqual(what({ class: "named", named: ["DAAN"] }), []);
  assert.deepEqual(what({ class: "named", named: ["DAAN", "RUBEN"] }), ["person", "postcode"]);
  assert.deepEqual(what({ person: "Ans" }), [], "whoever reads her cards knows of her");
  assert.deepEqual(what({ texts: ["Fenna tekent"] }), []);
  assert.deepEqual(what({ texts: ["Een titel", "en Ans in de toelichting"] }), ["person"]);
});
