import assert from "node:assert/strict";
import { test } from "node:test";
import type { Changes, Written } from "../protocol.ts";
import { follow } from "./written.ts";

const step = (base: string, changes: Changes) => ({ id: `M${base}`, user: "I", base, changes });
const written = (...steps: Written["steps"]): Written => ({ card: "K", changed: "", from: "A", steps });

test("a text goes on with every step, counted in UTF-16 units", () => {
  const text = follow({ base: "A", body: "Slaapt 😀 slecht" }, written(step("B", [7, [2, "nu", "weer"], 7]), step("C", [[7], 14])));
  assert.deepEqual(text, { base: "C", body: "nu\nweer slecht" });
});

test("steps that it holds already are left out", () => {
  const all = written(step("B", [[0, "een "]]), step("C", [4, [0, "twee "]]), step("D", [9, [0, "drie"]]));
  assert.deepEqual(follow({ base: "C", body: "een twee " }, all), { base: "D", body: "een twee drie" });
  assert.deepEqual(follow({ base: "D", body: "een twee drie" }, all), { base: "D", body: "een twee drie" });
});

test("a text that the steps do not lead from stays", () => {
  assert.deepEqual(follow({ base: "X", body: "anders" }, written(step("B", [[0, "een"]]))), { base: "X", body: "anders" });
});
