import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { ChangeSet } from "@codemirror/state";
import type { ClientMessage, Do, Hello, ServerMessage } from "../protocol.ts";
import { serverExamples } from "../protocol.examples.ts";
import { Table } from "../state/table.ts";

const example = serverExamples.find((m) => m.t === "hello" && m.whole) as Hello;
const every = "f".repeat(64);
const hello: Hello = { ...example, me: { ...example.me, rights: { open: { ...example.me.rights.open, edit: every }, closed: {} } } };
const card = Object.values(hello.whole!.cards).find((one) => one.tabled && !one.archived)!;

class Wire {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: ClientMessage[] = [];
  send(frame: string): void { this.sent.push(JSON.parse(frame) as ClientMessage) }
  close(): void {}
  say(message: ServerMessage): void { this.onmessage?.({ data: JSON.stringify(message) }) }
  writes(): (Do & { cmd: "write_note" })[] { return this.sent.filter((m) => m.t === "do" && m.cmd === "write_note") as never }
}

let tables: Table[] = [];
afterEach(() => {
  for (const table of tables) table.live.pause(); // no timer of it is left
  tables = [];
});

/** A table with a note in which Nu was typed. */
async function written() {
  const wires: Wire[] = [];
  const table = new Table("CASE", () => {
    wires.push(new Wire());
    return wires.at(-1) as unknown as WebSocket;
  });
  tables.push(table);
  const wire = () => wires.at(-1)!;
  const join = (message = hello) => {
    wire().onopen?.();
    wire().say(message);
  };
  table.live.connect();
  join();
  const { writing } = (await table.notes.open(card.id))!;
  const types = (insert: string) => writing.wrote(ChangeSet.of({ from: writing.sync.doc.length, insert }, writing.sync.doc.length, "\n"));
  types(" Nu");
  return { table, wire, join, writing, types, sent: async () => { while (wire().writes().length === 0) await new Promise((done) => setTimeout(done, 5)); return wire().writes()[0]!; } };
}

test("what is typed in a note is unsaved until it is stored, also when its editor is left", async () => {
  const { table, wire, sent, writing } = await written();
  assert.equal(table.unsaved(), true);
  assert.deepEqual(table.ownWords(), ["Nu"]);
  const write = await sent();
  table.notes.close(card.id);
  assert.equal(table.unsaved(), true);
  wire().say({ t: "change", cursor: "n", written: [{ card: card.id, changed: "2025-11-03T09:30:00Z", from: card.text.base, steps: [{ id: write.id, user: hello.me.user, base: "NEW", changes: write.with.changes }] }] });
  wire().say({ t: "answer", id: write.id, ok: true, made: "NEW" });
  await new Promise((done) => setTimeout(done));
  assert.equal(table.unsaved(), false);
  assert.equal(table.card(card.id)!.text.body, `${card.text.body} Nu`);
  assert.notEqual((await table.notes.open(card.id))!.writing, writing, "it begins anew from the text that is there");
});

test("the card goes: nothing of it stays but my own words, told once", async () => {
  const { table, wire, sent } = await written();
  const write = await sent();
  wire().say({ t: "change", cursor: "n", gone: [card.id] });
  assert.deepEqual(table.ownWords(), ["Nu"]);
  assert.equal(table.refused.shown.value.length, 0);
  wire().say({ t: "answer", id: write.id, ok: false, error: { kind: "not_found", reason: "not_found" } });
  await new Promise((done) => setTimeout(done));
  assert.deepEqual(table.refused.shown.value.map(({ own, typed, error }) => [own, typed, error?.reason]), [[["Nu"], ["Nu"], "note_lost"]]);
  assert.deepEqual(table.ownWords(), ["Nu"]);
  assert.equal(await table.notes.open(card.id), undefined);
});

for (const [what, message] of Object.entries({
  "the case is closed": { t: "change", cursor: "n", case: { ...hello.whole!.case, status: "closed" } },
  "the card is archived": { t: "change", cursor: "n", cards: [{ ...card, archived: true }] },
  "the right to edit is withdrawn": { t: "me", seat: "s", me: example.me },
} satisfies Record<string, ServerMessage>)) {
  test(`${what}: the editor is over, and what was not sent is handed over`, async () => {
    const { table, wire } = await written();
    wire().say(message);
    assert.deepEqual(table.refused.shown.value.map(({ own }) => own), [["Nu"]]);
    assert.equal(await table.notes.open(card.id), undefined);
  });
}

test("the text is erased: the editor is over, what was not sent is handed over, and the text can be written anew", async () => {
  const { table, wire, writing } = await written();
  const erased: ServerMessage = { t: "change", cursor: "n", cards: [{ ...card, text: { base: "E", body: "", redacted: true } }] };
  table.writing.value = card.id;
  wire().say(erased);
  assert.deepEqual(table.refused.shown.value.map(({ own }) => own), [["Nu"]]);
  assert.equal(table.writing.value, undefined, "nothing of the old text can be brought back with the keys of its editor");
  const anew = await table.notes.open(card.id);
  assert.notEqual(anew!.writing, writing);
  assert.equal(anew!.writing.sync.doc.toString(), "");
  wire().say(erased);
  assert.equal((await table.notes.open(card.id))!.writing, anew!.writing, "what was erased before it was opened is written on");
});

test("the lock takes the case away and leaves my own words, which go on when it is unlocked", async () => {
  const { table, wire, join, sent, writing } = await written();
  const write = await sent();
  table.lock();
  table.notes.close(card.id);
  assert.equal(table.model.value, undefined);
  assert.equal(table.unsaved(), true);
  table.unlock();
  const other = { base: "OTHER", body: `Daan: ${card.text.body}` };
  join({ ...hello, whole: { ...hello.whole!, cards: { ...hello.whole!.cards, [card.id]: { ...card, text: other } } } });
  assert.equal(wire().writes()[0]!.id, write.id, "the same write is sent again");
  wire().say({ t: "change", cursor: "n", written: [{ card: card.id, changed: "", from: "OTHER", steps: [{ id: write.id, user: hello.me.user, base: "NEW", changes: [other.body.length, [0, " Nu"]] }] }] });
  wire().say({ t: "answer", id: write.id, ok: true, made: "NEW" });
  await new Promise((done) => setTimeout(done));
  assert.equal(writing.sync.doc.toString(), `${other.body} Nu`);
  assert.equal(table.unsaved(), false);
});

test("who signs in after me finds nothing of it", async () => {
  const { table } = await written();
  table.stranger();
  assert.deepEqual(table.ownWords(), []);
});
