import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Answer, Change, Do, Hello, ServerMessage } from "../protocol.ts";
import { serverExamples } from "../protocol.examples.ts";
import type { Model } from "../state/model.ts";
import { Table } from "../state/table.ts";
import { aftersOf, lay } from "./lay.ts";

const example = serverExamples[0] as Hello;
const sample = Object.values(example.whole!.cards).find((card) => card.links)!;

/** Columns by their cards; a card in capitals is archived. */
function board(columns: Record<string, string[]>): Model {
  const cards = Object.entries(columns).flatMap(([col, ids]) => ids.map((id) => [id, {
    ...sample, id, col, title: { base: `T${id}`, body: `kaart ${id}` }, ...(id !== id.toLowerCase() && { archived: true as const }),
  }]));
  return { ...example.whole!, columns: Object.keys(columns).map((id) => ({ id, title: `kolom ${id}` })), order: columns, cards: Object.fromEntries(cards) };
}

/** A table with a server that answers when told to. */
function setting(t: TestContext, columns: Record<string, string[]>) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const sent: Do[] = [];
  const wire = { send: (frame: string) => { const message = JSON.parse(frame) as Do; if (message.t === "do") sent.push(message); }, close() {} } as unknown as WebSocket;
  const table = new Table("CASE", () => wire);
  table.live.connect();
  const say = (message: ServerMessage) => wire.onmessage?.({ data: JSON.stringify(message) } as MessageEvent);
  wire.onopen?.({} as Event);
  say({ ...example, whole: board(columns) });
  const settle = () => new Promise<void>((done) => setImmediate(done));
  return {
    table, sent, wire,
    move: (card: string, column: string, before?: string) => void table.moves.move({ card, column, afters: aftersOf(table.moves.shown.peek()!, card, column, before) }),
    hears: (parts: Omit<Change, "t" | "cursor">) => say({ t: "change", cursor: "c", ...parts }),
    answer: async (reason?: string, index = -1) => {
      const answer: Answer = { t: "answer", id: sent.at(index)!.id, ok: !reason, ...(reason && { error: { kind: "not_found", reason } }) };
      say(answer);
      await settle();
    },
    order: () => table.moves.shown.peek()!.order,
    told: () => table.told.peek(),
  };
}

const at = (model: Model, card: string, column: string, afters: string[]) => lay(model, [{ card, column, afters }]).order;

test("a card is laid where it was put", () => {
  const model = board({ a: ["1", "2", "3"], b: ["4"] });
  assert.deepEqual(at(model, "1", "b", ["4"]), { a: ["2", "3"], b: ["4", "1"] });
  assert.deepEqual(at(model, "1", "b", []), { a: ["2", "3"], b: ["1", "4"] });
  assert.deepEqual(at(model, "1", "a", ["3", "2"]), { a: ["2", "3", "1"], b: ["4"] });
  assert.equal(lay(model, [{ card: "1", column: "b", afters: [] }]).cards["1"]!.col, "b");
  assert.equal(lay(model, []), model);
});

test("of a place that is gone the nearest is taken, and of a column or card that is gone nothing", () => {
  const model = board({ a: ["1", "2"], b: ["4", "5"] });
  assert.deepEqual(at(model, "1", "b", ["hidden", "4"]), { a: ["2"], b: ["4", "1", "5"] });
  assert.equal(lay(model, [{ card: "1", column: "gone", afters: [] }]), model);
  assert.equal(lay(model, [{ card: "hidden", column: "b", afters: [] }]), model);
});

test("it stands there at once, is being saved until the answer, and is called out", async (t) => {
  const { move, sent, order, hears, answer, table, told } = setting(t, { a: ["1", "2"], b: ["3", "4"] });
  move("1", "b", "4");
  assert.deepEqual(order(), { a: ["2"], b: ["3", "1", "4"] });
  assert.deepEqual(sent[0]!.with, { card: "1", column: "b", after: "3" });
  assert.equal(table.moves.moved.peek(), "Verplaatst naar kolom b, na ‘kaart 3’");
  assert.deepEqual([...table.moves.waiting.peek()], ["1"]);
  hears({ cards: [{ ...table.model.peek()!.cards["1"]!, col: "b" }], order: { a: ["2"], b: ["3", "1", "4"] } });
  await answer();
  assert.deepEqual([order(), table.moves.waiting.peek().size, told()], [{ a: ["2"], b: ["3", "1", "4"] }, 0, ""]);
});

