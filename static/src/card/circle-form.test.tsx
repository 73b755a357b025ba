import assert from "node:assert/strict";
import { test } from "node:test";
import type { ComponentChildren } from "preact";
import { render } from "preact-render-to-string";
import type { Hello, Readers } from "../protocol.ts";
import { serverExamples } from "../protocol.examples.ts";
import { Table, TableContext } from "../state/table.ts";
import { Circle, ClassForm } from "./circle-form.tsx";

const hello = serverExamples[0] as Hello;
const cards = Object.values(hello.whole!.cards);
const tabled = cards.find((card) => card.tabled)!, draft = cards.find((card) => !card.tabled)!;
const readers: Readers = { t: "readers", id: "Q", can: ["A"], cannot: [], gains: ["A"], loses: ["B"] };

function shownAs(children: ComponentChildren): string {
  const table = new Table("CASE", () => { throw new Error("nothing is sent here"); });
  table.hello(hello);
  return render(<TableContext.Provider value={table}>{children}</TableContext.Provider>);
}

const lists = (html: string) => [...html.matchAll(/data-readers-list="(\w+)"/g)].map(([, what]) => what);

test("nobody gains or loses by a draft, as it has no readers yet", () => {
  assert.deepEqual(lists(shownAs(<Circle card={tabled} readers={readers} />)), ["gains", "loses", "can", "cannot"]);
  const html = shownAs(<Circle card={draft} readers={readers} />);
  assert.deepEqual(lists(html), ["can", "cannot"]);
  assert.match(html, /eenmaal op tafel/);
});

test("the readers of a draft are chosen in words for a card that is there already", () => {
  const html = shownAs(<ClassForm card={draft} act="shield" onBack={() => {}} onDone={() => {}} />);
  assert.match(html, /Dit concept zie alleen jij/);
  assert.doesNotMatch(html, /wordt een concept/);
});
