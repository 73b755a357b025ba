import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Answer, ClientMessage, Do, Hello, ServerMessage } from "../protocol.ts";
import { serverExamples } from "../protocol.examples.ts";
import { delay } from "./backoff.ts";
import { Live, type Line } from "./live.ts";

class Wire {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: ClientMessage[] = [];
  send(frame: string): void { this.sent.push(JSON.parse(frame) as ClientMessage) }
  close(): void { this.shut = true }
  shut = false;
  say(message: ServerMessage): void { this.onmessage?.({ data: JSON.stringify(message) }) }
  drop(code: number): void { this.onclose?.({ code }) }
  done(): Do[] { return this.sent.filter((message) => message.t === "do") }
}

const hello = serverExamples[0] as Hello;
const ok = (id: string): Answer => ({ t: "answer", id, ok: true });

function table(t: TestContext, as?: string) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const wires: Wire[] = [], lines: Line[] = [], ended: number[] = [], turned: string[] = [], waiting: number[] = [], answers: [string, boolean][] = [], unrecorded: boolean[] = [];
  const live = new Live("CASE", () => {
    const wire = new Wire();
    wires.push(wire);
    return wire as unknown as WebSocket;
  }, { hello: () => {}, news: () => {}, line: (line, n, not) => { lines.push(line); waiting.push(n); unrecorded.push(not); }, ended: (code) => ended.push(code),
    done: () => {}, answered: (message, _, late) => answers.push([message.id, late]),
    locked: () => turned.push("locked"), stranger: () => turned.push("stranger") }, as);
  live.connect();
  const last = () => wires.at(-1)!;
  const join = (message: Hello = hello) => { last().onopen?.(); last().say(message); };
  return { live, wires, lines, ended, turned, waiting, answers, unrecorded, last, join, later: (ms: number) => t.mock.timers.tick(ms) };
}

test("joins with the case, then is live", (t) => {
  const { last, join, lines } = table(t);
  join();
  assert.deepEqual(last().sent, [{ t: "join", case: "CASE" }]);
  assert.equal(lines.at(-1), "live");
});

test("saving until the answer", async (t) => {
  const { live, last, join, lines } = table(t);
  join();
  const answer = live.do("close_case", {});
  assert.equal(lines.at(-1), "saving");
  last().say(ok(last().done()[0]!.id));
  assert.equal((await answer).ok, true);
  assert.equal(lines.at(-1), "live");
});

test("comes back with the last cursor and seat, and sends again what has no answer, with the same id", (t) => {
  const { live, last, join, lines, later, wires, waiting, answers } = table(t);
  join();
  last().say({ t: "change", cursor: "later" });
  void live.do("archive_card", { card: "A" });
  live.focus("A");
  const [first] = last().done();
  last().drop(4000);
  assert.equal(lines.at(-1), "offline");
  void live.do("archive_card", { card: "B" });
  later(500);
  assert.equal(wires.length, 2);
  join({ ...hello, cursor: "even later" });
  assert.deepEqual(last().sent[0], { t: "join", case: "CASE", cursor: "later", seat: hello.seat });
  assert.equal(waiting.at(-1), 2);
  assert.deepEqual(last().done().map((m) => m.id), [first!.id]);
  assert.deepEqual(last().sent.at(-1), { t: "focus", card: "A" });
  last().say(ok(first!.id));
  assert.deepEqual(last().done().map((m) => m.with), [{ card: "A" }, { card: "B" }]);
  last().say(ok(last().done()[1]!.id));
  void live.do("archive_card", { card: "C" });
  last().say(ok(last().done()[2]!.id));
  assert.deepEqual(answers.map(([, late]) => late), [true, true, false]);
});

test("what the server cannot do now is tried again with the same id", async (t) => {
  const { live, last, join, later } = table(t);
  join();
  const answer = live.do("close_case", {});
  const { id } = last().done()[0]!;
  last().say({ t: "answer", id, ok: false, error: { kind: "unavailable", reason: "unavailable" } });
  later(1000);
  assert.deepEqual(last().done().map((m) => m.id), [id, id]);
  last().say(ok(id));
  assert.equal((await answer).ok, true);
});

