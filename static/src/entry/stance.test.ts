import assert from "node:assert/strict";
import { test } from "node:test";
import type { Class, Hello, Kind, Me, Member, Person } from "../protocol.ts";
import { classes, owners, views } from "../protocol.ts";
import { serverExamples } from "../protocol.examples.ts";
import type { KnownCard } from "../state/model.ts";
import { cellBit, Rights } from "../state/rights.ts";
import { settle } from "./held.ts";
import { askedClass, habit, stanceFor, type Ground } from "./stance.ts";

const example = Object.values((serverExamples[0] as Hello).whole!.cards)[0] as KnownCard;
const person = (id: string, kind: Person["kind"], cls: Person["class"] = "shared"): Person => ({ id, kind, class: cls, name: id, by: "me", role: "child_worker", org: "O" });
const fenna = person("fenna", "child"), ans = person("ans", "network", "safety"), noor = person("noor", "parent");
const mine = (about: string | undefined, cls: Class, more: Partial<KnownCard> = {}): KnownCard => {
  const { person: _person, named: _named, ...rest } = example;
  return { ...rest, by: "me", class: cls, ...(about !== undefined && { person: about }), ...more };
};

function mask(cells: (view: string, cls: Class) => boolean): string {
  const bits = new Set<number>();
  for (const view of views) for (const cls of classes) for (const owner of owners) for (const beside of [false, true]) if (cells(view, cls)) bits.add(cellBit({ view, beside, class: cls, owner }));
  return [0, 1, 2, 3].map((word) => Array.from({ length: 16 }, (_, digit) => {
    const low = word * 64 + (15 - digit) * 4;
    return [0, 1, 2, 3].reduce((sum, bit) => sum + (bits.has(low + bit) ? 1 << bit : 0), 0).toString(16);
  }).join("")).join("");
}

/** voice where it says; ask likewise, everywhere when it is left out. */
function ground(cards: KnownCard[] = [], voice: (view: string, cls: Class) => boolean = () => true, family = [fenna, ans, noor], ask = (_: string, __: Class) => true): Ground {
  const me: Me = { user: "me", role: "child_worker", rights: { open: { voice: mask(voice), ask: mask(ask) }, closed: {} } };
  const member: Member = { user: "me", name: "Iris", role: "child_worker", org: "O", org_name: "O", beside: [fenna.id] };
  return { rights: new Rights(me, member, "open", family), family, cards, me: "me" };
}

test("the class is the narrowest I used for that person on this board", () => {
  assert.equal(habit(ground([mine("fenna", "shared"), mine("fenna", "confidential"), mine("ans", "private")]), "fenna"), "confidential");
  assert.equal(habit(ground([mine("fenna", "shared", { by: "other" })]), "fenna"), undefined);
  assert.equal(habit(ground([mine("fenna", "named")]), "fenna"), "private");
  assert.equal(habit(ground([mine("fenna", "shared", { for: "daan" })]), "fenna"), undefined);
  assert.equal(stanceFor(ground([mine("fenna", "shared")]), "fenna", "fact")?.class, "shared");
  assert.equal(stanceFor(ground(), "fenna", "fact")?.class, "confidential");
});

test("what is usual but may not be written now becomes narrower, never wider", () => {
  const notConfidential = ground([mine("fenna", "confidential")], (_, cls) => cls === "shared" || cls === "private", undefined, () => false);
  assert.equal(stanceFor(notConfidential, "fenna", "fact")?.class, "private");
});

test("a safety person's line is never for the whole table by itself", () => {
  assert.equal(stanceFor(ground(), "ans", "fact")?.class, "safety");
  assert.equal(stanceFor(ground([mine("ans", "shared")]), "ans", "fact")?.class, "confidential");
  assert.equal(stanceFor(ground([], (_, cls) => cls === "shared", undefined, (_, cls) => cls === "shared"), "ans", "fact"), undefined);
});

test("a kind that I may not write for this person becomes the nearest that I may", () => {
  const noVoice = ground([], () => false);
  assert.equal(stanceFor(noVoice, "noor", "concern")?.kind, "interpretation");
  assert.equal(stanceFor(noVoice, "noor", "question")?.kind, "question");
  assert.equal(stanceFor(ground([], () => false, undefined, () => false), "noor", "fact"), undefined);
});

const held = (cls: Class, about: string | undefined = "fenna", kind: Kind = "fact") => ({ stance: { ...(about && { person: about }), kind, class: cls }, forward: "fenna", byHand: false });

test("a line that is begun stays what it was", () => {
  const before = held("private");
  assert.equal(settle(ground([mine("fenna", "shared")]), before, "fenna", "fact", true), before);
});

test("when its person goes while I type, it is for the fewest and wants to be seen", () => {
  for (const family of [[ans, noor], [{ ...fenna, removed: true as const }, ans, noor]]) {
    const now = settle(ground([], undefined, family), held("shared"), undefined, "fact", true)!;
    assert.equal(now.shifted, true);
    assert.deepEqual(now.stance, { kind: "fact", class: "private" });
  }
});

test("when I may no longer write so, it is for the fewest, of the same person", () => {
  const now = settle(ground([], (_, cls) => cls !== "confidential"), held("confidential"), "fenna", "fact", true)!;
  assert.deepEqual(now.stance, { person: "fenna", kind: "fact", class: "private" });
  assert.equal(now.shifted, true);
});

test("when its person comes to need safety, it is not for the whole table any more", () => {
  const safe = [{ ...fenna, class: "safety" as const }, ans, noor];
  assert.equal(settle(ground([], undefined, safe), held("shared"), "fenna", "fact", true)!.stance.class, "private");
});

test("when I bring another forward while I type, it follows and gets no wider", () => {
  const now = settle(ground([mine("noor", "shared")]), held("confidential"), "noor", "fact", true)!;
  assert.deepEqual(now.stance, { person: "noor", kind: "fact", class: "confidential" });
  assert.equal(now.shifted, undefined);
});

test("for a colleague it begins in the circle that the colleague mostly reads", () => {
  const daan: Member = { user: "d", name: "Daan", role: "ambulant_worker", org: "O", org_name: "O", beside: ["noor"] };
  assert.equal(askedClass(noor, daan), "confidential");
  assert.equal(askedClass(fenna, daan), "shared");
  assert.equal(askedClass(ans, daan), "safety");
  assert.equal(askedClass(undefined, daan), "shared");
});
