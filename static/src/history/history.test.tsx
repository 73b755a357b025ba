import assert from "node:assert/strict";
import { test } from "node:test";
import { render } from "preact-render-to-string";
import type { Hello, Happened } from "../protocol.ts";
import { serverExamples } from "../protocol.examples.ts";
import { Table, TableContext } from "../state/table.ts";
import { Lines } from "./history.tsx";

const happened = serverExamples.find((message) => message.t === "happened") as Happened;

function shown(lines: Happened["lines"], onLook?: () => void): string {
  const table = new Table("CASE", () => { throw new Error("nothing is sent here"); });
  table.hello(serverExamples[0] as Hello);
  return render(<TableContext.Provider value={table}><Lines lines={lines} {...(onLook && { onLook })} /></TableContext.Provider>);
}

test("who did what, the newest first, with the column as it is called now", () => {
  const html = shown(happened.lines);
  assert.match(html, /Ruben zette de kaart in Feiten.*Iris schreef de kaart/s);
  assert.match(html, /datetime="2025-11-03T09:20:00Z"/i);
});

test("a column that is gone, an unknown deed and somebody unknown have words as well", () => {
  const at = "2025-11-03T09:00:00Z";
  const html = shown([{ at, user: "NOBODY", what: "moved", col: "GONE" }, { at, user: "NOBODY", what: "later_invention" }]);
  assert.match(html, /iemand veranderde iets aan de kaart.*iemand verplaatste de kaart/s);
});

test("a stretch of writing leads to what changed in it, a named version to itself", () => {
  const lines = (serverExamples.find((message) => message.t === "happened" && message.unread) as Happened).lines;
  const html = shown(lines, () => {});
  assert.match(html, /Ruben gaf de tekst een naam: ‘Voor het besluit’.*data-version="TLAST22222222222"[^>]*>Bekijk/s);
  assert.match(html, /Ruben schreef.*data-version="TTEXT22222222222"[^>]*>Wat veranderde/s);
  assert.equal(html.split("data-act=\"look\"").length - 1, 2, "the first stretch began with nothing");
  assert.doesNotMatch(shown(lines), /data-act="look"/);
});
