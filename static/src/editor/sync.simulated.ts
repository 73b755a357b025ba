// A server and its writers for the tests of sync.ts: the server rebases as the
// real one does; frames to a writer wait in line until the test lets them through.
import { ChangeSet, Text } from "@codemirror/state";
import type { Changes, Step } from "../protocol.ts";
import { follow } from "../state/written.ts";
import { NoteSync } from "./sync.ts";

type Frame = { what: "steps"; from: string; steps: Step[] } | { what: "whole"; base: string; body: string } | { what: "answer"; id: string; ok: boolean };

export class Server {
  text: Text;
  base = "T0";
  steps: (Step & { from: string })[] = [];
  answered = new Map<string, string>();
  writers: Writer[] = [];
  /** How many of its steps the server still knows. */
  memory = Infinity;

  constructor(body: string) { this.text = Text.of(body.split("\n")) }

  write(writer: Writer, id: string, base: string, given: Changes): void {
    if (this.answered.has(id)) return writer.hear({ what: "answer", id, ok: true }); // done once
    const kept = this.steps.slice(-Math.min(this.memory, this.steps.length));
    const at = base === this.base ? kept.length : kept.findIndex((step) => step.from === base);
    if (at < 0) return writer.hear({ what: "answer", id, ok: false });
    let changes = ChangeSet.fromJSON(given);
    for (const step of kept.slice(at)) changes = changes.map(ChangeSet.fromJSON(step.changes));
    const now = changes.apply(this.text);
    this.answered.set(id, writer.name);
    if (!now.eq(this.text)) {
      const step = { id, user: writer.name, base: `T${this.steps.length + 1}`, from: this.base, changes: changes.toJSON() as Changes };
      this.text = now;
      this.base = step.base;
      this.steps.push(step);
      for (const one of this.writers) one.hear({ what: "steps", from: step.from, steps: [{ id, user: step.user, base: step.base, changes: step.changes }] });
    }
    writer.hear({ what: "answer", id, ok: true });
  }
}

export class Writer {
  readonly sync: NoteSync;
  seen: Text; // what an editor would show that only hears of changes
  model: { base: string; body: string }; // what the page has
  online = true;
  #line: Frame[] = [];
  #way: { id: string; base: string; changes: Changes } | undefined; // on its way to the server, or unanswered
  #n = 0;

  constructor(readonly name: string, readonly server: Server) {
    this.model = { base: server.base, body: server.text.toString() };
    this.sync = new NoteSync(this.model);
    this.seen = this.sync.doc;
    server.writers.push(this);
  }

  type(from: number, to: number, insert: string): void {
    const changes = ChangeSet.of({ from, to, insert }, this.sync.doc.length, "\n");
    this.sync.wrote(changes);
    this.seen = changes.apply(this.seen);
  }

  send(): void {
    if (!this.online) return;
    const id = `${this.name}${this.#n}`, write = this.sync.send(id);
    if (!write) return;
    this.#n++;
    this.#way = { id, ...write };
  }

  /** What was sent reaches the server. */
  reach(): void {
    if (this.online && this.#way) this.server.write(this, this.#way.id, this.#way.base, this.#way.changes);
  }

  hear(frame: Frame): void { if (this.online) this.#line.push(frame) }

  /** The next frames come in. */
  take(many = Infinity): void {
    for (const frame of this.#line.splice(0, many)) this.#one(frame);
  }

  /** The connection goes, and with it whatever was under way in either direction. */
  drop(): void {
    this.online = false;
    this.#line = [];
  }

  /** Comes back; with: what the server tells first. */
  comeBack(tells: "steps" | "whole"): void {
    this.online = true;
    const at = this.server.steps.findIndex((step) => step.from === this.sync.base);
    if (tells === "whole" || (at < 0 && this.sync.base !== this.server.base)) this.hear({ what: "whole", base: this.server.base, body: this.server.text.toString() });
    else if (at >= 0) this.hear({ what: "steps", from: this.sync.base, steps: this.server.steps.slice(at) });
    this.reach(); // again, with the same id
  }

  #one(frame: Frame): void {
    switch (frame.what) {
      case "steps": {
        this.model = follow(this.model, { card: "", changed: "", from: frame.from, steps: frame.steps });
        const seen = this.sync.steps(frame.from, frame.steps, this.name);
        if (!seen) throw new Error(`${this.name} cannot go on from ${frame.from}`);
        return this.#shows(seen);
      }
      case "whole":
        this.model = { base: frame.base, body: frame.body };
        return this.#shows(this.sync.whole(this.model));
      case "answer":
        if (frame.id !== this.#way?.id) return;
        this.#way = undefined;
        if (frame.ok) return this.#shows(this.sync.stored(this.name));
        this.#shows(this.sync.again(this.name));
        this.#shows(this.sync.whole(this.model));
    }
  }

  #shows(changes: ChangeSet): void { this.seen = changes.apply(this.seen) }
}

/** Lets everything through until nothing is left to say. */
export function settle(server: Server): void {
  for (let left = true, rounds = 0; left; rounds++) {
    if (rounds > 1000) throw new Error("it never settles");
    for (const writer of server.writers) {
      if (!writer.online) writer.comeBack("steps");
      writer.take();
      writer.send();
      writer.reach();
      writer.take();
    }
    left = server.writers.some((writer) => writer.sync.dirty);
  }
  for (const writer of server.writers) writer.take();
}
