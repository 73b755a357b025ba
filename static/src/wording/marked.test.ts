import assert from "node:assert/strict";
import { test } from "node:test";
import { EditorState } from "@codemirror/state";
import { marked, type Marked } from "./marked.ts";

const marks = marked<Marked>("mark");
const begun = (doc: string, ...found: Marked[]) => EditorState.create({ doc, extensions: marks.field }).update({ effects: marks.mark(found) }).state;
const now = (state: EditorState) => marks.all(state).map(({ word, at, end }) => `${word} ${at}-${end}`);

test("marks move along with what is typed before them, and stay away from words that changed since", () => {
  const state = begun("een veilgheidsplan voor mischien", { word: "veilgheidsplan", at: 4, end: 18 }, { word: "mischien", at: 24, end: 32 });
  assert.deepEqual(now(state.update({ changes: { from: 0, insert: "Nu " } }).state), ["veilgheidsplan 7-21", "mischien 27-35"]);
  assert.deepEqual(now(state.update({ changes: { from: 8, insert: "i" } }).state), ["mischien 25-33"]);
  assert.deepEqual(now(state.update({ changes: [{ from: 0, to: 4 }, { from: 24, to: 32, insert: "misschien" }] }).state), ["veilgheidsplan 0-14"]);
  assert.deepEqual(now(state.update({ changes: { from: 0, to: 32 } }).state), []);
});

test("what is marked is found at a place, up to both its ends", () => {
  const state = begun("een veilgheidsplan", { word: "veilgheidsplan", at: 4, end: 18 });
  assert.deepEqual([3, 4, 10, 18].map((pos) => marks.at(state, pos)?.word), [undefined, "veilgheidsplan", "veilgheidsplan", "veilgheidsplan"]);
  assert.deepEqual(now(state.update({ effects: marks.mark([]) }).state), []);
});
