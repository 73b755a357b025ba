import assert from "node:assert/strict";
import { test } from "node:test";
import { linesOf } from "./paste.ts";

const titles = (text: string) => linesOf(text).map((line) => line.title);

test("each line that says something is a card, without its bullet or number", () => {
  assert.deepEqual(titles("- Sliep slecht\r\n\n\t• At niet\n  2. Belde oma\n12) Huilde\na. Speelde\n- [x] Gewassen\n— Lachte\n   \n"),
    ["Sliep slecht", "At niet", "Belde oma", "Huilde", "Speelde", "Gewassen", "Lachte"]);
});

test("what only looks like a bullet or number stays", () => {
  const lines = ["-5 graden", "2 keer gebeld", "3.5 uur geslapen", "o nee", "*lacht*", "24-7 wakker", "Dr. Jansen belde"];
  assert.deepEqual(titles(lines.join("\n")), lines);
});

test("what cannot be seen is left out, and emoji and other scripts stay whole", () => {
  assert.deepEqual(titles("\ufeff\u200bSliep\u00ad slecht\u202e\nגיטה בכתה\n👩‍👧 samen\n\u200b\u200b"), ["Sliep slecht", "גיטה בכתה", "👩‍👧 samen"]);
});

test("of a long line the title ends at a word and the whole is the text", () => {
  const long = "woord ".repeat(50).trim();
  const [card] = linesOf(long);
  assert.equal(card!.text, long);
  assert.match(card!.title, /woord…$/);
  assert.ok([...card!.title].length <= 200);
  const [solid] = linesOf("😀".repeat(250));
  assert.equal([...solid!.title].length, 200);
  assert.deepEqual(linesOf("x".repeat(200)), [{ title: "x".repeat(200), text: "" }]);
});
