import assert from "node:assert/strict";
import { test } from "node:test";
import type { Card, Change } from "../protocol.ts";
import { Heard } from "./heard.ts";

test("who writes on is heard once, until it was quiet for five minutes", () => {
  let now = 0;
  const heard = new Heard(() => now);
  const writes = (...cards: string[]): Change => ({ t: "change", cursor: "", written: cards.map((card) => ({ card, changed: "", from: "A", steps: [] })) });
  assert.deepEqual([...heard.old(writes("K"))], []);
  now += 4 * 60_000;
  assert.deepEqual([...heard.old(writes("K", "L"))], ["K"]);
  now += 4 * 60_000;
  assert.deepEqual([...heard.old(writes("K"))], ["K"]);
  assert.deepEqual([...heard.old({ ...writes("K"), cards: [{ id: "K" } as Card] })], [], "something else changed as well");
  now += 5 * 60_000;
  assert.deepEqual([...heard.old(writes("K"))], []);
});
