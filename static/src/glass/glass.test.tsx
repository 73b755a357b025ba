import assert from "node:assert/strict";
import { test } from "node:test";
import { render } from "preact-render-to-string";
import type { Given, Hello } from "../protocol.ts";
import { serverExamples } from "../protocol.examples.ts";
import { Table, TableContext } from "../state/table.ts";
import { hour } from "../words/words.ts";
import { BrokenGlasses, GlassLink } from "./glass.tsx";

const hello = serverExamples[0] as Hello;
const until = "2026-03-02T13:05:00Z";
const other = hello.whole!.team.find((member) => member.user !== hello.me.user)!;
const glass = (user: string): Given => ({ id: `G${user}`, kind: "glass", user, until });

function shown(given: Given[], acts: string[] = [], practice = false): string {
  const table = new Table("CASE", () => { throw new Error("nothing is sent here"); });
  const rights = { open: Object.fromEntries(acts.map((act) => [act, "f".repeat(64)])), closed: {} };
  table.hello({ ...hello, me: { ...hello.me, rights }, whole: { ...hello.whole!, given, case: { ...hello.whole!.case, ...(practice && { practice }) } } });
  return render(<TableContext.Provider value={table}><GlassLink /><BrokenGlasses /></TableContext.Provider>);
}

test("who broke it sees until when, and the way to end it instead of the way to break it", () => {
  const html = shown([glass(hello.me.user)], ["glass"]);
  assert.match(html, /data-glass="own"/);
  assert.ok(html.includes(hour(new Date(until))));
  assert.match(html, /href="\/cases\/CASE\/glass" data-act="end-glass"/);
  assert.doesNotMatch(html, /data-act="glass"/);
});

test("of another's, it says who broke it, and the own way stays", () => {
  const html = shown([glass(other.user)], ["glass"]);
  assert.ok(html.includes(other.name) && html.includes(hour(new Date(until))));
  assert.match(html, /data-act="see-glass"/);
  assert.match(html, /data-act="glass"/);
});

test("what else was given shows no glass, and without the right or in practice there is no way to it", () => {
  const lend: Given = { id: "LEND", kind: "lend", user: hello.me.user, until };
  assert.equal(shown([lend]), "");
  assert.equal(shown([], ["glass"], true), "");
});
