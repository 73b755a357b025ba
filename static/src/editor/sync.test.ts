import assert from "node:assert/strict";
import { test } from "node:test";
import { ChangeSet } from "@codemirror/state";
import { between } from "./between.ts";
import { NoteSync } from "./sync.ts";
import { Server, settle, Writer } from "./sync.simulated.ts";

const body = (sync: NoteSync) => sync.doc.toString();

function table(text: string, ...names: string[]) {
  const server = new Server(text);
  return { server, writers: names.map((name) => new Writer(name, server)) as [Writer, Writer, ...Writer[]] };
}

function allEqual(server: Server, text?: string): void {
  for (const writer of server.writers) {
    assert.equal(body(writer.sync), server.text.toString(), `${writer.name} ends with the text of the server`);
    assert.equal(writer.seen.toString(), body(writer.sync), `${writer.name} saw every change`);
    assert.deepEqual({ base: writer.sync.base, body: body(writer.sync) }, writer.model);
  }
  if (text !== undefined) assert.equal(server.text.toString(), text);
}

test("two write at the same spot: who was at the server first comes first, for both", () => {
  const { server, writers: [iris, daan] } = table("Bram .", "Iris", "Daan");
  iris.type(5, 5, "slaapt");
  daan.type(5, 5, "droomt");
  daan.send();
  daan.reach();
  iris.send();
  iris.reach();
  settle(server);
  allEqual(server, "Bram droomtslaapt.");
});

test("one write is under way at a time; what is typed meanwhile goes as one", () => {
  const { server, writers: [iris] } = table("", "Iris", "Daan");
  iris.type(0, 0, "a");
  iris.send();
  for (const letter of ["b", "c", "d"]) {
    iris.type(body(iris.sync).length, body(iris.sync).length, letter);
    iris.send();
  }
  iris.reach();
  assert.equal(server.text.toString(), "a");
  settle(server);
  assert.deepEqual(server.steps.map((step) => step.changes), [[[0, "a"]], [1, [0, "bcd"]]]);
  allEqual(server, "abcd");
});

test("a write that is repeated after a lost connection is in once: with its step", () => {
  const { server, writers: [iris, daan] } = table("Noor belt.", "Iris", "Daan");
  iris.type(0, 0, "Nu: ");
  iris.send();
  iris.reach();
  iris.drop(); // before step and answer came
  daan.type(9, 9, " Ans");
  daan.send();
  daan.reach();
  iris.type(4, 4, "echt ");
  iris.comeBack("steps");
  settle(server);
  allEqual(server, "Nu: echt Noor belt Ans.");
});

test("... and within a whole text, which holds it already", () => {
  const { server, writers: [iris, daan] } = table("Noor belt.", "Iris", "Daan");
  iris.type(0, 0, "Nu: ");
  iris.send();
  iris.reach();
  iris.drop();
  daan.take();
  daan.type(13, 13, " Ans");
  daan.send();
  daan.reach();
  iris.type(4, 4, "echt ");
  iris.comeBack("whole");
  iris.take();
  settle(server);
  allEqual(server, "Nu: echt Noor belt Ans.");
});

test("a whole text comes while a write is under way that came too late for it", () => {
  const { server, writers: [iris, daan] } = table("Noor belt.", "Iris", "Daan");
  iris.type(0, 0, "Nu: ");
  iris.send();
  iris.drop(); // before the server had it
  daan.type(9, 9, " Ans");
  daan.send();
  daan.reach();
  iris.type(4, 4, "echt ");
  iris.comeBack("whole");
  iris.take(1);
  assert.equal(body(iris.sync), "Nu: echt Noor belt.", "nothing moves until the answer is there");
  settle(server);
  allEqual(server, "Nu: echt Noor belt Ans.");
});

test("the server knows the text no longer: both are brought together and nothing typed is lost", () => {
  const { server, writers: [iris, daan] } = table("Noor belt. Bram slaapt.", "Iris", "Daan");
  iris.drop();
  iris.type(0, 0, "Nu: ");
  for (const word of [" niet", " nog"]) {
    daan.type(22, 22, word);
    daan.send();
    daan.reach();
    daan.take();
  }
  server.memory = 1;
  iris.comeBack("whole");
  settle(server);
  allEqual(server, "Nu: Noor belt. Bram slaapt nog niet.");
});

test("a write that is refused: my own words, and the text of the server", () => {
  const iris = new NoteSync({ base: "A", body: "Bram slaapt slecht." });
  iris.wrote(ChangeSet.of({ from: 12, to: 18, insert: "heel slecht" }, 19, "\n"));
  assert.ok(iris.send("M1"));
  iris.wrote(ChangeSet.of({ from: 0, insert: "Fenna zegt: " }, 24, "\n"));
  assert.equal(iris.own(), "Fenna zegt: … heel");
  assert.equal(iris.ownUnsent(), "Fenna zegt:");
  const seen = iris.giveUp("Iris");
  assert.equal(body(iris), "Bram slaapt slecht.");
  assert.equal(seen.newLength, 19);
  assert.equal(iris.dirty, false);
});

test("my own words are never those of others, also when I wrote over them", () => {
  const iris = new NoteSync({ base: "A", body: "Het adres is Lindelaan 4." });
  iris.wrote(ChangeSet.of({ from: 0, to: 25, insert: "Let op: het adres is Lindelaan 4. Bel Ans." }, 25, "\n"));
  assert.equal(iris.own().includes("Lindelaan"), false);
});

