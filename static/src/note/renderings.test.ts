import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { Rendered } from "../protocol.ts";
import { Renderings } from "./renderings.ts";

function asker() {
  let now = 0;
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  mock.method(performance, "now", () => now);
  const asked: { at: number; tell: (told: Omit<Rendered, "t" | "id">) => Promise<void> }[] = [], shown: (string | undefined)[] = [], forgotten: string[] = [];
  const renderings = new Renderings(() => {
    let settle!: (told: Rendered) => void;
    const told = new Promise<Rendered>((done) => { settle = done; });
    const id = `Q${asked.length}`;
    asked.push({ at: now, tell: async (answer) => { settle({ t: "rendered", id, ...answer }); await told; await Promise.resolve(); } });
    return { id, told };
  }, (id) => forgotten.push(id), (html) => shown.push(html));
  return { renderings, asked, shown, forgotten, pass: (time: number) => { now += time; mock.timers.tick(time); } };
}

test("a text that changes ten times a second is asked for twice, and its last version in the end", async () => {
  const { renderings, asked, shown, pass } = asker();
  for (let n = 0; n < 20; n++) {
    renderings.want(`B${n}`);
    pass(0);
    const last = asked.at(-1)!;
    await last.tell({ base: `B${n}`, html: `<p>${n}</p>` });
    pass(100);
  }
  pass(1000);
  await asked.at(-1)!.tell({ base: "B19", html: "<p>19</p>" });
  assert.ok(asked.length <= 6, `${asked.length} questions in two seconds`);
  assert.equal(shown.at(-1), "<p>19</p>");
});

test("while one is under way no other is asked; what was told meanwhile is shown all the same", async () => {
  const { renderings, asked, shown, pass } = asker();
  renderings.want("A");
  pass(0);
  renderings.want("B");
  pass(5000);
  assert.equal(asked.length, 1);
  await asked[0]!.tell({ base: "A", html: "<p>a</p>" });
  assert.deepEqual(shown, ["<p>a</p>"]);
  pass(0);
  await asked[1]!.tell({ base: "B", html: "<p>b</p>" });
  assert.deepEqual(shown, ["<p>a</p>", "<p>b</p>"]);
});

test("what cannot be rendered stands as it was typed; what was left is forgotten", async () => {
  const { renderings, asked, shown, forgotten, pass } = asker();
  renderings.want("A");
  pass(0);
  await asked[0]!.tell({ html: "", error: { kind: "invalid", reason: "text_not_rendered" } });
  assert.deepEqual(shown, [undefined]);
  renderings.want("B");
  pass(500);
  renderings.stop();
  assert.deepEqual(forgotten, ["Q1"]);
  await asked[1]!.tell({ base: "B", html: "<p>b</p>" });
  assert.deepEqual(shown, [undefined]);
});
