import assert from "node:assert/strict";
import { test } from "node:test";
import { short } from "./short.ts";

test("short words stay as they are, on one line", () => {
  assert.equal(short("Kroop onder tafel"), "Kroop onder tafel");
  assert.equal(short("  Eerste regel.\nTweede. "), "Eerste regel. Tweede.");
});

test("long ones end after a whole word, or in the middle of a very long one", () => {
  assert.equal(short("Kroop viermaal onder tafel bij harde stemmen in huis"), "Kroop viermaal onder tafel bij harde…");
  assert.equal(short("x".repeat(50)), `${"x".repeat(40)}…`);
  assert.equal(short("🏠".repeat(50)), `${"🏠".repeat(40)}…`);
});
