import assert from "node:assert/strict";
import { test } from "node:test";
import type { ComponentChildren } from "preact";
import { render } from "preact-render-to-string";
import type { Class, Consent, Hello, Person, Readers, Whole } from "../protocol.ts";
import { serverExamples } from "../protocol.examples.ts";
import { Table, TableContext } from "../state/table.ts";
import { PersonConsent } from "./person-consent.tsx";
import { sharingsWith } from "./records.ts";
import { SharingConsent } from "./sharing-consent.tsx";

const hello = serverExamples[0] as Hello;
const whole = hello.whole!;
const [iris, ruben] = whole.team;
const fenna: Person = { ...whole.family[0]!, born: "2013-05-02" };
const noor: Person = { ...fenna, id: "NOOR222222222222", kind: "parent", name: "Noor", calls: "Noor" };
const refused: Consent = { ...whole.consents[0]!, person: noor.id, by: ruben!.user };
const readers: Readers = { t: "readers", id: "Q", can: [iris!.user, ruben!.user], cannot: [], gains: [ruben!.user], loses: [] };

function shown(children: ComponentChildren, parts: Partial<Whole> = {}, mask = "f"): string {
  const table = new Table("CASE", () => { throw new Error("nothing is sent here"); });
  const masks = Object.fromEntries(["read", "voice", "persons"].map((act) => [act, mask.repeat(64)]));
  table.hello({ ...hello, whole: { ...whole, family: [fenna, noor], consents: [], custody: [], ...parts }, me: { ...hello.me, rights: { open: masks, closed: {} } } });
  return render(<TableContext.Provider value={table}>{children}</TableContext.Provider>);
}

const sharing = (person: Person, to: Class, tabled: boolean, some = readers) => <SharingConsent person={person.id} to={to} readers={some} tabled={tabled} />;

test("a refusal is told where it matters, with who heard it and when, and asks for a reason", () => {
  for (const to of ["shared", "named"] as const) {
    const html = shown(sharing(noor, to, true), { consents: [refused] });
    assert.match(html, /data-consent="refused"/);
    assert.match(html, /vastgelegd door Ruben \(kinderwerker\) · 3 nov 2025/);
    assert.match(html, /Noor weigerde dit\. Deel je toch, schrijf dan waarom in de kaart\./);
  }
});

test("what was said about another sharing is not brought up", () => {
  const html = shown(sharing(noor, "named", true), { consents: [{ ...refused, sharing: "mental_health" }] });
  assert.doesNotMatch(html, /geweigerd|weigerde/);
  assert.match(html, /Voor zover jij weet nog niet gevraagd: delen met begeleider \(ex-\)partner\./);
});

test("the last one said comes first", () => {
  const html = shown(sharing(noor, "shared", true), { consents: [{ ...refused, sharing: "table" }, { ...refused, sharing: "table", answer: "agreed", by: iris!.user }] });
  assert.deepEqual([...html.matchAll(/data-consent="(\w+)"/g)].map(([, answer]) => answer), ["agreed", "refused"]);
  assert.match(html, /vastgelegd door jou/);
});

test("nobody who comes to read, nothing to consent to", () => {
  assert.equal(shown(sharing(noor, "private", true, { ...readers, gains: [] })), "");
  assert.equal(shown(sharing(noor, "private", false, { ...readers, can: [iris!.user] })), "");
  assert.equal(shown(<SharingConsent person={undefined} to="shared" readers={readers} tabled />), "");
});

test("a card for the whole table is about the table, and about the disciplines that were spoken of", () => {
  assert.deepEqual(sharingsWith("shared", [iris!, ruben!], []), ["table"]);
  assert.deepEqual(sharingsWith("shared", [iris!, ruben!], [refused]), ["table", "perpetrator_support"]);
  assert.deepEqual(sharingsWith("confidential", [ruben!, iris!], []), ["child_worker", "perpetrator_support"]);
});

test("for a child the age and who has custody are told, as a hint, for an adult not", () => {
  const html = shown(sharing(fenna, "shared", true), { custody: [{ child: fenna.id, person: noor.id }] });
  assert.match(html, /data-age-rule="from\d+"/);
  assert.match(html, /Gezag over Fen: Noor\./);
  assert.match(shown(sharing({ ...fenna }, "shared", true)), /Voor zover jij weet is nog niet vastgelegd wie gezag/);
  assert.doesNotMatch(shown(sharing(noor, "shared", true)), /age-rule|Gezag/);
});

test("a person's dialog tells what I may know of every sharing, and takes my own answer", () => {
  const html = shown(<PersonConsent person={noor} main={false} />, { consents: [refused, { ...refused, sharing: "table", answer: "agreed", by: iris!.user }] });
  assert.deepEqual([...html.matchAll(/data-sharing="(\w+)"/g)].map(([, s]) => s), ["table", "perpetrator_support"]);
  assert.match(html, /Voor zover jij weet nog niet gevraagd: delen met kinderwerker en mensen buiten de tafel\./);
  assert.match(html, /value="agreed" checked|checked[^>]*value="agreed"/);
  assert.equal(html.match(/type="radio"/g)?.length, 5);
});

test("my own record can be taken back where I may record nothing new, as in a closed case", () => {
  const html = shown(<PersonConsent person={noor} main={false} />, { consents: [{ ...refused, sharing: "table", by: iris!.user }], case: { ...whole.case, status: "closed" } });
  assert.deepEqual([...html.matchAll(/type="radio" name="answer" value="(\w+)"/g)].map(([, answer]) => answer), ["refused", "none"]);
});

test("who may record nothing only reads, and who knows nothing either finds nothing", () => {
  const html = shown(<PersonConsent person={noor} main={false} />, { consents: [refused] }, "0");
  assert.match(html, /data-consent="refused"/);
  assert.doesNotMatch(html, /<form/);
  assert.equal(shown(<PersonConsent person={noor} main={false} />, {}, "0"), "");
});
