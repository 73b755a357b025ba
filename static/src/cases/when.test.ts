import assert from "node:assert/strict";
import { test } from "node:test";
import { when } from "./when.ts";

const now = new Date(2026, 2, 6, 9, 30); // a Friday

test("days near by have their names, others their date", () => {
  const says = (at: Date, language = "nl") => when(at, now, language);
  assert.equal(says(new Date(2026, 2, 6, 8, 5)), "vandaag 08:05");
  assert.equal(says(new Date(2026, 2, 5, 23, 59)), "gisteren 23:59");
  assert.equal(says(new Date(2026, 2, 3, 14, 5)), "dinsdag 14:05");
  assert.equal(says(new Date(2026, 1, 28, 14, 5)), "zaterdag 14:05");
  assert.equal(says(new Date(2026, 1, 27, 14, 5)), "27 feb 14:05");
  assert.equal(says(new Date(2025, 10, 3, 14, 5)), "3 nov 2025 14:05");
  assert.match(says(new Date(2026, 2, 3, 14, 5), "en"), /^Tuesday 0?2:05/);
});

test("a clock that is wrong by a day says the date", () => {
  assert.equal(when(new Date(2026, 2, 7, 14, 5), now, "nl"), "7 mrt 14:05");
});