test("steps that are known already are left out; steps from elsewhere ask for the whole", () => {
  const iris = new NoteSync({ base: "B", body: "een" });
  const step = (base: string, changes: (number | [number, ...string[]])[]) => ({ id: base, user: "Daan", base, changes });
  const seen = iris.steps("A", [step("B", [[0, "een"]]), step("C", [3, [0, " twee"]])], "Iris");
  assert.ok(seen);
  assert.equal(body(iris), "een twee");
  assert.equal(iris.steps("X", [step("Y", [[0, "?"]])], "Iris"), false);
});

test("half a character that changed, and thousands of parts, go as the difference that they make", () => {
  const iris = new NoteSync({ base: "A", body: "Nu 😀 en" });
  iris.wrote(ChangeSet.of({ from: 4, to: 5, insert: "\ude01" }, 8, "\n"));
  assert.deepEqual(iris.send("M1")?.changes, [3, [2, "😁"], 3]);
  const daan = new NoteSync({ base: "A", body: "a ".repeat(3_000) });
  daan.wrote(ChangeSet.of(Array.from({ length: 3_000 }, (_, i) => ({ from: 2 * i, to: 2 * i + 1, insert: "b" })), 6_000, "\n"));
  assert.ok(daan.send("M1")!.changes.length <= 4096);
  assert.equal(body(daan), "b ".repeat(3_000));
});

test("a caret stands in the text of the server, and comes back from it", () => {
  const iris = new NoteSync({ base: "A", body: "Bram slaapt" });
  iris.wrote(ChangeSet.of({ from: 0, insert: "Nu: " }, 11, "\n"));
  assert.equal(iris.toServer(8), 4);
  assert.equal(iris.fromServer("A", 4), 8);
  iris.steps("A", [{ id: "M", user: "Daan", base: "B", changes: [4, [0, "metje"], 7] }], "Iris");
  assert.equal(iris.fromServer("A", 11), 20, "of a text from before, through what came after");
  assert.equal(iris.fromServer("B", 16), 20);
  assert.equal(iris.fromServer("Z", 1), undefined);
  assert.equal(iris.fromServer("B", 99), undefined);
});

test("the difference of two texts is one of words, and never splits a pair", () => {
  for (const [was, now] of [["", ""], ["", "a\nb"], ["😀", "😁"], ["een twee drie", "een drie"], ["a b c", "x b y"], ["zin een. zin twee.", "zin een! zin twee?"]] as const) {
    const changes = between(was, now);
    assert.equal(changes.apply(new NoteSync({ base: "", body: was }).doc).toString(), now);
    assert.doesNotMatch(JSON.stringify(changes), /(?<!\\)\\ud[89a-f]/);
  }
  const kept = ChangeSet.of({ from: 4, insert: "nu " }, 13, "\n").map(between("een twee drie", "nul twee vier"));
  assert.equal(kept.apply(new NoteSync({ base: "", body: "nul twee vier" }).doc).toString(), "nul nu twee vier");
});

test("many writers, lost connections and repeats: all end with the text of the server, and every word is in it", () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
  for (let round = 0; round < 300; round++) {
    const random = numbers(seed + round), pick = (n: number) => Math.floor(random() * n);
    const { server, writers } = table(["", "Bram slaapt slecht sinds maandag. 😀\nNoor belt."][pick(2)]!, "Iris", "Daan", "Mirthe");
    if (pick(4) === 0) server.memory = 1 + pick(4);
    const added: string[] = [];
    for (let move = 0; move < 120; move++) {
      const writer = writers[pick(writers.length)]!, length = body(writer.sync).length;
      switch (pick(9)) {
        case 0: case 1: case 2: {
          const from = pick(length + 1), word = `<${writer.name[0]}${added.length}>`;
          const at = /[\udc00-\udfff]/.test(body(writer.sync)[from] ?? "") ? from - 1 : from;
          writer.type(at, at, pick(5) === 0 ? `${word}\n` : word);
          added.push(word);
          break;
        }
        case 3: {
          const space = body(writer.sync).indexOf(" ", pick(length + 1)); // nothing that was added is taken away
          if (space >= 0) writer.type(space, space + 1, pick(2) ? "" : "\n");
          break;
        }
        case 4: case 5: writer.send(); break;
        case 6: writer.reach(); break;
        case 7: writer.take(1 + pick(3)); break;
        case 8: if (writer.online) writer.drop(); else writer.comeBack(pick(2) ? "steps" : "whole");
      }
    }
    settle(server);
    allEqual(server);
    const end = server.text.toString();
    for (const word of added) {
      // Somebody may have written within a word; its letters stand, in order and once.
      const letters = [...word].map((letter) => letter.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("[^]*?");
      assert.match(end, new RegExp(letters), `seed ${seed + round}: ${word} is in the text`);
    }
    assert.equal(end.length - (end.match(/[\s]/g)?.length ?? 0), expected(server, added), `seed ${seed + round}: nothing is in it twice`);
  }
});

function expected(server: Server, added: string[]): number {
  const start = server.steps.length > 0 ? ChangeSet.fromJSON(server.steps[0]!.changes).length : server.text.length;
  const given = start === 0 ? "" : "Bram slaapt slecht sinds maandag. 😀\nNoor belt.";
  return given.replace(/\s/g, "").length + added.join("").length;
}

/** Pseudorandom numbers (mulberry32): the same for the same seed. */
function numbers(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
