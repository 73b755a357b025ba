import assert from "node:assert/strict";
import { test } from "node:test";
import { matches, narrow } from "./search.ts";

const names = ["Zilverlinde", "De  Wilgenhof", "Één-twee", "بيت الورد", "🌿 Tuin"];

test("a name is found by any part, whatever its case and accents", () => {
  const found = (typed: string) => names.filter((_, i) => matches(names, typed)[i]);
  assert.deepEqual(found(""), names);
  assert.deepEqual(found("  "), names);
  assert.deepEqual(found("LINDE"), ["Zilverlinde"]);
  assert.deepEqual(found("hof de"), ["De  Wilgenhof"]);
  assert.deepEqual(found("een"), ["Één-twee"]);
  assert.deepEqual(found("الورد"), ["بيت الورد"]);
  assert.deepEqual(found("🌿"), ["🌿 Tuin"]);
  assert.deepEqual(found(".*"), []);
});

test("the rows that do not match are hidden and the number is said", () => {
  const heard = new Map<string, (event: { key: string; preventDefault(): void }) => void>();
  const field = { value: "", addEventListener: (what: string, f: (event: { key: string; preventDefault(): void }) => void) => heard.set(what, f) };
  const rows = names.map((name) => ({ hidden: false, dataset: { name } }));
  const said = { textContent: "", dataset: { foundNone: "geen", foundOne: "{n} casus", foundOther: "{n} casussen" } };
  narrow(field as unknown as HTMLInputElement, rows as unknown as HTMLElement[], said as unknown as HTMLElement);
  const event = (key: string) => ({ key, preventDefault() {} });
  const type = (typed: string) => { field.value = typed; heard.get("input")!(event("")); };
  assert.equal(said.textContent, "");
  type("linde");
  assert.deepEqual(rows.map((row) => row.hidden), [false, true, true, true, true]);
  assert.equal(said.textContent, "1 casus");
  type("e");
  assert.equal(said.textContent, "3 casussen");
  type("xyz");
  assert.equal(said.textContent, "geen");
  heard.get("keydown")!(event("Escape"));
  assert.equal(field.value + said.textContent, "");
  assert.ok(rows.every((row) => !row.hidden));
});
