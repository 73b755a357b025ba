import assert from "node:assert/strict";
import { test } from "node:test";
import { serverExamples } from "../protocol.examples.ts";
import type { Hello } from "../protocol.ts";
import { apply } from "./model.ts";
import { whose } from "./whose.ts";

const model = (serverExamples[0] as Hello).whole!;
const [first] = Object.values(model.cards);
const changed = apply(model, { t: "change", cursor: "c", cards: [{ ...first!, kind: "fact" }, { ...first!, id: "NEW" }] });
const ids = (found: ReturnType<typeof whose>) => ({ mine: found.mine.map((card) => card.id), others: found.others });

test("what I was changing is mine, and what I just made", () => {
  assert.deepEqual(ids(whose(model, changed, first!.by, { card: (id) => id === first!.id, any: true })), { mine: [first!.id, "NEW"], others: [] });
});

test("all else is somebody else's", () => {
  assert.deepEqual(ids(whose(model, changed, "SOMEONE", { card: () => false, any: true })), { mine: [], others: [first!.id, "NEW"] });
  assert.deepEqual(ids(whose(model, changed, first!.by, { card: () => false, any: false })), { mine: [], others: [first!.id, "NEW"] });
});

test("what stayed the same is nobody's", () => {
  assert.deepEqual(whose(model, apply(model, { t: "change", cursor: "c" }), first!.by, { card: () => true, any: true }), { mine: [], others: [] });
});
