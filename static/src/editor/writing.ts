// Writing in one note: what I type goes to the server about ten times a second,
// one write after the other, and what others type comes in between. It lives on
// when its editor is closed, until all of it is stored.
import { signal } from "@preact/signals";
import type { ChangeSet } from "@codemirror/state";
import { newId } from "../ids.ts";
import type { Answer, Failure, Step } from "../protocol.ts";
import type { KnownCard } from "../state/model.ts";
import { NoteSync } from "./sync.ts";
import type { Desk } from "./notes.ts";

const every = 100; // milliseconds between two writes
const stepAfter = 2_000; // milliseconds after an answer within which its step is here
const mostLate = 3; // times in a row that the text may have moved on too far before it is given up

/** all: my own words that are not stored; unsent: of them, what no write under way holds. */
interface Left { all: string; unsent: string }

export class Writing {
  readonly sync: NoteSync;
  /** Whether all that I typed is with the server. */
  readonly stored = signal(true);
  /** How many times the text of the server was another one. */
  readonly moved = signal(0);
  #shown: ((changes: ChangeSet) => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sent = -Infinity;
  #late = 0;
  #left: Left | undefined;

  constructor(readonly card: string, text: KnownCard["text"], readonly desk: Desk) { this.sync = new NoteSync(text) }

  /** Tells an editor of everything that changes without it. */
  show(shown: ((changes: ChangeSet) => void) | undefined): void { this.#shown = shown }

  /** I typed. */
  wrote(changes: ChangeSet): void {
    this.sync.wrote(changes);
    this.#settle();
  }

  /** The case moved on, and the text of this note is now as given. */
  follow(written: { from: string; steps: readonly Step[] } | undefined, text: KnownCard["text"]): void {
    this.#take(() => (written && this.sync.steps(written.from, written.steps, this.desk.me())) || this.sync.whole(text));
    this.#settle();
  }

  /** The right to write is gone: only my own words that are not stored stay. */
  end(): void {
    if (this.#left) return;
    clearTimeout(this.#timer);
    this.#left = { all: this.sync.own(), unsent: this.sync.ownUnsent() };
    this.#shown = undefined;
    if (this.sync.underWay === undefined) this.#over(this.#left.all);
  }

  /** Forgets everything: what still comes for it says nothing any more. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#shown = undefined;
    this.#left = { all: "", unsent: "" };
  }

  /** My own words that are nowhere but here. */
  own(): string { return this.#left?.all ?? this.sync.own() }

  /** Tries now to send what waits. */
  now(): void { this.#settle() }

  #settle(): void {
    this.stored.value = !this.sync.dirty;
    if (this.#left || !this.sync.dirty || this.sync.underWay !== undefined || this.#timer !== undefined) {
      if (this.stored.peek()) this.desk.settled(this);
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#send();
    }, Math.max(0, this.#sent + every - performance.now()));
  }

  // Without a connection it all waits here, to go as one write.
  #send(): void {
    if (this.#left || !this.desk.connected()) return;
    const id = newId(), write = this.sync.send(id);
    if (!write) return;
    this.#sent = performance.now();
    void this.desk.write(id, { card: this.card, ...write }).then((answer) => this.#answered(id, answer));
  }

  #answered(id: string, answer: Answer): void {
    if (this.#left) this.#over(answer.ok ? this.#left.unsent : this.#left.all, answer.error);
    else if (answer.ok) {
      this.#late = 0;
      // An answer that comes before its step takes nothing off the screen.
      if (!this.sync.waits) setTimeout(() => this.#stored(id), stepAfter);
      else this.#stored(id);
    } else if (answer.error?.reason === "note_moved_on" && ++this.#late <= mostLate) this.#again();
    else this.#refused(answer.error);
  }

  #stored(id: string): void {
    if (this.#left || this.sync.underWay !== id) return;
    this.#take(() => this.sync.stored(this.desk.me()));
    this.#settle();
  }

  #again(): void {
    this.#take(() => this.sync.again(this.desk.me()));
    const text = this.desk.text(this.card);
    if (text) this.#take(() => this.sync.whole(text));
    this.#settle();
  }

  #refused(error: Failure | undefined): void {
    const own = this.sync.own();
    this.#late = 0;
    this.#take(() => this.sync.giveUp(this.desk.me()));
    this.desk.kept(this.card, own, error);
    this.#settle();
  }

  #over(own: string, error?: Failure): void {
    if (own !== "") this.desk.kept(this.card, own, error);
    this.desk.ended(this);
  }

  #take(changed: () => ChangeSet): void {
    const changes = changed();
    if (!changes.empty) this.#shown?.(changes);
    this.moved.value += 1;
  }
}