test("what is done later never overtakes what has to be tried again", (t) => {
  const { live, last, join, later } = table(t);
  join();
  void live.do("archive_card", { card: "A" });
  void live.do("archive_card", { card: "B" });
  const { id } = last().done()[0]!;
  last().say({ t: "answer", id, ok: false, error: { kind: "too_many", reason: "rate" } });
  assert.equal(last().done().length, 1);
  later(1000);
  last().say(ok(id));
  assert.deepEqual(last().done().map((m) => m.with), [{ card: "A" }, { card: "A" }, { card: "B" }]);
});

test("blanking the Scherm waits for nothing but the word to show it", (t) => {
  const { live, last, join } = table(t);
  join();
  const sent = () => last().done().map((message) => message.cmd);
  void live.do("rename_case", { name: "Linde" });
  void live.do("blank_screen", {});
  assert.deepEqual(sent(), ["rename_case", "blank_screen"]);
  for (const message of last().done()) last().say(ok(message.id));
  void live.do("rename_case", { name: "Zilverlinde" });
  void live.do("show_screen", {});
  void live.do("blank_screen", {});
  assert.deepEqual(sent().slice(2), ["rename_case"]);
  for (const n of [2, 3]) last().say(ok(last().done()[n]!.id));
  assert.deepEqual(sent().slice(2), ["rename_case", "show_screen", "blank_screen"]);
});

test("waits longer each time it is dropped at once, and starts over after a good connection", (t) => {
  const { last, join, later, wires } = table(t);
  for (let i = 0; i < 12; i++) {
    last().drop(1006);
    later(8_000);
  }
  assert.equal(wires.length, 13);
  last().drop(1006);
  later(3_999);
  assert.equal(wires.length, 13);
  later(4_001);
  assert.equal(wires.length, 14);
  join();
  later(10_000);
  last().drop(4000);
  later(500);
  assert.equal(wires.length, 15);
});

test("tries at once when asked, instead of waiting, but never while at the table or after the end", (t) => {
  const { live, last, join, later, wires } = table(t);
  join();
  live.retry();
  assert.equal(wires.length, 1);
  last().drop(1006);
  live.retry();
  assert.equal(wires.length, 2);
  later(8_000);
  assert.equal(wires.length, 2, "the wait that was cut short is over");
  live.retry();
  assert.deepEqual([wires.length, wires[1]!.shut, wires[1]!.onclose], [3, true, null], "a hanging try gives way");
  join();
  last().drop(4100);
  live.retry();
  assert.equal(wires.length, 3);
});

test("a try that hangs before it is open is given up", (t) => {
  const { later, wires } = table(t);
  later(20_000);
  assert.equal(wires[0]!.shut, true);
  later(500);
  assert.equal(wires.length, 2);
});

test("while nothing can be put on the record it says so, comes back by itself, and says so no more", (t) => {
  const { last, join, later, wires, lines, unrecorded } = table(t);
  last().drop(4004); // before ever having been at the table
  assert.deepEqual([lines.at(-1), unrecorded.at(-1)], ["offline", true]);
  later(60_000);
  assert.ok(wires.length > 1);
  join();
  assert.deepEqual([lines.at(-1), unrecorded.at(-1)], ["live", false]);
  last().drop(4004);
  assert.deepEqual([lines.at(-1), unrecorded.at(-1)], ["offline", true]);
  later(1_000);
  last().drop(1006);
  assert.deepEqual([lines.at(-1), unrecorded.at(-1)], ["offline", false], "now it is the line");
});

test("at the table it says so too, while what was done or asked waits for it", (t) => {
  const { live, last, join, later, lines, unrecorded } = table(t);
  join();
  const no = (id: string) => ({ id, ok: false as const, error: { kind: "unavailable" as const, reason: "not_recorded" } });
  void live.do("close_case", {}, "AAAAAAAAAAAAAAAA");
  assert.deepEqual([lines.at(-1), unrecorded.at(-1)], ["saving", false]);
  last().say({ t: "answer", ...no("AAAAAAAAAAAAAAAA") });
  assert.deepEqual([lines.at(-1), unrecorded.at(-1)], ["saving", true]);
  later(1_000);
  last().say(ok("AAAAAAAAAAAAAAAA"));
  assert.deepEqual([lines.at(-1), unrecorded.at(-1)], ["live", false]);
  const { id } = live.history("BBBBBBBBBBBBBBBB");
  last().say({ t: "happened", lines: [], ...no(id) });
  assert.deepEqual([lines.at(-1), unrecorded.at(-1)], ["live", true]);
  live.forget(id);
  last().say({ t: "beat" });
  assert.deepEqual([lines.at(-1), unrecorded.at(-1)], ["live", false]);
});

