import assert from "node:assert/strict";
import { test } from "node:test";
import { IdleClock } from "./idle.ts";

function clock(limit: number) {
  const at = { mono: 5_000, wall: 1_000_000 };
  const idle = new IdleClock(limit, () => at.mono, () => at.wall);
  return { idle, pass(mono: number, wall = mono) { at.mono += mono; at.wall += wall; } };
}

test("it is time once the limit is reached, and not again after a touch", () => {
  const { idle, pass } = clock(600_000);
  pass(599_999);
  assert.equal(idle.due(), false);
  pass(1);
  assert.equal(idle.due(), true);
  idle.touch();
  assert.equal(idle.due(), false);
});

test("the time that a machine slept counts, though its monotonic clock stood still", () => {
  const { idle, pass } = clock(600_000);
  pass(10, 3_600_000);
  assert.equal(idle.due(), true);
});

test("a clock that is set back wins no time", () => {
  const { idle, pass } = clock(600_000);
  pass(600_000, -86_400_000);
  assert.equal(idle.due(), true);
});

test("without a limit it is never time", () => {
  const { idle, pass } = clock(0);
  pass(1e12);
  assert.equal(idle.due(), false);
});
