import assert from "node:assert/strict";
import { test } from "node:test";
import { again } from "./again.ts";

test("a sentence that is said again differs from the one before it, each time", () => {
  let said = "";
  for (let i = 0; i < 3; i++) {
    const next = again(said, "Kaart gemaakt.");
    assert.notEqual(next, said);
    assert.equal(next.trim(), "Kaart gemaakt.");
    said = next;
  }
});

test("nothing stays nothing", () => assert.equal(again("", ""), ""));
