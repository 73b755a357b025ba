import assert from "node:assert/strict";
import { test } from "node:test";
import { ChangeSet, Text } from "@codemirror/state";
import { changes, difference } from "./difference.ts";

const shown = (was: string, now: string) => difference(was, now).map(({ what, text }) => (what === "same" ? text : what === "gone" ? `[-${text}-]` : `{+${text}+}`)).join("");

test("words that went and words that came, with what stayed", () => {
  assert.equal(shown("Fenna slaapt slecht.", "Fenna slaapt nu goed."), "Fenna slaapt [-slecht-]{+nu goed+}.");
  assert.equal(shown("een\ntwee\ndrie", "een\nTwee\ndrie\nvier"), "een\n[-twee-]{+Twee+}\ndrie{+\nvier+}");
  assert.equal(shown("", "Nieuw"), "{+Nieuw+}");
  assert.equal(shown("Weg", ""), "[-Weg-]");
  assert.equal(shown("Gelijk", "Gelijk"), "Gelijk");
  assert.equal(shown("", ""), "");
});

test("a blank alone between two changes goes with them", () => {
  assert.equal(shown("de moeder belde", "een vader belde"), "[-de moeder-]{+een vader+} belde");
});

test("letters with marks, emoji and other scripts stay whole", () => {
  assert.equal(shown("café 👩‍👧 ليلى", "café 👩‍👦 ليلى"), "café [-👩‍👧-]{+👩‍👦+} ليلى");
});

// A small generator of its own: a failing case tells its number.
function random(seed: number) { return () => { seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648; return seed / 2_147_483_648; } }

test("both texts can be read back, and the change makes the one of the other", () => {
  const pieces = ["Noor ", "slaapt", ".", "\n", "\n\n", "é", "😀", " ", "- [ ] ", "ليلى", "Fenna"];
  for (let n = 0; n < 400; n++) {
    const next = random(n + 1), text = () => Array.from({ length: Math.floor(next() * 14) }, () => pieces[Math.floor(next() * pieces.length)]).join("");
    const was = text(), now = next() < 0.5 ? text() : was + text(), parts = difference(was, now);
    const read = (other: string) => parts.filter(({ what }) => what !== other).map((part) => part.text).join("");
    assert.equal(read("added"), was, `case ${n}`);
    assert.equal(read("gone"), now, `case ${n}`);
    assert.ok(parts.every((part, i) => part.text !== "" && part.what !== parts[i - 1]?.what), `case ${n}`);
    const doc = Text.of(was.split("\n"));
    assert.equal(ChangeSet.fromJSON(changes(parts)).apply(doc).toString(), now, `case ${n}`);
  }
});

// What grows with the square of the length takes minutes here.
test("texts longer than may be are compared in one go, however different they are", { timeout: 60_000 }, () => {
  for (const [was, now] of [["a ".repeat(32_768), "b ".repeat(32_768)], ["a\n".repeat(32_768), "b\n".repeat(32_768)], ["ab".repeat(32_768), "ba".repeat(32_768)], [".".repeat(65_536), ",".repeat(64_000)],
    ["Fenna slaapt. ".repeat(4_680), "Bram slaapt niet. ".repeat(3_600)]] as const) {
    const parts = difference(was, now);
    assert.equal(parts.filter(({ what }) => what !== "gone").map((part) => part.text).join(""), now);
  }
});
