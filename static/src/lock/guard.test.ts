import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { Guard, type Outcome, type Told, type Word } from "./guard.ts";
import { IdleClock } from "./idle.ts";

const limit = 600_000;

/** A page of Iris whose server answers what the test wants. */
function page(t: TestContext) {
  t.mock.timers.reset();
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const at = { now: 0 }, seen: string[] = [], asked: string[] = [], words: Word[] = [];
  const world = { reached: true, unlock: { state: "open", user: "IRIS" } as Outcome, state: { state: "open", user: "IRIS" } as Outcome };
  const guard = new Guard("IRIS", new IdleClock(limit, () => at.now, () => at.now), {
    hide: () => seen.push("hide"), show: () => seen.push("show"), say: (what) => seen.push(`say ${what}`), restart: () => seen.push("restart"),
  }, {
    lock: async () => { asked.push("lock"); return world.reached; },
    unlock: async (password) => { asked.push(`unlock ${password}`); return world.unlock; },
    state: async () => { asked.push("state"); return world.state; },
  }, (told: Told) => words.push(told.word));
  return { guard, at, seen, asked, words, world, later: (ms: number) => t.mock.timers.tick(ms) };
}
const settled = () => new Promise((done) => setImmediate(done));

test("left alone it hides first, then tells the other tabs and the server, once", async (t) => {
  const { guard, at, seen, asked, words } = page(t);
  at.now = limit - 1;
  assert.equal(guard.check(), false);
  at.now = limit;
  assert.equal(guard.check(), true);
  assert.deepEqual([seen, words], [["hide"], ["locked"]]);
  guard.check();
  await settled();
  assert.deepEqual(asked, ["lock"]);
});

test("the first key after a sleep comes too late", (t) => {
  const { guard, at } = page(t);
  at.now = limit;
  assert.equal(guard.touched(), false);
  assert.equal(guard.locked, true);
});

test("a sign of life in one tab keeps the others open, and is told at most once a second", (t) => {
  const one = page(t), other = page(t);
  one.at.now = other.at.now = limit - 1;
  for (let i = 0; i < 5; i++) one.guard.touched();
  assert.deepEqual(one.words, ["active"]);
  other.guard.heard({ word: "active", user: "IRIS" });
  other.at.now += limit - 1;
  assert.equal(other.guard.check(), false);
});

test("the right password opens it here and in the other tabs, a wrong one says so", async (t) => {
  const { guard, seen, words, world } = page(t);
  guard.lock();
  world.unlock = { state: "locked", user: "" };
  assert.equal(await guard.unlock("fout"), false);
  assert.deepEqual([guard.locked, seen.at(-1)], [true, "say failed"]);
  world.unlock = { state: "open", user: "IRIS" };
  assert.equal(await guard.unlock("goed"), true);
  assert.deepEqual([guard.locked, seen.at(-1), words], [false, "show", ["locked", "unlocked"]]);
});

test("a tab that hears of an unlock believes the server alone", async (t) => {
  const { guard, seen, world } = page(t);
  guard.told();
  world.state = { state: "locked", user: "IRIS" };
  guard.heard({ word: "unlocked", user: "IRIS" });
  await settled();
  assert.equal(guard.locked, true);
  world.state = { state: "open", user: "IRIS" };
  guard.heard({ word: "unlocked", user: "IRIS" });
  await settled();
  assert.deepEqual([guard.locked, seen], [false, ["hide", "show"]]);
});

test("it never opens for who signed in after me", async (t) => {
  for (const way of ["look", "unlock"] as const) {
    const { guard, seen, world } = page(t);
    guard.told();
    world.state = world.unlock = { state: "open", user: "RUBEN" };
    await guard[way]("");
    assert.deepEqual([guard.locked, seen.at(-1)], [true, "restart"]);
  }
});

