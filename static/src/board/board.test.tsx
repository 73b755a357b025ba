import assert from "node:assert/strict";
import { test } from "node:test";
import { render } from "preact-render-to-string";
import type { Hello, Me } from "../protocol.ts";
import { serverExamples } from "../protocol.examples.ts";
import { Table } from "../state/table.ts";
import { Page } from "./board.tsx";

const hello = serverExamples[0] as Hello;
const all = "f".repeat(64);
const everyAct = ["read", "voice", "ask", "edit", "move", "archive", "share", "shield", "reperspective", "redact", "persons", "columns", "lead", "close", "reopen"];

function rights(...acts: string[]): Me {
  const masks = Object.fromEntries(acts.map((act) => [act, all]));
  return { ...hello.me, rights: { open: masks, closed: {} } };
}

function board(me: Me, prepare: (table: Table) => void = () => {}): string {
  const table = new Table("CASE", () => { throw new Error("nothing is sent here"); });
  table.hello({ ...hello, me });
  table.line("live", 0);
  prepare(table);
  return render(<Page table={table} signOut="/sign-out" />);
}

const acts = (html: string) => new Set([...html.matchAll(/data-act="([^"]+)"/g)].map(([, act]) => act));

test("before the first answer there is nothing but the frame", () => {
  const html = render(<Page table={new Table("CASE", () => { throw new Error("nothing is sent here"); })} signOut="/sign-out" />);
  assert.match(html, /data-state="offline"/);
  assert.match(html, /aria-busy="true"/);
  assert.deepEqual(acts(html), new Set(["language", "lock", "sign-out"]));
});

test("family, team, columns and cards can be found", () => {
  const html = board(rights("read"));
  const whole = hello.whole!;
  for (const person of whole.family) assert.ok(html.includes(`data-person="${person.id}"`));
  for (const column of whole.columns) assert.ok(html.includes(`data-column="${column.id}"`));
  for (const card of Object.values(whole.cards)) assert.equal(html.includes(`data-card="${card.id}"`), !card.archived, card.id);
  for (const here of hello.here) assert.ok(html.includes(`data-here="${here.user}"`));
});

test("buttons are there only as far as the masks go", () => {
  const nothingSaid = (table: Table) => table.news({ t: "change", cursor: "c", consents: [] });
  assert.deepEqual(acts(board(rights("read"), nothingSaid)), new Set(["language", "lock", "sign-out", "forward", "undo", "archive-list", "shortcuts", "open", "column-before", "column-after", "hints", "team"]));
  const full = acts(board(rights(...everyAct)));
  for (const act of ["table", "add-person", "edit-person", "draft", "edit", "move", "add-column", "edit-column", "case"]) assert.ok(full.has(act), act);
});

test("my last change can be taken back, and the button says what that does", () => {
  assert.match(board(rights("read"), (table) => table.news({ t: "change", cursor: "c", undo: { command: "C", card: "KSCHLAAF22222222", what: "card_moved", col: "CQUEST2222222222" } })), /data-act="undo".*Ongedaan maken<.*Zet de kaart terug in Vragen \(KSCHL\)/);
  assert.ok(!acts(board(rights("read"), (table) => table.news({ t: "change", cursor: "c", no_undo: true }))).has("undo"));
});

test("in a closed case nothing can be taken back", () => {
  const closed = board(rights("read"), (table) => table.news({ t: "change", cursor: "c", case: { ...hello.whole!.case, status: "closed" } }));
  assert.ok(!acts(closed).has("undo"));
});

test("the button that puts a draft on the table says which", () => {
  assert.match(board(rights(...everyAct)), /data-act="table" aria-label="Op tafel: Kaart \w{5}"/);
});

test("own words stand in quotes and own drafts are marked", () => {
  const html = board(rights("read"));
  assert.match(html, /class="words quoted"[^>]*>Ik slaap pas als Bram slaapt\.</);
  assert.match(html, /Concept, alleen jij ziet dit/);
});

test("no style or script stands in the page, as its policy forbids both", () => {
  const html = board(rights(...everyAct));
  assert.doesNotMatch(html, /\sstyle=|<style|<script|\son\w+=/);
});

test("when the place at the table is gone, nothing of the case is left but my own words", () => {
  const html = board(rights(...everyAct), (table) => {
    table.typed.begin("card.K.text", "V", "het geheime adres").text.value = "het geheime adres graag bellen";
    table.ended(4101);
    table.stillMe.value = true;
  });
  assert.match(html, /data-ended="4101"/);
  assert.match(html, /graag bellen/);
  for (const content of ["geheime", "Zilverlinde", "Fenna", "Bram", "Feiten", "Iris"]) assert.ok(!html.includes(content), content);
});

test("what I typed is shown to nobody of whom the server did not say that it is me", () => {
  const html = board(rights(...everyAct), (table) => {
    table.typed.begin("card.K.text", "V", "").text.value = "graag bellen";
    table.stillMe.value = true; // before the end it says nothing of who sits here after it
    table.ended(4101);
  });
  assert.match(html, /data-ended="4101"/);
  assert.doesNotMatch(html, /graag bellen/);
});

test("a practice case says that it is one, and others do not", () => {
  assert.doesNotMatch(board(rights("read")), /practice/);
  const practice = board(rights("read"), (table) => table.news({ t: "change", cursor: "c", case: { ...hello.whole!.case, practice: true } }));
  assert.match(practice, /data-practice>Oefencasus</);
  assert.match(practice, /iedereen hier is verzonnen/);
});

test("a refusal that came after its dialog was left is told", () => {
  const html = board(rights("read"), (table) => {
    const message = { t: "do" as const, id: "ID", cmd: "close_case" as const, with: {} };
    table.done(message);
    table.answered(message, { t: "answer", id: "ID", ok: false, error: { kind: "denied", reason: "closed" } }, false);
    table.refused.list("ID");
  });
  assert.match(html, /data-refused.*Deze casus is gesloten/s);
});
