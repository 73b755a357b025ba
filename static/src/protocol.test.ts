import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { clientExamples, serverExamples } from "./protocol.examples.ts";
import { closed, isTerminal } from "./protocol.ts";

const file = JSON.parse(readFileSync("testdata/protocol.json", "utf8")) as { client: unknown[]; server: unknown[] };
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test("the client's messages are those of the protocol file", () => assert.deepEqual(plain(clientExamples), file.client));

test("the server's messages are those of the protocol file", () => assert.deepEqual(plain(serverExamples), file.server));

test("every id in the examples could be a real one", () => {
  for (const message of [...clientExamples, ...serverExamples]) {
    if ("id" in message) assert.match(message.id, /^[2-9A-HJ-NP-Z]{16}$/);
  }
});

test("only the second band of close codes is final", () => {
  for (const code of Object.values(closed)) assert.ok(isTerminal(code));
  for (const code of [1000, 1001, 1006, 4000, 4001, 4002, 4003, 4099, 4200]) assert.ok(!isTerminal(code), String(code));
});
