import assert from "node:assert/strict";
import { test } from "node:test";
import { render } from "preact-render-to-string";
import { Connection } from "./connection.tsx";

test("the saved state is always readable", () => {
  assert.match(render(<Connection line="live" onRetry={() => {}} />), /data-state="live".*Live, alles opgeslagen/s);
  assert.match(render(<Connection line="saving" onRetry={() => {}} />), /data-state="saving".*Bezig met opslaan/s);
  assert.match(render(<Connection line="offline" onRetry={() => {}} />), /data-state="offline".*je werk blijft bewaard/s);
  assert.match(render(<Connection line="joining" onRetry={() => {}} />), /data-state="offline".*Verbinding maken/s);
  assert.match(render(<Connection line="ended" onRetry={() => {}} />), /data-state="ended"/);
});

test("only without a connection there is a button to try now", () => {
  const retry = /data-act="retry"[^>]*>Nu proberen</;
  assert.match(render(<Connection line="offline" onRetry={() => {}} />), retry);
  for (const line of ["joining", "live", "saving", "ended"] as const) assert.doesNotMatch(render(<Connection line={line} onRetry={() => {}} />), retry);
});

test("without a connection it says since when, and how many changes wait", () => {
  const lost = new Date(2026, 2, 2, 14, 2);
  assert.match(render(<Connection line="offline" lost={lost} onRetry={() => {}} />), /Geen verbinding sinds 14:02 · je werk blijft bewaard/);
  assert.match(render(<Connection line="offline" lost={lost} waiting={1} onRetry={() => {}} />), /14:02 · 1 wijziging wacht/);
  assert.match(render(<Connection line="offline" lost={lost} waiting={3} onRetry={() => {}} />), /14:02 · 3 wijzigingen wachten/);
});

test("when nothing can be put on the record it says that, and not that the line is lost", () => {
  const lost = new Date(2026, 2, 2, 14, 2);
  const said = render(<Connection line="offline" lost={lost} unrecorded waiting={2} onRetry={() => {}} />);
  assert.match(said, /data-state="offline".*Het logboek werkt even niet, daarom staat alles stil · 2 wijzigingen wachten.*data-act="retry"/s);
  assert.doesNotMatch(said, /Geen verbinding/);
  assert.match(render(<Connection line="offline" unrecorded onRetry={() => {}} />), /staat alles stil · je werk blijft bewaard/);
  const there = render(<Connection line="saving" unrecorded waiting={1} onRetry={() => {}} />);
  assert.match(there, /data-state="offline".*daarom staat alles stil · 1 wijziging wacht/s);
  assert.doesNotMatch(there, /data-act="retry"/, "it is tried again by itself");
});
