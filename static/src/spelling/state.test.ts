import assert from "node:assert/strict";
import { test } from "node:test";
import { Table } from "../state/table.ts";
import type { Asked, Told } from "./messages.ts";
import { Spelling } from "./state.ts";

/** As the page sees a worker. */
class Played {
  onmessage: ((event: { data: Told }) => void) | undefined;
  onerror: (() => void) | undefined;
  asked: Asked[] = [];
  ended = false;
  postMessage(asked: Asked): void { this.asked.push(asked) }
  terminate(): void { this.ended = true }
  tell(data: Told): void { this.onmessage?.({ data }) }
}

function played() {
  const workers: Played[] = [];
  const spelling = new Spelling(() => {
    const worker = new Played();
    workers.push(worker);
    return worker as unknown as Worker;
  });
  return { spelling, workers };
}

test("nothing comes before it is switched on, and it goes when it is switched off", async () => {
  const { spelling, workers } = played();
  assert.deepEqual(await spelling.wrong(["veilgheid"]), []);
  assert.equal(workers.length, 0);
  spelling.toggle();
  assert.equal(spelling.state.value, "loading");
  assert.deepEqual(await spelling.wrong(["veilgheid"]), [], "no word is sent before the list is there");
  workers[0]!.tell({ ready: true });
  assert.equal(spelling.state.value, "on");
  const asked = spelling.wrong(["veilgheid", "school"]), suggested = spelling.instead("veilgheid");
  workers[0]!.tell({ id: 2, instead: ["veiligheid"] });
  workers[0]!.tell({ id: 1, wrong: ["veilgheid"] });
  assert.deepEqual(await asked, ["veilgheid"]);
  assert.deepEqual(await suggested, ["veiligheid"]);
  const late = spelling.wrong(["huus"]);
  spelling.toggle();
  assert.deepEqual([spelling.state.value, workers[0]!.ended, await late], ["off", true, []]);
});

test("a list that does not come is told, and asked for again when it is switched on again", () => {
  const { spelling, workers } = played();
  spelling.toggle();
  workers[0]!.tell({ ready: false });
  assert.deepEqual([spelling.state.value, workers[0]!.ended], ["failed", true]);
  spelling.toggle();
  workers[1]!.onerror!();
  assert.equal(spelling.state.value, "failed");
  spelling.toggle();
  workers[1]!.tell({ ready: true }); // one that was given up says nothing any more
  assert.equal(spelling.state.value, "loading");
  const none = new Spelling(() => { throw new Error("no workers here"); });
  none.toggle();
  assert.equal(none.state.value, "failed");
});

test("who comes after me finds it off, and none of my words", () => {
  const { spelling, workers } = played();
  spelling.toggle();
  workers[0]!.tell({ ready: true });
  spelling.letStand("huus");
  assert.deepEqual([...spelling.left.value], ["huus"]);
  const table = new Table("CASE", () => { throw new Error("nothing is sent here"); });
  table.spelling = spelling;
  table.clear();
  assert.equal(spelling.state.value, "on", "a lock takes away what is of the case");
  table.stranger();
  assert.deepEqual([spelling.state.value, workers[0]!.ended, spelling.left.value.size], ["off", true, 0]);
});