test("the second band of close codes ends it", (t) => {
  for (const code of [4100, 4101, 4102, 4103, 4104]) {
    const { last, join, later, wires, lines, ended } = table(t);
    join();
    last().drop(code);
    later(120_000);
    assert.equal(wires.length, 1);
    assert.equal(lines.at(-1), "ended");
    assert.deepEqual(ended, [code]);
    t.mock.timers.reset();
  }
});

test("a lock leaves the table and forgets what was there; after it everything is sent in order", async (t) => {
  const { live, last, join, later, wires, turned, ended } = table(t);
  join();
  const answer = live.do("archive_card", { card: "A" });
  last().drop(4105);
  assert.deepEqual([turned, ended], [["locked"], []]);
  live.retry();
  live.connect();
  later(120_000);
  assert.equal(wires.length, 1, "while it is locked nobody comes back");
  live.resume();
  join();
  assert.deepEqual(last().sent[0], { t: "join", case: "CASE" });
  last().say(ok(last().done()[0]!.id));
  assert.equal((await answer).ok, true);
  live.pause();
  assert.equal(last().shut, true);
});

test("what was done here is never sent in the name of somebody else", (t) => {
  const { live, last, join, later, wires, turned } = table(t);
  join();
  last().drop(1006);
  void live.do("archive_card", { card: "A" });
  later(500);
  join({ ...hello, me: { ...hello.me, user: "ANOTHER" } });
  assert.deepEqual([turned, last().done(), last().shut], [["stranger"], [], true]);
  later(120_000);
  assert.equal(wires.length, 2);
});

test("a connection that is dead without saying so is given up", (t) => {
  const { live, last, join, later, wires } = table(t);
  join();
  void live.do("close_case", {});
  later(19_999);
  assert.equal(wires[0]!.shut, false);
  later(1);
  assert.equal(wires[0]!.shut, true);
  later(500);
  assert.equal(wires.length, 2);
  join();
  assert.equal(last().done().length, 1);
});

test("a Scherm that hears no beat is without connection half a minute later, a board a minute", (t) => {
  for (const [as, patience] of [["screen", 30_000], [undefined, 60_000]] as const) {
    const { last, join, later, lines } = table(t, as);
    join();
    later(25_000);
    last().say({ t: "beat" });
    later(patience - 1);
    assert.equal(lines.at(-1), "live");
    later(1);
    assert.equal(lines.at(-1), "offline");
    t.mock.timers.reset();
  }
});

test("what cannot be a frame is refused here", async (t) => {
  const { live, last, join } = table(t);
  join();
  const refused = async (text: string) => (await live.do("edit_card", { card: "A", base: "T", text })).error?.reason;
  assert.equal(await refused("x\ud83d"), "bad_text");
  assert.equal(await refused("x".repeat(70_000)), "text_too_long");
  assert.equal(last().done().length, 0);
  void live.do("edit_card", { card: "A", base: "T", text: "letterlijk \\ud83d en 😀" });
  assert.equal(last().done().length, 1);
});

test("a question that cannot be answered now is asked again, a refused one is told", async (t) => {
  const { live, last, join, later } = table(t);
  join();
  const { id, readers } = live.who({ class: "shared" });
  last().say({ t: "readers", id, error: { kind: "too_many", reason: "rate" } } as unknown as ServerMessage);
  later(1000);
  assert.equal(last().sent.filter((m) => m.t === "who" && m.id === id).length, 2);
  last().say({ t: "readers", id, can: null, error: { kind: "not_found", reason: "not_found" } } as unknown as ServerMessage);
  const told = await readers;
  assert.deepEqual([told.can, told.error?.reason], [[], "not_found"]);
});

test("asks who may read and gets the answer to that question", async (t) => {
  const { live, last, join } = table(t);
  join();
  const { id, readers } = live.who({ class: "shared" });
  last().say({ t: "readers", id, can: ["A"], cannot: [], gains: [], loses: [] });
  assert.deepEqual((await readers).can, ["A"]);
});

test("the delay grows to eight seconds and is jittered", () => {
  assert.equal(delay(0, 0), 250);
  assert.equal(delay(0, 1), 500);
  assert.equal(delay(1, 1), 1000);
  assert.equal(delay(99, 1), 8_000);
});
