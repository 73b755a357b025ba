import assert from "node:assert/strict";
import { test } from "node:test";
import { render } from "preact-render-to-string";
import { Connection } from "./connection.tsx";

test("the saved state is always readable", () => {
  assert.match(render(<Connection line="live" />), /data-state="live".*Live, alles opgeslagen/s);
  assert.match(render(<Connection line="saving" />), /data-state="saving".*Bezig met opslaan/s);
  assert.match(render(<Connection line="offline" />), /data-state="offline".*je werk blijft bewaard/s);
  assert.match(render(<Connection line="joining" />), /data-state="offline".*Verbinding maken/s);
  assert.match(render(<Connection line="ended" />), /data-state="ended"/);
});
