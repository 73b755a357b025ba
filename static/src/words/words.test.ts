import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import en from "../../locales/en.json";
import nl from "../../locales/nl.json";
import { classes, domains, kinds, roles, seenWhere, views } from "../protocol.ts";
import { age, count, list, t, tOr } from "./words.ts";

const dutch: Record<string, string> = nl, english: Record<string, string> = en;

test("both languages have the same keys", () => assert.deepEqual(Object.keys(en).sort(), Object.keys(nl).sort()));

test("both languages fill in the same names", () => {
  const names = (words: string) => (words.match(/\{\w+\}/g) ?? []).sort();
  for (const key of Object.keys(dutch)) assert.deepEqual(names(english[key]!), names(dutch[key]!), key);
});

test("a name from right to left stands apart in its sentence, any other is as it is", () => {
  assert.equal(t("custody.held", { name: "\u05e0\u05d5\u05e2\u05d4", names: list(["\u0644\u064a\u0644\u0649", "Noor"]) }),
    "Gezag over \u2068\u05e0\u05d5\u05e2\u05d4\u2069: \u2068\u2068\u0644\u064a\u0644\u0649\u2069 en Noor\u2069.");
  assert.equal(t("custody.held", { name: "Zo\u00eb \ud83c\udf3f", names: "\u5c0f\u660e" }), "Gezag over Zo\u00eb \ud83c\udf3f: \u5c0f\u660e.");
});

test("nobody is shouted at, and nothing is empty", () => {
  for (const words of [dutch, english]) {
    for (const [key, text] of Object.entries(words)) {
      assert.ok(text.trim(), key);
      assert.ok(!text.includes("!"), key);
    }
  }
});

// All that is read for keys, without tests and without the words themselves.
const sources = ["src", "../internal", "../cmd"].flatMap((root) => (readdirSync(root, { recursive: true }) as string[])
  .filter((file) => /\.(tsx?|go|html)$/.test(file) && !/\.test\.|_test\.go$/.test(file) && !file.endsWith(join("words", "words.ts")) && !file.endsWith("protocol.examples.ts"))
  .map((file) => ({ file, text: readFileSync(join(root, file), "utf8") })));

test("every key that the code uses exists", () => {
  const used = new Set<string>();
  for (const { text } of sources.filter(({ file }) => /\.tsx?$/.test(file))) {
    for (const [, key] of text.matchAll(/\bt(?:Or)?\(\s*"([^"]+)"/g)) used.add(key!);
    for (const [, stem] of text.matchAll(/\bcount\(\s*"([^"]+)"/g)) used.add(`${stem}.one`).add(`${stem}.other`);
  }
  assert.ok(used.size > 50, `found ${used.size} keys only`);
  for (const key of used) assert.ok(key in dutch, key);
});

test("every key that exists is used", () => {
  const all = sources.map(({ text }) => text).join("\n");
  const literals = new Set([...all.matchAll(/"([\w.]+)"|\b(\w+): /g)].map(([, quoted, field]) => quoted ?? field!));
  // Keys that are put together: `kind.${kind}`, "role." + role, print "template." .Name ".hint".
  const made = [/`([\w.]+\.)\$\{[^`}]*\}([\w.]*)`/g, /"([\w.]+\.)" ?\+ ?()/g, /listed\("([\w.]+\.)", ()/g, /print "([\w.]+\.)" [.\w]+(?: "([\w.]+)")?/g]
    .flatMap((one) => [...all.matchAll(one)].map(([, before, after]) => [before!, after ?? ""] as const));
  const isMade = (key: string) => made.some(([before, after]) => key.startsWith(before) && key.endsWith(after) && literals.has(key.slice(before.length, key.length - after.length)));
  // A page that says what went wrong adds the hint of it; what is counted, the number.
  const stem = (key: string) => key.replace(/\.(one|other)$|(?<=^(?:error|reason)\..*)_hint$/, "");
  const isUsed = (key: string) => literals.has(key) || literals.has(stem(key)) || isMade(stem(key)) || isMade(key);
  const isReason = (key: string) => key.startsWith("why."); // of a line of the policy: internal/web holds them to each other
  assert.deepEqual(Object.keys(dutch).filter((key) => !isReason(key) && !isUsed(key)), []);
});

test("every word of the field has its word on screen", () => {
  const lists = { view: views, class: classes, kind: kinds, domain: domains, seen: seenWhere, role: roles };
  for (const [prefix, list] of Object.entries(lists)) {
    for (const word of list) assert.ok(`${prefix}.${word}` in dutch, `${prefix}.${word}`);
  }
});

test("values are filled in and a missing one stays visible", () => {
  assert.equal(t("card.from", { name: "Fenna" }), "Vanuit Fenna");
  assert.equal(t("card.from"), "Vanuit {name}");
  assert.equal(count("family.cards", 1), "1 kaart");
  assert.equal(count("family.cards", 0), "0 kaarten");
  assert.equal(tOr("reason.never_heard_of", "reason.other"), "Dit lukte niet.");
});

test("an age is whole years, on the birthday itself one more", () => {
  const now = new Date(2025, 10, 23);
  assert.equal(age("2013-11-23", now), 12);
  assert.equal(age("2013-11-24", now), 11);
  assert.equal(age("2030-01-01", now), undefined);
  assert.equal(age(undefined, now), undefined);
  assert.equal(age("onbekend", now), undefined);
});
