import assert from "node:assert/strict";
import { test } from "node:test";
import { complete, completions, readLine } from "./line.ts";

const daan = { user: "D", label: "Daan" }, daanB = { user: "B", label: "Daan de Boer" }, iris = { user: "I", label: "Iris" };
const all = [daan, daanB, iris];

test("a line is a card of my own, without the blanks around it", () => {
  assert.deepEqual(readLine("  Sliep slecht. ", all), { what: "card", title: "Sliep slecht." });
  assert.deepEqual(readLine("mail daan@linde: morgen", all), { what: "card", title: "mail daan@linde: morgen" });
  assert.deepEqual(readLine("  ", all), { what: "empty" });
});

test("@name: writes for that colleague, the longer of two names first", () => {
  assert.deepEqual(readLine("@Daan: belt morgen", all), { what: "asked", colleague: daan, title: "belt morgen" });
  assert.deepEqual(readLine("@ daan  : belt: morgen", all), { what: "asked", colleague: daan, title: "belt: morgen" });
  assert.deepEqual(readLine("@Daan de Boer: belt", all), { what: "asked", colleague: daanB, title: "belt" });
  assert.deepEqual(readLine(complete(iris), all), { what: "asked", colleague: iris, title: "" });
});

test("a name that is not known or not finished is no card", () => {
  for (const text of ["@Kees: belt", "@Daan belt", "@", "@Daan d: x", "@: x"]) assert.deepEqual(readLine(text, all), { what: "unclear" }, text);
});

test("names are offered while one is typed, and no longer after the colon", () => {
  assert.deepEqual(completions("@", all), all);
  assert.deepEqual(completions("@da", all), [daan, daanB]);
  assert.deepEqual(completions("@Daan", all), [daan, daanB]);
  assert.deepEqual(completions("@Daan:", all), []);
  assert.deepEqual(completions("da", all), []);
});
