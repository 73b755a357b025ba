import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer, Line, Whole } from "../protocol.ts";
import { serverExamples } from "../protocol.examples.ts";
import type { Deed } from "../state/deed.ts";
import type { KnownCard } from "../state/model.ts";
import { Table } from "../state/table.ts";
import { putBack } from "./put-back.ts";
import { circle, following, leavesAVersion, versions } from "./versions.ts";

const hello = serverExamples.find((message) => message.t === "hello" && message.whole) as { whole: Whole };
const card = Object.values(hello.whole.cards)[0] as KnownCard;
const wrote = (user: string, minutes: number, version?: string): Line => ({ at: new Date(Date.UTC(2025, 10, 3, 9, minutes)).toISOString(), user, what: "edited", ...(version !== undefined && { version }) });

test("each version once, oldest first; its name says more than who wrote on", () => {
  const lines = [wrote("IRIS", 0), wrote("DAAN", 5, "ONE"), { ...wrote("IRIS", 9, "TWO"), what: "named", name: "Voor het besluit" }, wrote("DAAN", 30, "TWO"), wrote("IRIS", 40, "THREE")];
  assert.deepEqual(versions(lines).map(({ id, name }) => [id, name]), [["ONE", undefined], ["TWO", "Voor het besluit"], ["THREE", undefined]]);
  assert.deepEqual(following(versions(lines), "ONE")?.id, "TWO");
  assert.equal(following(versions(lines), "THREE"), undefined);
});

test("a change of who may read makes another circle, a change of words does not", () => {
  const now = circle(card, undefined);
  assert.equal(circle({ ...card, text: { base: "NEXT", body: "Anders" }, changed: "2026-01-01T00:00:00Z", archived: true }, undefined), now);
  for (const other of [{ class: "safety" as const }, { named: ["DAAN"] }, { person: "PELSE" }, { text: { base: "T", body: "", redacted: true as const } }]) assert.notEqual(circle({ ...card, ...other }, undefined), now);
  const person = hello.whole.family[0]!;
  assert.notEqual(circle(card, { ...person, class: "safety" }), circle(card, { ...person, class: "shared" }));
});

test("who is within a stretch of writing leaves no version by writing on", () => {
  const lines = [wrote("IRIS", 0, "ONE"), wrote("DAAN", 30, "TWO")], at = (minutes: number) => new Date(Date.UTC(2025, 10, 3, 9, minutes));
  assert.ok(!leavesAVersion(lines, "DAAN", at(35)));
  assert.ok(leavesAVersion(lines, "DAAN", at(55)));
  assert.ok(leavesAVersion(lines, "IRIS", at(35)));
  assert.ok(leavesAVersion([], "IRIS", at(35)));
});

function deeds(refuse?: string): { deed: Deed; done: [string, unknown][] } {
  const done: [string, unknown][] = [];
  const run = async (cmd: string, given: unknown) => {
    done.push([cmd, given]);
    return { t: "answer", id: "A", ok: cmd !== refuse, ...(cmd === refuse && { error: { kind: "denied", reason: "denied" } }) } as Answer;
  };
  return { deed: { run } as unknown as Deed, done };
}

test("an earlier text comes back over the text of now, which gets a name where it would be lost", async () => {
  const table = new Table("CASE", () => { throw new Error("nothing is sent here"); });
  table.me.value = { user: "IRIS", role: "child_worker", rights: { open: {}, closed: {} } };
  const written = { ...card, text: { base: "NOW", body: "Fenna slaapt goed." } };
  const alone = deeds();
  assert.equal(await putBack(table, alone.deed, written, "Fenna slaapt slecht.", []), undefined);
  assert.deepEqual(alone.done, [["write_note", { card: card.id, base: "NOW", changes: [13, [4, "slecht"], 1] }]]);

  const mine = [{ ...wrote("IRIS", 0, "ONE"), at: new Date().toISOString() }];
  const within = deeds();
  await putBack(table, within.deed, written, "Fenna slaapt slecht.", mine);
  assert.deepEqual(within.done.map(([cmd]) => cmd), ["name_version", "write_note"]);
  const refused = deeds("name_version");
  assert.equal((await putBack(table, refused.deed, written, "Anders", mine))?.reason, "denied");
  assert.equal(refused.done.length, 1, "without a name for the text of now it stays");
});
