import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

// Both bring what HL7 published of FHIR R4: the one the definitions of the resources
// with their codes, the other the JSON schema with the form of every value.
const require = createRequire(import.meta.url);
const { Fhir } = require("fhir") as { Fhir: new () => { validate(resource: object, options: object): { valid: boolean; messages: Message[] } } };
const Schema = require("@asymmetrik/fhir-json-schema-validator") as new (schema: object, options: object) => { validate(resource: object, all: boolean): unknown[] };

interface Message {
  location: string;
  severity: string;
  message: string;
}
interface AuditEvent {
  [field: string]: unknown;
}

const definitions = new Fhir();
const everything = require("@asymmetrik/fhir-json-schema-validator/fhir.schema.json") as object;
const schema = new Schema({ ...everything, oneOf: [{ $ref: "#/definitions/AuditEvent" }] }, { logger: false, validateSchema: false });

// Codes that the definitions leave to others: ours beside theirs, and lists that are
// not among them.
const beyond = /\(urn:casustafel:(event|role|relation|ground)\) not found|v3-PurposeOfUse" could not be found|v3-ActReason\) not found|security-labels" could not be found|v3-Confidentiality\) not found/;

function wrong(event: AuditEvent): string[] {
  const { messages } = definitions.validate(event, { errorOnUnexpected: true });
  return [...messages.filter((m) => !beyond.test(m.message)).map((m) => `${m.location}: ${m.message}`), ...schema.validate(event, true).map((e) => JSON.stringify(e))];
}

const events = readFileSync("testdata/audit-events.ndjson", "utf8").trim().split("\n").map((line) => JSON.parse(line) as AuditEvent);

test("every example is an AuditEvent by the definition of the resource", () => {
  assert.ok(events.length > 30);
  for (const event of events) assert.deepEqual(wrong(event), [], JSON.stringify(event));
});

test("the same check refuses what is none", () => {
  const whole = events.find((event) => event["entity"] !== undefined && event["id"] !== "SIGHT22222222222");
  assert.ok(whole);
  const spoil: Record<string, (event: any) => void> = {
    "a wrong action": (event) => (event.action = "X"),
    "a wrong outcome": (event) => (event.outcome = "5"),
    "a type that DICOM does not have": (event) => (event.type.code = "110999"),
    "a subtype that DICOM does not have": (event) => event.subtype.push({ system: "http://dicom.nema.org/resources/ontology/DCM", code: "110999" }),
    "a wrong kind of access point": (event) => (event.agent[0].network = { address: "a", type: "9" }),
    "a wrong role of the case": (event) => (event.entity[0].role.code = "99"),
    "a wrong lifecycle": (event) => (event.entity[0].lifecycle.code = "99"),
    "no type": (event) => delete event.type,
    "no moment": (event) => delete event.recorded,
    "a moment without a zone": (event) => (event.recorded = "2026-03-02T08:00:00"),
    "nobody who did it": (event) => delete event.agent,
    "nobody who asked for it": (event) => delete event.agent[0].requestor,
    "no source": (event) => delete event.source,
    "no observer": (event) => delete event.source.observer,
    "an id that cannot be": (event) => (event.id = "a b"),
    "words where yes or no belongs": (event) => (event.agent[0].requestor = "true"),
    "a rule that is no URI": (event) => (event.agent[0].policy = ["a b"]),
    "an empty reason": (event) => (event.outcomeDesc = ""),
    "a field that is not there": (event) => (event.agent[0].password = "x"),
    "another resource": (event) => (event.resourceType = "Patient"),
  };
  for (const [how, break_] of Object.entries(spoil)) {
    const event = structuredClone(whole);
    break_(event);
    assert.notDeepEqual(wrong(event), [], how);
  }
});
