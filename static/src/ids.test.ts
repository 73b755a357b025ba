import assert from "node:assert/strict";
import { test } from "node:test";
import { alphabet, code, newId } from "./ids.ts";

test("an id is sixteen characters out of the alphabet and never twice the same", () => {
  const ids = new Set(Array.from({ length: 1000 }, newId));
  assert.equal(ids.size, 1000);
  for (const id of ids) assert.match(id, new RegExp(`^[${alphabet}]{16}$`));
});

test("a byte falls evenly on the alphabet", () => assert.equal(256 % alphabet.length, 0));

test("a card is called by its first five characters", () => assert.equal(code("K7QF2ABCDEFGHJKL"), "K7QF2"));
