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

// What grows with the square of the length takes minutes here.
test("a long text takes one go", { timeout: 60_000 }, () => {
  for (const part of ["*a ", "**a", "[a](", "~~a ", "> ", "_a_ ", "- - "]) {
    plain(part.repeat(65_536 / part.length));
  }
});
