import assert from "node:assert/strict";
import { test } from "node:test";
import { render } from "preact-render-to-string";
import type { Hello } from "../protocol.ts";
import { serverExamples } from "../protocol.examples.ts";
import { Table, TableContext } from "../state/table.ts";
import { facets } from "./filter.ts";
import { FilterBar } from "./filter-bar.tsx";

function bar(prepare: (table: Table) => void = () => {}): string {
  const table = new Table("CASE", () => { throw new Error("nothing is sent here"); });
  table.hello(serverExamples[0] as Hello);
  prepare(table);
  return render(<TableContext.Provider value={table}><FilterBar /></TableContext.Provider>);
}

test("a menu for each facet, all of them closed", () => {
  const html = bar();
  for (const facet of facets) assert.match(html, new RegExp(`data-filter="${facet}" aria-expanded="false"`));
  assert.doesNotMatch(html, /data-act="show-all"|data-option/);
});

test("how many there are, without calling it out", () => {
  assert.match(bar(), /<span role="status"><\/span>2 kaarten/);
});

test("what is chosen is named, and how many are left is called out", () => {
  const html = bar((table) => table.sift.toggle("kind", "words"));
  assert.match(html, /aria-label="Soort: eigen woorden"/);
  assert.match(html, /<span role="status">1 van 2 kaarten<\/span>/);
  assert.match(html, /data-act="show-all"/);
});

test("several choices of one facet are counted on its button and named to those who cannot see it", () => {
  const html = bar((table) => { table.sift.toggle("kind", "words"); table.sift.toggle("kind", "question"); });
  assert.match(html, /aria-label="Soort: eigen woorden, vraag".*Soort: 2/s);
});
