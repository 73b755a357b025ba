import assert from "node:assert/strict";
import { test } from "node:test";
import { render } from "preact-render-to-string";
import { Toolbar } from "../editor/toolbar.tsx";
import { Table, TableContext } from "../state/table.ts";
import { WordingHints } from "../wording/wording-hints.tsx";
import { Misspelt } from "./misspelt.ts";
import { SpellingState } from "./spelling-state.tsx";
import { Spelling } from "./state.ts";

function table(begin?: () => Worker) {
  const table = new Table("CASE", () => { throw new Error("nothing is sent here"); });
  table.spelling = new Spelling(begin);
  return table;
}
const within = (at: Table, what: preact.ComponentChild) => render(<TableContext.Provider value={at}>{what}</TableContext.Provider>);
const listed = (misspelt: Misspelt) => within(table(), <WordingHints texts={[]} kind="fact" spelling={{ misspelt, respell: () => {} }} />);
const order = (html: string) => [...html.matchAll(/data-misspelt="([^"]*)"/g)].map((match) => match[1]);

test("the words that the list does not know, a few at first; the one that was asked about goes before them, with what could be meant", () => {
  const misspelt = new Misspelt();
  assert.doesNotMatch(listed(misspelt), /<ul/);
  misspelt.words.value = ["een", "twee", "drie", "vier"];
  let html = listed(misspelt);
  assert.deepEqual(order(html), ["een", "twee", "drie"]);
  assert.match(html, /aria-label="Woordkeus en spelling".*Toon alle 4 woorden/s);
  assert.match(html, /role="status">4 woorden staan niet in de woordenlijst\./);
  assert.doesNotMatch(html, /aria-expanded="true"/);
  misspelt.ask("vier");
  html = listed(misspelt);
  assert.deepEqual(order(html), ["vier", "een", "twee"]);
  assert.match(html, /data-misspelt="vier".*aria-expanded="true" aria-label="Voorstellen voor ‘vier’".*role="group".*data-misspelt="een"/s);
});

test("the switch is there where a list can come, and says how it stands", () => {
  const bar = (at: Table, own = false) => within(at, <><Toolbar ready onUse={() => {}} /><SpellingState own={own} /></>);
  assert.doesNotMatch(bar(table()), /data-tool="spelling"/);
  const at = table(() => ({}) as Worker);
  assert.match(bar(at), /data-tool="spelling"[^>]*aria-pressed="false"/);
  at.spelling.toggle();
  assert.match(bar(at), /data-tool="spelling"[^>]*aria-pressed="true".*Woordenlijst komt…/s);
  at.spelling.state.value = "on";
  assert.match(bar(at), /class="visually-hidden">De spelling wordt nagekeken\./);
  assert.match(bar(at, true), /class="soft small">Eigen woorden blijven/);
  at.spelling.state.value = "failed";
  assert.match(bar(at), /data-tool="spelling"[^>]*aria-pressed="false".*class="notice">De woordenlijst kwam niet\./s);
});
