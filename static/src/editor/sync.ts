// One note between what I see and what the server has: one write is under way at
// most, the rest waits. Whoever was at the server first comes first at the same
// spot, on both sides, so all end with the same text. It knows no page and no
// connection.
import { ChangeSet, Text, type ChangeDesc } from "@codemirror/state";
import type { Changes, Step, Text as Version } from "../protocol.ts";
import { ownWords } from "../state/own.ts";
import { between, splits } from "./between.ts";

interface Flight { id: string; changes: ChangeSet }
/** A whole text that came while a write was under way, and the steps after it. */
interface Late { base: string; text: Text; steps: Step[] }

const mostParts = 4096; // of one change, as the server takes it
const back = 100; // steps through which the caret of somebody else is followed

const toText = (body: string) => Text.of(body.split("\n"));
const lines = (text: Text) => text.toString();

// Keys can change half a character, and hours of them make thousands of parts: the
// server takes neither. Then the difference that they make is sent.
function sendable(text: string, changes: ChangeSet): boolean {
  let whole = true;
  changes.iterChanges((from, to) => { whole &&= !splits(text, from) && !splits(text, to); }, true);
  return whole && (changes.toJSON() as unknown[]).length <= mostParts;
}

/** What a change adds to a text, without the words that it takes away at the same spot. */
function added(text: Text, changes: ChangeSet): string {
  const runs: string[] = [];
  changes.iterChanges((from, to, _, __, insert) => { runs.push(ownWords(text.sliceString(from, to), lines(insert))); });
  return runs.filter((words) => words !== "").join(" … ");
}

export class NoteSync {
  #base: string;
  #server: Text;
  #flight: Flight | undefined;
  #unsent: ChangeSet;
  #late: Late | undefined;
  #doc: Text;
  #past: { from: string; changes: ChangeDesc }[] = []; // how the text of the server came to be, a little way back

  constructor(version: Pick<Version, "base" | "body">) {
    this.#base = version.base;
    this.#server = this.#doc = toText(version.body);
    this.#unsent = ChangeSet.empty(this.#doc.length);
  }

