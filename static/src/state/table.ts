// Everything the page knows and can do: the model, who is here, the
// connection, which dialog is open. Components read its signals.
import { batch, computed, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { Notes } from "../editor/notes.ts";
import { Entries } from "../entry/entries.ts";
import type { Stance } from "../entry/stance.ts";
import { Sift } from "../filter/sift.ts";
import { code } from "../ids.ts";
import { Hints } from "../hints/state.ts";
import { Live, type Line, type Sink } from "../live/live.ts";
import type { Answer, Do, Here, Hello, Me, Member, Person } from "../protocol.ts";
import { Moves } from "../move/moves.ts";
import { RefusedLater } from "../refused/refused.ts";
import { Spelling } from "../spelling/state.ts";
import { wordsOfNames } from "../spelling/words.ts";
import { lostUndo } from "../undo/lost.ts";
import { again } from "../words/again.ts";
import { now } from "../words/clock.ts";
import { Wording } from "../wording/state.ts";
import { t } from "../words/words.ts";
import { Heard } from "./heard.ts";
import { apply, takesAway, type KnownCard, type Model } from "./model.ts";
import { Rights } from "./rights.ts";
import { arrivals, spoken, type Own } from "./speak.ts";
import { TypedTexts } from "./typed.ts";
import { whose } from "./whose.ts";

/** What a card's dialog shows: the card, or one thing to do with it. */
export type CardTask = "view" | "table" | "edit" | "label" | "move" | "link" | "shield" | "share" | "readers" | "reperspective" | "redact";

export type Open =
  | { what: "card"; card: string; task: CardTask }
  | { what: "new-card"; column: string; stance?: Stance }
  | { what: "paste"; column: string }
  | { what: "shortcuts" }
  | { what: "person"; person: string }
  | { what: "new-person" }
  | { what: "column"; column: string }
  | { what: "new-column" }
  | { what: "case" }
  | { what: "archive" }
  | { what: "attendance" }
  | { what: "look-as" };

export class Table implements Sink {
  /** Of the first minute, as far as this person has not put them away. */
  hints = new Hints("");
  /** Which words the field would rather not use. */
  wording = new Wording(undefined);
  /** Whether the words of notes are held against the list. */
  spelling = new Spelling(undefined);
  readonly model = signal<Model | undefined>(undefined);
  readonly me = signal<Me | undefined>(undefined);
  readonly here = signal<Here[]>([]);
  readonly connection = signal<Line>("joining");
  readonly endedBy = signal<number | undefined>(undefined);
  /** Whether the server said, after that, that I am still who is signed in here. */
  readonly stillMe = signal(false);
  readonly open = signal<Open | undefined>(undefined);
  /** The person whose perspective is brought forward. */
  readonly forward = signal<string | undefined>(undefined);
  /** The last thing that somebody else did, in words; it is called out as well. */
  readonly said = signal("");
  /** What the calm line tells; "" is nothing. */
  readonly told = signal("");
  /** The cards that it was about. */
  readonly changed = signal<readonly string[]>([]);
  /** Which cards are shown. */
  readonly sift = new Sift(this.model);
  /** How many of my changes have no answer yet, and since when there is no connection. */
  readonly waiting = signal(0);
  readonly lost = signal<Date | undefined>(undefined);
  /** There is none as the server can put nothing on the record. */
  readonly unrecorded = signal(false);
  /** What could not be done any more, and is not told at the place where it was done. */
  readonly refused = new RefusedLater();
  readonly typed = new TypedTexts();
  readonly live: Live;
  /** What I write in together with others. */
  readonly notes = new Notes(this);
  /** The card in whose text I write. */
  readonly writing = signal<string | undefined>(undefined);
  /** Lines that are no cards yet. */
  readonly entries: Entries;
  /** Whether one key alone does something. */
  readonly shortcuts = signal(true);
  /** The cards that I moved, and the board with them in their new place. */
  readonly moves: Moves;
  /** What the page does when the session turns out to be locked, or somebody else's. */
  onLocked = (): void => {};
  onStranger = (): void => {};
  /** Asks who is signed in here now: the answer is stillMe. */
  onEnded = (): void => {};

  readonly #heard = new Heard();

  // What changes seldom is looked at apart, so that a change of one card is of
  // no concern to the others.
  readonly #team = computed(() => this.model.value?.team);
  readonly #family = computed(() => this.model.value?.family);
  readonly #status = computed(() => this.model.value?.case.status);

  readonly rights = computed(() => {
    const team = this.#team.value, family = this.#family.value, status = this.#status.value, me = this.me.value;
    return team && family && status && me && new Rights(me, team.find((member) => member.user === me.user), status, family);
  });

  /** Every word of the names that I know from the case. */
  readonly names = computed(() => wordsOfNames([...(this.#family.value ?? []).flatMap(({ name, calls }) => [name, calls ?? ""]), ...(this.#team.value ?? []).map(({ name }) => name)]));

  /** as: the colleague through whose eyes I look along with my own, or "screen". */
  constructor(caseId: string, socket: () => WebSocket, readonly as?: string) {
    this.live = new Live(caseId, socket, this, as);
    this.entries = new Entries(this.live, this.typed, (command) => this.refused.lists(command));
    this.moves = new Moves(this);
  }

  hello(message: Hello): void {
    this.me.value = message.me;
    if (message.whole) {
      this.model.value = message.whole;
      this.#silence();
      this.notes.follow(message.whole);
    }
    this.here.value = message.here;
  }

  news(message: Parameters<Sink["news"]>[0]): void {
    switch (message.t) {
      case "change": {
        const before = this.model.peek();
        if (!before) return;
        const after = apply(before, message);
        const lost = this.live.outbox.size === 0 && lostUndo(before, after);
        const me = this.me.peek()?.user ?? "", own = this.#own(before), { mine, others } = whose(before, after, me, own);
        const goesOn = this.#heard.old(message);
        batch(() => {
          this.model.value = after;
          this.notes.follow(after, message);
          if (takesAway(before, message)) this.#silence();
          if (this.sift.on.peek()) this.sift.mine(mine);
          if (lost && before.undo) this.tell(t(lost, { code: code(before.undo.card) }));
          this.#say(spoken(before, after, me, { ...own, card: (id) => own.card(id) || goesOn.has(id) }), others);
        });
        break;
      }
      case "here": {
        const before = this.here.peek();
        this.here.value = message.here;
        this.#say(arrivals(before, message.here, this.me.peek()?.user ?? "", (user) => this.nameOf(user)));
        break;
      }
      case "carets":
        this.notes.carets.value = message.carets;
        break;
      case "me":
        this.me.value = message.me;
        if (this.model.peek()) this.notes.follow(this.model.peek()!);
        break;
      case "error": // the connection closes with the reason
        break;
    }
  }

  #own(before: Model): Own {
    const unanswered = this.live.outbox.unanswered();
    const undone = unanswered.some((message) => message.cmd === "undo") ? before.undo?.card : undefined;
    return { card: (id) => id === undone || this.live.outbox.touches(id), any: unanswered.length > 0 };
  }

  line(line: Line, waiting: number, unrecorded = false): void {
    this.waiting.value = waiting;
    this.unrecorded.value = unrecorded;
    if (line !== "offline") this.lost.value = undefined;
    else if (this.connection.peek() !== "offline") this.lost.value = now();
    this.connection.value = line;
    if (line === "live" || line === "saving") this.notes.online();
  }

  // Writing in a note sees to its own words.
  done(message: Do): void { if (message.cmd !== "write_note") this.refused.done(message, this.model.peek()) }
  answered(message: Do, answer: Answer, late: boolean): void { if (message.cmd !== "write_note") this.refused.answered(message, answer, late) }

  /** Leaves nothing of the case on a page whose place at the table is gone. */
  ended(code: number): void {
    this.endedBy.value = code;
    this.open.value = undefined;
    this.stillMe.value = false;
    this.clear();
    this.spelling.clear();
    this.onEnded();
  }

  /** Takes everything of the case away, but for what I typed and did, until unlock. */
  lock(): void {
    this.live.pause();
    this.stillMe.value = false;
    this.clear();
  }

  unlock(): void {
    this.stillMe.value = true;
    this.live.resume();
  }
  locked(): void { this.onLocked() }

  /** Leaves nothing of mine to who signed in after me. */
  stranger(): void {
    this.clear();
    this.typed.forget("");
    this.entries.clear();
    this.notes.clear();
    this.live.outbox.clear();
    this.refused.clear();
    this.moves.forget();
    this.spelling.clear();
    this.onStranger();
  }

  clear(): void {
    this.model.value = undefined;
    this.me.value = undefined;
    this.here.value = [];
    this.notes.carets.value = [];
    this.#silence();
    this.sift.showAll();
  }

  /** Takes back what was told: it may name what may be read no longer. */
  #silence(): void {
    this.said.value = "";
    this.told.value = "";
    this.moves.moved.value = "";
  }

  member(user: string): Member | undefined { return this.#team.value?.find((member) => member.user === user) }
  nameOf(user: string): string { return this.member(user)?.name ?? t("said.someone") }
  person(id: string | undefined): Person | undefined { return this.#family.value?.find((person) => person.id === id) }
  card(id: string): KnownCard | undefined { return this.model.value?.cards[id] }
  /** Whether something of mine is nowhere but here: typed, even in a dialog that was left, or without an answer. */
  unsaved(): boolean { return this.live.outbox.size > 0 || this.typed.dirty() || this.refused.any() || this.notes.unsaved() }

  /** Everything that I typed and that is nowhere but here; nothing of what others wrote. */
  ownWords(): string[] { return [...new Set([...this.typed.own(), ...this.refused.own(), ...this.notes.own()])] }

  show(open: Open | undefined): void {
    if (open?.what !== "card" || open.task !== "view" || open.card !== this.writing.peek()) this.writing.value = undefined;
    this.open.value = open;
    this.live.focus(open?.what === "card" ? open.card : undefined);
  }

  /** Opens a card to write in its text. */
  write(card: string): void {
    this.show({ what: "card", card, task: "view" });
    this.writing.value = card;
  }

  /** Tells one sentence calmly, in place of the one before. */
  tell(sentence: string): void { this.told.value = again(this.told.peek(), sentence) }

  #say(sentences: string[], cards: readonly string[] = []): void {
    if (sentences.length === 0) return;
    this.changed.value = cards;
    this.said.value = again(this.said.peek(), sentences.join(". "));
  }
}

export const TableContext = createContext<Table | undefined>(undefined);

export function useTable(): Table {
  const table = useContext(TableContext);
  if (!table) throw new Error("no table above this component");
  return table;
}

/** What a person of the family is called on screen. */
export function called(person: Person): string {
  return person.redacted ? t("family.redacted") : person.calls || person.name;
}
