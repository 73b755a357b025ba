import assert from "node:assert/strict";
import { test } from "node:test";
import { render } from "preact-render-to-string";
import { Table, TableContext } from "../state/table.ts";
import { HintStrip, HintsButton } from "./hints.tsx";
import { Hints } from "./state.ts";

function shown(hints: Hints): string {
  const table = new Table("CASE", () => { throw new Error("nothing is sent here"); });
  table.hints = hints;
  return render(<TableContext.Provider value={table}><HintStrip /><HintsButton /></TableContext.Provider>);
}

test("one hint at a time, each put away for good, and all can come back", () => {
  const told: string[] = [];
  const hints = new Hints("readers focus draft nonsense", (form) => told.push(form.toString()));
  assert.match(shown(hints), /data-hint="focus".*Tip 1 van 3.*Druk op een persoon/s);
  hints.putAway(["focus"]);
  assert.match(shown(hints), /data-hint="draft".*Tip 2 van 3/s);
  assert.doesNotMatch(shown(hints), /data-act="hints"/);
  hints.putAway(["draft", "readers"]);
  assert.match(shown(hints), /^<button[^>]*data-act="hints"/);
  hints.showAgain();
  assert.match(shown(hints), /data-hint="focus"/);
  assert.deepEqual(told, ["seen=focus", "seen=draft&seen=readers", "again=1"]);
});

test("the last hint has one button, and without hints there is no strip", () => {
  const last = shown(new Hints("readers", () => {}));
  assert.match(last, /Tip 3 van 3/);
  assert.doesNotMatch(last, /hints-away/);
  assert.doesNotMatch(shown(new Hints("", () => {})), /data-hint=/);
});
