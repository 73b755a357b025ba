import assert from "node:assert/strict";
import { test } from "node:test";
import { render } from "preact-render-to-string";
import type { Attendance, Hello, Here, Me } from "../protocol.ts";
import { serverExamples } from "../protocol.examples.ts";
import { Page } from "../board/board.tsx";
import { Screen } from "../screen/screen.tsx";
import { Table } from "../state/table.ts";

const hello = serverExamples[0] as Hello;
const [iris, ruben] = hello.whole!.team.map((member) => member.user) as [string, string];
const team = hello.whole!.team.map(({ ended: _, ...member }) => member);
const all = "f".repeat(64);
const leads: Me = { ...hello.me, rights: { open: { lead: all }, closed: {} } };
const looks: Me = { ...hello.me, rights: { open: {}, closed: {} } };
const list = (parts: Partial<Attendance>): Attendance => ({ members: [iris], guests: [], screen: false, ...parts });

function sit(me: Me, attendance: Attendance, here: Here[] = [], as?: string): Table {
  const table = new Table("CASE", () => { throw new Error("nothing is sent here"); }, as);
  table.hello({ ...hello, me, here, whole: { ...hello.whole!, team, attendance } });
  table.line("live", 0);
  return table;
}

const board = (table: Table) => render(<Page table={table} signOut="/sign-out" />);

test("who leads can show the Scherm once somebody is on the list, and blank it", () => {
  assert.doesNotMatch(board(sit(leads, list({ members: [] }))), /data-act="show-screen"/);
  assert.match(board(sit(leads, list({}))), /data-act="show-screen"/);
  const shown = board(sit(leads, list({ screen: true })));
  assert.match(shown, /data-act="blank-screen"/);
  assert.doesNotMatch(shown, /data-act="show-screen"/);
});

test("others read that it is on, and can do nothing about it", () => {
  const html = board(sit(looks, list({ screen: true })));
  assert.match(html, /data-screen-on/);
  assert.doesNotMatch(html, /data-act="(attendance|blank-screen|look-as)"/);
  assert.doesNotMatch(board(sit(looks, list({}))), /data-screen-on/);
});

test("who sits at the table without being on the list is named, but not oneself", () => {
  assert.match(board(sit(leads, list({}), [{ user: iris }, { user: ruben }])), /data-unlisted[^]*Ruben/);
  assert.doesNotMatch(board(sit(leads, list({ members: [ruben] }), [{ user: iris }])), /data-unlisted/);
  assert.doesNotMatch(board(sit(leads, list({ members: [] }), [{ user: ruben }])), /data-unlisted/);
});

test("because of whom it stays blank is told to who leads", () => {
  assert.match(board(sit(leads, list({ members: [ruben], held: [ruben], screen: true }))), /data-held[^]*Ruben/);
});

test("the Scherm shows nothing while it is blank, offline or over", () => {
  const lit = sit(looks, list({ screen: true }), [], "screen");
  assert.match(render(<Screen table={lit} />), /Ik slaap pas als Bram slaapt/);
  const blank = sit(looks, list({}), [], "screen");
  const offline = sit(looks, list({ screen: true }), [], "screen");
  offline.line("offline", 0);
  const over = sit(looks, list({ screen: true }), [], "screen");
  over.ended(4101);
  for (const table of [blank, offline, over]) {
    const html = render(<Screen table={table} />);
    assert.match(html, /data-screen="blank"/);
    assert.doesNotMatch(html, /Ik slaap|Fenna|Zilverlinde/);
  }
});

test("the Scherm has nothing to press but the way out", () => {
  const html = render(<Screen table={sit(looks, list({ screen: true }), [], "screen")} />);
  assert.deepEqual(html.match(/<(?:a |button|input|textarea|select|summary)[^>]*>/g), ['<button class="btn plain" data-act="leave-screen">']);
  assert.match(html, /<form method="post" action="\/lock" data-after="\/cases\/[^"]+"><button/, "which locks before it leads to the board");
});

test("Kijk als says whose eyes these are, with a way back, also when it is over", () => {
  const lens = sit(looks, list({}), [], ruben);
  assert.match(board(lens), /data-lens[^]*Ruben[^]*data-act="leave-lens"/);
  assert.doesNotMatch(board(sit(looks, list({}))), /data-lens/);
  lens.ended(4101);
  assert.match(board(lens), /data-ended="lens"/);
});
