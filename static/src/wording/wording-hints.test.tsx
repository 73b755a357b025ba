import assert from "node:assert/strict";
import { test } from "node:test";
import { render } from "preact-render-to-string";
import type { Kind } from "../protocol.ts";
import { Table, TableContext } from "../state/table.ts";
import { Wording } from "./state.ts";
import { WordingHints } from "./wording-hints.tsx";

const hints = ["dader*", "slachtoffer*", "verwend", "zielig"].map((term) => ({ terms: [term], why: `Waarom ${term}.`, instead: ["de naam", "iets anders"] }));
const table = () => {
  const table = new Table("CASE", () => { throw new Error("nothing is sent here"); });
  table.wording = new Wording(JSON.stringify(hints));
  return table;
};
const shown = (at: Table, texts: string[], kind: Kind = "fact") => render(<TableContext.Provider value={at}><WordingHints texts={texts} kind={kind} /></TableContext.Provider>);

test("the words, why, and what instead; each reason once", () => {
  const html = shown(table(), ["De daders", "belden de dader"]);
  assert.match(html, /data-wording="1".*daders.*Waarom dader\*\..*Liever:.*de naam · iets anders/s);
  assert.match(html, /aria-label="Laat staan: ‘daders’"/);
  assert.match(html, /role="status">Er is een hint/);
});

test("no more than a few at once", () => {
  const html = shown(table(), ["dader slachtoffer verwend zielig"]);
  assert.equal(html.split("let-stand").length - 1, 3);
  assert.match(html, /En nog 1\./);
});

test("words that stand are named no more, own words never are, and without hints nothing is", () => {
  const at = table();
  at.wording.letStand(at.wording.in("dader", "fact")[0]!.hint);
  assert.match(shown(at, ["dader en slachtoffer"]), /data-wording="1".*slachtoffer/s);
  assert.doesNotMatch(shown(at, ["slachtoffer"], "words"), /<ul/);
  at.wording = new Wording(undefined);
  assert.doesNotMatch(shown(at, ["slachtoffer"]), /<ul/);
});
