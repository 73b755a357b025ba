import assert from "node:assert/strict";
import { test } from "node:test";
import { Table } from "./table.ts";

const table = () => new Table("CASE", () => { throw new Error("nothing is sent here"); });

test("what was typed is unsaved until it is saved or thrown away, also after its dialog is left", () => {
  const mine = table();
  mine.show({ what: "new-card", column: "B" });
  const title = mine.typed.begin("new.B.title").text;
  assert.equal(mine.unsaved(), false);
  title.value = "Nieuwe vraag";
  mine.show(undefined);
  assert.equal(mine.unsaved(), true);
  mine.typed.begin("new.B.title");
  assert.equal(mine.unsaved(), true);
  mine.typed.forget("new.B.");
  assert.equal(mine.unsaved(), false);
});

test("a command without an answer is unsaved", () => {
  const mine = table();
  void mine.live.do("archive_card", { card: "A" });
  assert.equal(mine.unsaved(), true);
  mine.live.outbox.settle({ t: "answer", id: mine.live.outbox.unanswered()[0]!.id, ok: true });
  assert.equal(mine.unsaved(), false);
});