test("until the server knows of the lock nothing that it says opens the page", async (t) => {
  const { guard, asked, seen, world, later } = page(t);
  world.reached = false;
  guard.lock();
  await settled();
  await guard.look();
  assert.equal(guard.locked, true);
  assert.equal(await guard.unlock("goed"), false);
  assert.deepEqual([asked.includes("state"), asked.includes("unlock goed"), seen.at(-1)], [false, false, "say offline"]);
  world.reached = true;
  const before = asked.length;
  later(2_000);
  await settled();
  assert.deepEqual(asked.slice(before), ["lock"]);
  assert.equal(await guard.unlock("goed"), true);
});

test("a tab that is told by another tells the server too: the other may not have reached it", async (t) => {
  const { guard, asked, world } = page(t);
  world.reached = false;
  guard.heard({ word: "locked", user: "IRIS" });
  await settled();
  await guard.look();
  assert.deepEqual([guard.locked, asked], [true, ["lock"]]);
});

test("a session that is over says so and stays hidden", async (t) => {
  const { guard, seen, world } = page(t);
  guard.told();
  world.unlock = { state: "over", user: "" };
  assert.equal(await guard.unlock("goed"), false);
  assert.deepEqual([guard.locked, seen.at(-1)], [true, "say over"]);
});

test("who reads without doing anything keeps the session, by one word to the server a minute", async (t) => {
  const { guard, at, asked, world } = page(t);
  for (let second = 0; second <= 180; second++) {
    at.now = second * 1_000;
    guard.touched();
  }
  assert.deepEqual(asked, ["state", "state", "state"]);
  world.state = { state: "locked", user: "IRIS" };
  at.now += 60_000;
  guard.touched();
  await settled();
  assert.equal(guard.locked, true, "a lock of which no tab told is heard of so");
});

test("what is looked at from afar stays open, and keeps no other tab open", (t) => {
  const { guard, at, words, asked } = page(t);
  for (let minute = 1; minute <= 60; minute++) {
    at.now = minute * 60_000;
    guard.inUse();
  }
  assert.deepEqual([guard.check(), words, asked.length], [false, [], 60]);
  at.now += limit;
  guard.inUse();
  assert.equal(guard.locked, true, "not after a sleep");
});

test("a hand on what was looked at from afar comes too late: it locks, and so does leaving", (t) => {
  for (const way of ["touched", "left"] as const) {
    const { guard, at, seen, asked } = page(t);
    for (let minute = 1; minute <= 10; minute++) {
      at.now = minute * 60_000;
      guard.inUse();
    }
    assert.equal(guard.moved(), true);
    assert.deepEqual([guard.locked, seen], [false, []], "a mouse that is bumped does nothing");
    assert.notEqual(guard[way](), true);
    assert.deepEqual([guard.locked, seen, asked.includes("lock")], [true, ["hide"], true], way);
  }
});

test("a page of who has gone is taken away, and started anew for who came after", async (t) => {
  const ways: ((guard: Guard, at: { now: number }) => void)[] = [
    (guard) => void guard.look(),
    (guard, at) => { at.now = 60_000; guard.touched(); },
    (guard) => guard.heard({ word: "active", user: "RUBEN" }),
  ];
  for (const way of ways) {
    for (const [state, user, then] of [["over", "", ["hide", "say over"]], ["open", "RUBEN", ["hide", "restart"]], ["open", "IRIS", []], ["unreachable", "", []]] as const) {
      const { guard, at, seen, world } = page(t);
      world.state = { state, user };
      way(guard, at);
      await settled();
      assert.deepEqual([seen, guard.locked], [then, then.length > 0], state);
    }
  }
});

test("it comes back for the person whose page it is, signed in again", async (t) => {
  const { guard, seen, world } = page(t);
  world.state = { state: "over", user: "" };
  assert.equal(await guard.look(), false);
  world.state = { state: "open", user: "IRIS" };
  assert.equal(await guard.look(), true);
  assert.deepEqual([seen.at(-1), guard.locked], ["show", false]);
});

test("signs of life of somebody else keep nothing open", (t) => {
  const { guard, at } = page(t);
  at.now = limit - 1;
  guard.heard({ word: "active", user: "RUBEN" });
  at.now = limit;
  assert.equal(guard.check(), true);
});
