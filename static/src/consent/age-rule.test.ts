import assert from "node:assert/strict";
import { test } from "node:test";
import { ageHint } from "./age-rule.ts";

const on = (day: string) => new Date(`${day}T12:00:00`);

test("the rule changes on the twelfth and on the sixteenth birthday", () => {
  assert.deepEqual(ageHint("2014-05-10", on("2025-05-10")), { rule: "under12" });
  assert.equal(ageHint("2014-05-10", on("2026-05-09")).rule, "under12");
  assert.equal(ageHint("2014-05-10", on("2026-05-10")).rule, "from12");
  assert.deepEqual(ageHint("2014-05-10", on("2028-01-01")), { rule: "from12" });
  assert.equal(ageHint("2014-05-10", on("2030-05-09")).rule, "from12");
  assert.equal(ageHint("2014-05-10", on("2030-05-10")).rule, "from16");
  assert.deepEqual(ageHint("1994-05-10", on("2026-01-01")), { rule: "from16" });
});

test("a day from such a birthday both rules are named, as a clock may be a day off", () => {
  assert.deepEqual(ageHint("2014-05-10", on("2026-05-09")), { rule: "under12", nearly: "from12" });
  assert.deepEqual(ageHint("2014-05-10", on("2026-05-10")), { rule: "from12", nearly: "under12" });
  assert.deepEqual(ageHint("2014-05-10", on("2026-05-11")), { rule: "from12" });
  assert.deepEqual(ageHint("2014-05-10", on("2026-05-08")), { rule: "under12" });
});

test("born on 29 February: on that day, and in years without it on 1 March", () => {
  assert.equal(ageHint("2012-02-29", on("2024-02-28")).rule, "under12");
  assert.equal(ageHint("2012-02-29", on("2024-02-29")).rule, "from12");
  assert.equal(ageHint("2088-02-29", on("2100-02-28")).rule, "under12");
  assert.equal(ageHint("2088-02-29", on("2100-03-01")).rule, "from12");
});

test("no birth date, none that is one, or one to come: the age is not known", () => {
  for (const born of [undefined, "", "2012", "2030-01-01"]) assert.deepEqual(ageHint(born, on("2026-05-10")), { rule: "unknown" });
});

test("born today or tomorrow, by a clock that may be wrong", () => {
  assert.deepEqual(ageHint("2026-05-10", on("2026-05-10")), { rule: "under12", nearly: "unknown" });
  assert.deepEqual(ageHint("2026-05-11", on("2026-05-10")), { rule: "unknown", nearly: "under12" });
});
