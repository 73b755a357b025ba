import assert from "node:assert/strict";
import { test } from "node:test";
import { nextPerson, shortcutOf } from "./keys.ts";

const press = (key: string, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });

test("single keys do what the list says", () => {
  const does = Object.fromEntries(["n", "f", "/", "u", "b", "?", "1", "9", "0", "N", "x"].map((key) => [key, shortcutOf(press(key), false)]));
  assert.deepEqual(does, {
    n: { do: "new" }, f: { do: "next-person" }, "/": { do: "filter" }, u: { do: "undo" }, b: { do: "blank" }, "?": { do: "help" },
    1: { do: "person", at: 0 }, 9: { do: "person", at: 8 }, 0: undefined, N: undefined, x: undefined,
  });
});

test("not while typing, not with another key held, not while a key repeats", () => {
  assert.equal(shortcutOf(press("n"), true), undefined);
  for (const more of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { repeat: true }, { isComposing: true }]) assert.equal(shortcutOf(press("n", more), false), undefined);
});

test("the next person, and nobody after the last", () => {
  assert.equal(nextPerson(["a", "b"], undefined), "a");
  assert.equal(nextPerson(["a", "b"], "a"), "b");
  assert.equal(nextPerson(["a", "b"], "b"), undefined);
});
