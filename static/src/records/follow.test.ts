import assert from "node:assert/strict";
import { test } from "node:test";
import { Follow } from "./follow.ts";
import type { Following } from "./follow.ts";
import { News } from "./news.ts";

class FakeStream {
  readyState = 1;
  closed = false;
  #hear = new Map<string, (event: MessageEvent<string>) => void>();
  addEventListener(name: string, hear: (event: MessageEvent<string>) => void): void { this.#hear.set(name, hear) }
  close(): void { this.closed = true }
  says(name: string, data = "", lastEventId = ""): void { this.#hear.get(name)?.({ data, lastEventId } as MessageEvent<string>) }
}

function following() {
  const streams: FakeStream[] = [], from: string[] = [], said: Following[] = [];
  const news = new News("a", { single: "1", several: "{n}" });
  const follow = new Follow(news, (place) => {
    from.push(place);
    streams.push(new FakeStream());
    return streams.at(-1)!;
  }, (how) => said.push(how), () => {});
  follow.start();
  return { follow, news, streams, from, said };
}
const lines = JSON.stringify({ count: 1, rows: "<li>one</li>" });

test("a connection that goes and comes back is told of", () => {
  const { follow, streams, said } = following();
  streams[0]!.says("open");
  streams[0]!.readyState = 0;
  streams[0]!.says("error");
  streams[0]!.says("open");
  assert.deepEqual(said, ["on", "lost", "on"]);
  assert.ok(follow.active);
  follow.stop();
});

test("who is turned away is told that it is over", () => {
  const { follow, streams, said } = following();
  streams[0]!.readyState = 2;
  streams[0]!.says("error");
  assert.deepEqual(said, ["over"]);
  assert.ok(!follow.active && streams[0]!.closed);
});

test("a connection that falls still is given up, and another goes on from the last place", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { follow, news, streams, from, said } = following();
  streams[0]!.says("open");
  streams[0]!.says("lines", lines, "b");
  t.mock.timers.tick(14_000);
  streams[0]!.says("beat");
  t.mock.timers.tick(14_000);
  assert.equal(streams.length, 1);
  t.mock.timers.tick(1_000);
  assert.deepEqual(from, ["a", "b"]);
  assert.deepEqual(said, ["on", "lost"]);
  streams[0]!.says("lines", lines, "c"); // the old one wakes up
  assert.equal(news.counted, "1");
  streams[1]!.says("open");
  assert.deepEqual(said, ["on", "lost", "on"]);
  follow.stop();
  t.mock.timers.tick(60_000);
  assert.equal(streams.length, 2);
});
