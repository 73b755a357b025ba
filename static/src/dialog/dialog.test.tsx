import assert from "node:assert/strict";
import { test } from "node:test";
import type { ComponentChildren } from "preact";
import { render } from "preact-render-to-string";
import { ColumnDialog } from "../board/column-dialog.tsx";
import { PersonDialog } from "../family/person-dialog.tsx";
import type { Hello } from "../protocol.ts";
import { serverExamples } from "../protocol.examples.ts";
import { Table, TableContext } from "../state/table.ts";

const hello = serverExamples[0] as Hello;
const person = hello.whole!.family.find((one) => !one.removed && !one.redacted)!;
const columns = [...hello.whole!.columns, { id: "OTHER", title: "Vragen" }];

function dialog(children: ComponentChildren): string {
  const acts = ["read", "voice", "persons", "columns", "shield", "share", "redact"];
  const masks = Object.fromEntries(acts.map((act) => [act, "f".repeat(64)]));
  const table = new Table("CASE", () => { throw new Error("nothing is sent here"); });
  table.hello({ ...hello, whole: { ...hello.whole!, columns }, me: { ...hello.me, rights: { open: masks, closed: {} } } });
  return render(<TableContext.Provider value={table}>{children}</TableContext.Provider>);
}

/** Of each form of the dialog, in order: its name, the style of its button, whether it asks for a tick. */
function forms(html: string): [string, string, boolean][] {
  return html.split('data-form="').slice(1).flatMap((part): [string, string, boolean][] => {
    const style = part.match(/type="submit" class="([^"]+)"/)?.[1];
    return style === undefined ? [] : [[part.slice(0, part.indexOf('"')), style, part.includes('name="sure" required')]];
  });
}

test("of a person's forms the first is primary, and removing and erasing ask once more", () => {
  const html = dialog(<PersonDialog id={person.id} />);
  assert.deepEqual(forms(html), [
    ["change-person", "btn primary", false], ["custody", "btn", false], ["record-consent", "btn", false], ["reclass-person", "btn", false],
    ["remove-person", "btn danger", true], ["redact-person", "btn danger", true],
  ]);
  assert.match(html, /Weet je het zeker\? Ja, haal [^{]+ van tafel/);
});

test("of a column's forms the first is primary, and the tick says where its cards go", () => {
  const html = dialog(<ColumnDialog id={columns[0]!.id} />);
  assert.deepEqual(forms(html), [["rename-column", "btn primary", false], ["label-column", "btn", false], ["remove-column", "btn danger", true], ["redact-column", "btn danger", true]]);
  assert.ok(html.includes(`leg de kaarten in ${columns[1]!.title}`));
});