  /** The text as I see it. */
  get doc(): Text { return this.#doc }
  /** The last text of the server that is known here, by its id. */
  get base(): string { return this.#late?.steps.at(-1)?.base ?? this.#late?.base ?? this.#base }
  get underWay(): string | undefined { return this.#flight?.id }
  /** Whether a whole text waits for the answer to the write under way. */
  get waits(): boolean { return this.#late !== undefined }
  /** Whether anything of mine is not stored yet, as far as is known here. */
  get dirty(): boolean { return this.#flight !== undefined || !this.#unsent.empty }

  /** I wrote. */
  wrote(changes: ChangeSet): void {
    this.#unsent = this.#unsent.compose(changes);
    this.#doc = changes.apply(this.#doc);
  }

  /** Takes all that waits to be sent under an id, as one change; undefined: nothing can be sent now. */
  send(id: string): { base: string; changes: Changes } | undefined {
    if (this.#flight || this.#unsent.empty) return undefined;
    this.#flight = { id, changes: sendable(lines(this.#server), this.#unsent) ? this.#unsent : between(lines(this.#server), lines(this.#doc)) };
    this.#unsent = ChangeSet.empty(this.#unsent.newLength);
    return { base: this.#base, changes: this.#flight.changes.toJSON() as Changes };
  }

  /**
   * Takes steps in, the first of which is made in the text that from names; answers
   * with what they change in what I see. False: they do not go on from what is
   * known here, so the whole text has to come. me: whose steps may be my own.
   */
  steps(from: string, all: readonly Step[], me: string): ChangeSet | false {
    const known = this.base, at = from === known ? 0 : all.findIndex((step) => step.base === known) + 1;
    if (at === 0 && from !== known) return false;
    const steps = all.slice(at);
    if (!this.#late) return this.#follow(steps, me);
    this.#late.steps.push(...steps);
    // My write came after the whole text: that is the order in which they go in.
    return steps.some((step) => this.#own(step, me)) ? this.#catchUp(me) : this.#nothing();
  }

  /** Takes the whole text in, whatever was known before. */
  whole(version: Pick<Version, "base" | "body">): ChangeSet {
    const erased = version.body === "" && this.#server.length > 0; // what was erased keeps its name
    if (version.base === this.base && !erased) return this.#nothing();
    const text = toText(version.body);
    if (!this.#flight) return this.#jump(version.base, text);
    this.#late = { base: version.base, text, steps: [] }; // is mine in it? The answer tells
    return this.#nothing();
  }

  /** The write under way is in: with its step, within a whole text, or it came to nothing. */
  stored(me: string): ChangeSet {
    const flight = this.#flight;
    if (!flight) return this.#nothing();
    this.#flight = undefined;
    const mine = flight.changes.apply(this.#server), late = this.#late;
    if (late) [this.#base, this.#server, this.#past] = [late.base, late.text, []];
    this.#late = undefined;
    const seen = this.#shown(between(lines(mine), lines(this.#server)));
    return late ? seen.compose(this.#follow(late.steps, me)) : seen;
  }

  /** The server does not know the text that the write under way was made in: it waits again. */
  again(me: string): ChangeSet {
    if (this.#flight) this.#unsent = this.#flight.changes.compose(this.#unsent);
    this.#flight = undefined;
    return this.#late ? this.#catchUp(me) : this.#nothing();
  }

  /** Lets go of all that is not stored and answers with the way to the server's text. */
  giveUp(me: string): ChangeSet {
    const seen = this.again(me);
    const now = this.#doc;
    this.#unsent = ChangeSet.empty(this.#server.length);
    this.#doc = this.#server;
    return seen.compose(between(lines(now), lines(this.#server)));
  }

  /** What I added myself and is not stored yet, nothing of what others wrote. */
  own(): string {
    return this.#flight ? added(this.#server, this.#flight.changes.compose(this.#unsent)) : added(this.#server, this.#unsent);
  }

  /** Of that, what the write under way does not hold. */
  ownUnsent(): string { return added(this.#flight ? this.#flight.changes.apply(this.#server) : this.#server, this.#unsent) }

  /** A position in what I see, as it stands in the text of the server that base names. */
  toServer(pos: number): number {
    const back = this.#unsent.invertedDesc.mapPos(pos);
    return this.#flight ? this.#flight.changes.invertedDesc.mapPos(back) : back;
  }

  /** The reverse, also of a text from a little before; undefined: base is not known here. */
  fromServer(base: string, pos: number): number | undefined {
    const at = base === this.#base ? this.#past.length : this.#past.findIndex((step) => step.from === base);
    if (at < 0 || this.#late) return undefined;
    const since = this.#past.slice(at).map((step) => step.changes);
    if (pos < 0 || pos > (since[0]?.length ?? this.#server.length)) return undefined;
    const now = since.reduce((place, changes) => changes.mapPos(place), pos);
    return this.#unsent.mapPos(this.#flight ? this.#flight.changes.mapPos(now) : now);
  }

  #own(step: Step, me: string): boolean { return step.user === me && step.id === this.#flight?.id }

  #nothing(): ChangeSet { return ChangeSet.empty(this.#doc.length) }

  #catchUp(me: string): ChangeSet {
    const { base, text, steps } = this.#late!;
    this.#late = undefined;
    return this.#jump(base, text).compose(this.#follow(steps, me));
  }

  #jump(base: string, text: Text): ChangeSet {
    const seen = this.#theirs(between(lines(this.#server), lines(text)));
    this.#base = base;
    this.#past = [];
    return seen;
  }

  #follow(steps: readonly Step[], me: string): ChangeSet {
    let seen = this.#nothing();
    for (const step of steps) {
      const changes = ChangeSet.fromJSON(step.changes);
      seen = seen.compose(this.#own(step, me) ? this.#confirmed(changes) : this.#theirs(changes));
      this.#past = [...this.#past.slice(-back), { from: this.#base, changes: changes.desc }];
      this.#base = step.base;
    }
    return seen;
  }

  #theirs(changes: ChangeSet): ChangeSet {
    this.#server = changes.apply(this.#server);
    if (!this.#flight) return this.#shown(changes);
    const mine = this.#flight.changes;
    this.#flight.changes = mine.map(changes);
    return this.#shown(changes.map(mine, true));
  }

  // What the server made of my write counts, should it be anything else than what stands here.
  #confirmed(changes: ChangeSet): ChangeSet {
    const mine = this.#flight!.changes.apply(this.#server);
    this.#flight = undefined;
    this.#server = changes.apply(this.#server);
    return this.#shown(between(lines(mine), lines(this.#server)));
  }

  // Takes a change below what waits to be sent to the text that I see.
  #shown(changes: ChangeSet): ChangeSet {
    const unsent = this.#unsent, seen = changes.map(unsent, true);
    this.#unsent = unsent.map(changes);
    this.#doc = seen.apply(this.#doc);
    return seen;
  }
}
