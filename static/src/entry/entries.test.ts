import assert from "node:assert/strict";
import { test } from "node:test";
import { Table } from "../state/table.ts";

const table = () => new Table("CASE", () => { throw new Error("nothing is sent here"); });
const stance = { person: "F", kind: "fact", class: "confidential" } as const;
const settleAll = (mine: Table, refused: string[] = []) => {
  for (const message of mine.live.outbox.unanswered()) {
    const title = "title" in message.with ? message.with.title : "";
    mine.live.outbox.settle(refused.includes(title) ? { t: "answer", id: message.id, ok: false, error: { kind: "not_found", reason: "person_gone" } } : { t: "answer", id: message.id, ok: true, made: "MADE" });
  }
};

test("a line that was sent is kept until it is a card", async () => {
  const mine = table();
  const sent = mine.entries.send("K", { title: "Sliep slecht", text: "" }, stance);
  assert.deepEqual(mine.live.outbox.unanswered().map((m) => [m.cmd, m.with]), [["draft_card", { column: "K", title: "Sliep slecht", ...stance }]]);
  assert.equal(mine.unsaved(), true);
  settleAll(mine);
  assert.equal(await sent, "MADE");
  assert.deepEqual(mine.entries.sent.value, []);
  assert.equal(mine.unsaved(), false);
});

test("a line that was refused stays, with its reason, and is unsaved", async () => {
  const mine = table();
  const sent = mine.entries.send("K", { title: "Sliep slecht", text: "" }, stance);
  settleAll(mine, ["Sliep slecht"]);
  assert.equal(await sent, undefined);
  assert.equal(mine.entries.sent.value[0]!.error.value!.reason, "person_gone");
  assert.deepEqual(mine.typed.own("sent."), ["Sliep slecht"]);
  mine.entries.drop(mine.entries.sent.value[0]!.id);
  assert.equal(mine.unsaved(), false);
});

test("for a colleague it asks", () => {
  const mine = table();
  void mine.entries.send("K", { title: "Belt morgen", text: "" }, stance, "DAAN");
  assert.deepEqual(mine.live.outbox.unanswered().map((m) => m.cmd), ["ask_card"]);
});

test("of pasted lines those that were refused stay", async () => {
  const mine = table();
  mine.entries.lay("K", [{ title: "een", text: "" }, { title: "twee", text: "" }, { title: "drie", text: "helemaal" }]);
  mine.entries.take(mine.entries.pasted.value!.lines[0]!.id);
  const made = mine.entries.draft(stance);
  settleAll(mine, ["twee"]);
  assert.equal(await made, 1);
  assert.deepEqual(mine.entries.pasted.value!.lines.map((line) => [line.title.value, line.error.value?.reason]), [["twee", "person_gone"]]);
  assert.equal(mine.unsaved(), true);
  mine.entries.unlay();
  assert.equal(mine.unsaved(), false);
});

test("what was being typed in a column that went is kept", () => {
  const mine = table();
  mine.entries.text("K").value = "half af";
  mine.entries.orphan("K", "half af");
  assert.deepEqual(mine.entries.sent.value.map((one) => [one.title, one.error.value?.reason]), [["half af", "column_gone"]]);
  mine.stranger();
  assert.deepEqual(mine.entries.sent.value, []);
});

test("what is refused after a lost connection is told in one place", async () => {
  const mine = table();
  const sent = mine.entries.send("K", { title: "Sliep slecht", text: "" }, stance);
  const message = mine.live.outbox.unanswered()[0]!;
  const answer = { t: "answer", id: message.id, ok: false, error: { kind: "not_found", reason: "column_gone" } } as const;
  mine.answered(message, answer, true);
  mine.live.outbox.settle(answer);
  await sent;
  assert.deepEqual(mine.entries.sent.value, []);
  assert.deepEqual(mine.refused.shown.value.map((one) => one.typed), [["Sliep slecht"]]);
});
