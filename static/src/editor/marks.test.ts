import assert from "node:assert/strict";
import { test } from "node:test";
import { EditorSelection, EditorState, type Transaction } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { clean, limits, type Kept } from "./limits.ts";
import { acts, tickAt } from "./marks.ts";
import type { Tool } from "./tools.ts";

/** Uses tools on a text; what is between | is selected, before and after. */
function use(marked: string, ...tools: Tool[]): string {
  const [before = "", within = "", after = ""] = marked.split("|");
  let state = EditorState.create({ doc: before + within + after, selection: EditorSelection.single(before.length, before.length + within.length) });
  const view = { get state() { return state; }, dispatch: (given: Transaction | object) => { state = ("state" in given ? given as Transaction : state.update(given)).state; } };
  for (const tool of tools) acts[tool](view as unknown as EditorView);
  const { from, to } = state.selection.main, text = state.doc.toString();
  return `${text.slice(0, from)}|${text.slice(from, to)}|${text.slice(to)}`;
}

test("bold and italic go around what is selected, and away again", () => {
  assert.equal(use("een |twee| drie", "bold"), "een **|twee|** drie");
  assert.equal(use("een |twee| drie", "bold", "bold"), "een |twee| drie");
  assert.equal(use("een |twee| drie", "bold", "italic"), "een ***|twee|*** drie");
  assert.equal(use("een |twee| drie", "bold", "italic", "italic"), "een **|twee|** drie");
  assert.equal(use("een ||drie", "italic"), "een *||*drie");
});

test("a line begins with one mark of its kind", () => {
  assert.equal(use("|een\ntwee|", "list").replaceAll("|", ""), "- een\n- twee");
  assert.equal(use("|een\ntwee|", "list", "task").replaceAll("|", ""), "- [ ] een\n- [ ] twee");
  assert.equal(use("|een\ntwee|", "task", "task").replaceAll("|", ""), "een\ntwee");
  assert.equal(use("- e||en", "heading").replaceAll("|", ""), "## een");
  assert.equal(use("||een", "quote", "quote").replaceAll("|", ""), "een");
});

test("a block stands around its lines", () => {
  assert.equal(use("eerst\n|Ik mis ze.|\ndan", "woorden").replaceAll("|", ""), "eerst\n::: woorden\nIk mis ze.\n:::\ndan");
});

test("a task is ticked, and nothing else is", () => {
  const line = (text: string) => EditorState.create({ doc: text }).doc.line(1);
  assert.deepEqual(tickAt(line("- [ ] bel Ans")), { from: 3, to: 4, insert: "x" });
  assert.deepEqual(tickAt(line("  1. [x] bel Ans")), { from: 6, to: 7, insert: " " });
  for (const text of ["[ ] bel", "- [] bel", "- [y] bel", "- bel [ ]"]) assert.equal(tickAt(line(text)), undefined);
});

test("what the server would refuse is kept out, and said", () => {
  const kept: Kept[] = [];
  const state = EditorState.create({ doc: "é".repeat(8_000), extensions: limits((what) => kept.push(what)) });
  const after = (insert: string) => state.update({ changes: { from: 0, insert } }).state.doc.length;
  assert.equal(after("a".repeat(384)), 8_384);
  assert.equal(after("a".repeat(385)), 8_000);
  assert.equal(after("a".repeat(1_000_000)), 8_000);
  for (const sign of ["\u0000", "\u202e", "\u2067", "\ud83d", "\ufffd"]) assert.equal(after(sign), 8_000);
  assert.equal(after("😀\u200d\t\n"), 8_005);
  assert.deepEqual(kept, ["full", "full", ...Array<Kept>(5).fill("signs")]);
  assert.equal(state.update({ changes: { from: 0, to: 10 } }).state.doc.length, 7_990);
});

test("a paste has the line ends of the server, and nothing it would refuse", () => {
  assert.equal(clean("een\r\ntwee\rdrie\u202e\u0007 😀\ud83d"), "een\ntwee\ndrie 😀");
});
