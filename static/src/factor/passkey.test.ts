import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, forBrowser, forServer, text } from "./passkey.ts";

const buffer = (...values: number[]): ArrayBuffer => Uint8Array.from(values).buffer;

test("what the server writes comes back as it was, whatever its bytes and its length", () => {
  for (const values of [[], [0], [255, 254], [251, 239, 190, 1], [62, 63, 255]]) {
    const written = text(buffer(...values));
    assert.match(written, /^[A-Za-z0-9_-]*$/);
    assert.deepEqual([...bytes(written)], values);
  }
});

test("the browser gets bytes where the server wrote text, and the rest as it is", () => {
  const made = forBrowser({ challenge: "-_8", rp: { id: "tafel.test" }, user: { id: "AQI", name: "iris", displayName: "Iris" }, excludeCredentials: [{ id: "Aw", type: "public-key" }] });
  assert.deepEqual(made, {
    challenge: Uint8Array.of(251, 255), rp: { id: "tafel.test" }, user: { id: Uint8Array.of(1, 2), name: "iris", displayName: "Iris" },
    excludeCredentials: [{ id: Uint8Array.of(3), type: "public-key" }],
  });
  assert.deepEqual(Object.keys(forBrowser({ challenge: "AQ" })), ["challenge"]);
});

test("the server gets text, and whose passkey it is only when the passkey says so", () => {
  const given = { id: "Aw", rawId: buffer(3), type: "public-key", authenticatorAttachment: null };
  const shown = { clientDataJSON: buffer(1), authenticatorData: buffer(2), signature: buffer(3), userHandle: null };
  const at = forServer({ ...given, response: shown as unknown as AuthenticatorResponse }) as { rawId: string; response: object };
  assert.deepEqual([at.rawId, at.response], ["Aw", { clientDataJSON: "AQ", authenticatorData: "Ag", signature: "Aw" }]);
  const made = { clientDataJSON: buffer(1), attestationObject: buffer(2), getTransports: () => ["internal"] };
  const fresh = forServer({ ...given, response: made as unknown as AuthenticatorResponse }) as { response: object };
  assert.deepEqual(fresh.response, { clientDataJSON: "AQ", attestationObject: "Ag", transports: ["internal"] });
});
