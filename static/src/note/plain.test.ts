import assert from "node:assert/strict";
import { test } from "node:test";
import { plain } from "./plain.ts";

test("the words stay, their marks go", () => {
  assert.equal(plain("# Gesprek\n\n> Hier kan **niemand** in.\n\n- [x] bewaard\n- [ ] *samen* bespreken\n- los\n\n---\n~~oud~~ en [school](https://school.example)"),
    "Gesprek\nHier kan niemand in.\n☑ bewaard\n☐ samen bespreken\n· los\noud en school");
});

test("blocks of our own leave their words", () => {
  assert.equal(plain("::: feit\nMiste negen dagen.\n:::\n:::Woorden\n\"Ik mis ze.\"\n:::"), "Miste negen dagen.\n\"Ik mis ze.\"");
});

test("what is no mark is left alone", () => {
  for (const words of ["2 * 3 * 4", "snake_case_naam", "1. eerst", "5 > 3", "**", "a [b] (c)", "::: plan", ":: a", "<b>niet</b>"]) assert.equal(plain(words), words);
});

test("a text as long as may be takes no time", () => {
  for (const part of ["*a ", "**a", "[a](", "~~a ", "> ", "_a_ ", "- - "]) {
    const began = performance.now();
    plain(part.repeat(16384 / part.length));
    assert.ok(performance.now() - began < 1000, part);
  }
});