test("where it stands already nothing is sent, whatever is archived in between", (t) => {
  const { move, sent } = setting(t, { a: ["1", "X", "2"] });
  move("2", "a");
  move("1", "a", "2");
  move("1", "a", "X");
  assert.equal(sent.length, 0);
});

test("refused, it goes back, with one sentence", async (t) => {
  const { move, order, answer, told } = setting(t, { a: ["1", "2"], b: ["3"] });
  move("1", "b");
  await answer("closed");
  assert.deepEqual(order(), { a: ["1", "2"], b: ["3"] });
  assert.equal(told(), "Deze casus is gesloten: je kunt er alleen nog lezen. ‘kaart 1’ ligt nog in kolom a.");
});

test("when somebody else moved it after me it goes where the server has it", async (t) => {
  const { move, order, hears, answer, told, table } = setting(t, { a: ["1"], b: [], c: [] });
  move("1", "b");
  hears({ cards: [{ ...table.model.peek()!.cards["1"]!, col: "c" }], order: { a: [], c: ["1"] } });
  assert.deepEqual(order().b, ["1"], "mine is still on its way");
  await answer();
  assert.deepEqual(order(), { a: [], b: [], c: ["1"] });
  assert.equal(told(), "Iemand verplaatste ‘kaart 1’ ook. De kaart ligt nu in kolom c.");
});

test("a column that is gone takes no card", async (t) => {
  const { move, order, hears, answer, told, table } = setting(t, { a: ["1"], b: ["2"] });
  move("1", "b");
  hears({ columns: [{ id: "a", title: "kolom a" }], cards: [{ ...table.model.peek()!.cards["2"]!, col: "a" }], order: { a: ["1", "2"] } });
  assert.deepEqual(order(), { a: ["1", "2"] });
  await answer("column_gone");
  assert.equal(told(), "Die kolom is er niet meer. ‘kaart 1’ ligt in kolom a.");
});

test("an anchor that is hidden by then gives way to the card before it", async (t) => {
  const { move, order, sent, hears, answer, told, table } = setting(t, { a: ["1"], b: ["2", "3", "4"] });
  move("1", "b");
  assert.deepEqual(sent[0]!.with, { card: "1", column: "b", after: "4" });
  hears({ gone: ["4"], order: { b: ["2", "3"] } });
  await answer("anchor_gone");
  assert.deepEqual(sent[1]!.with, { card: "1", column: "b", after: "3" });
  assert.deepEqual(order().b, ["2", "3", "1"]);
  hears({ cards: [{ ...table.model.peek()!.cards["1"]!, col: "b" }], order: { a: [], b: ["2", "3", "1"] } });
  await answer();
  assert.equal(told(), "");
});

test("several at once keep their order, and the last move of a card counts", async (t) => {
  const { move, order, sent, answer, told, table, hears } = setting(t, { a: ["1", "2"], b: [], c: [] });
  move("1", "b");
  move("2", "b");
  move("1", "c");
  assert.deepEqual(order(), { a: [], b: ["2"], c: ["1"] });
  await answer();
  assert.deepEqual([order().c, told()], [["1"], ""]);
  const card = (id: string, col: string) => ({ ...table.model.peek()!.cards[id]!, col });
  hears({ cards: [card("1", "c"), card("2", "b")], order: { a: [], b: ["2"], c: ["1"] } });
  await answer();
  await answer();
  assert.deepEqual([order(), sent.length, told()], [{ a: [], b: ["2"], c: ["1"] }, 3, ""]);
});

test("a card that is hidden while it moves is not told of, but that it is not here", async (t) => {
  const { move, order, hears, answer, told } = setting(t, { a: ["1"], b: [] });
  move("1", "b");
  hears({ gone: ["1"], order: { a: [] } });
  assert.deepEqual(order(), { a: [], b: [] });
  await answer("not_found");
  assert.equal(told(), "De kaart die je verplaatste is hier niet meer.");
});

test("without a connection it waits in its new place; nobody who signs in after me finds it there", (t) => {
  const { wire, move, order, sent, table } = setting(t, { a: ["1"], b: [] });
  wire.onclose?.({ code: 4000 } as CloseEvent);
  move("1", "b");
  assert.deepEqual([order(), sent.length, table.live.outbox.size], [{ a: [], b: ["1"] }, 0, 1]);
  table.stranger();
  assert.equal(table.moves.waiting.peek().size, 0);
});
