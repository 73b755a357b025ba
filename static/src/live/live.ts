// The connection to the table: joins, resumes, comes back, and keeps what was
// not answered. It knows the protocol and nothing of the page.
import { newId } from "../ids.ts";
import { closed, isTerminal, unrecorded } from "../protocol.ts";
import type {
  Aims, Answer, Beat, Caret, CommandName, Commands, ClientMessage, Do, Failure, Happened, Hello, History, Readers, Render, Rendered,
  ServerMessage, Spot, Targets, Told as VersionTold, Version, Who,
} from "../protocol.ts";
import { delay } from "./backoff.ts";
import { Outbox } from "./outbox.ts";

/** joining: never yet at the table. */
export type Line = "joining" | "live" | "saving" | "offline" | "ended";
export type Question = Omit<Who, "t" | "id">;

/** A question that changes nothing, and what is answered to it. */
type Asked = Who | Render | History | Version | Targets;
type Told = Readers | Rendered | Happened | VersionTold | Aims;

export interface Sink {
  hello(message: Hello): void;
  news(message: Exclude<ServerMessage, Hello | Answer | Told | Beat>): void;
  /** waiting: how many commands have no answer yet; unrecorded: all stands still, as the server can put nothing on the record. */
  line(line: Line, waiting: number, unrecorded: boolean): void;
  /** A command was done here; nobody has answered it yet. */
  done(message: Do): void;
  /** It was answered; late: only after it had waited for the connection. */
  answered(message: Do, answer: Answer, late: boolean): void;
  ended(code: number): void;
  /** The session is locked: nothing comes until resume. */
  locked(): void;
  /** Somebody else is signed in in this browser now: what is here is not theirs. */
  stranger(): void;
}

const frameLimit = 64 * 1024; // bytes, as the server has it
const patience = 20_000; // milliseconds without any frame while we wait for an answer
const silence = 60_000; // milliseconds without any frame at all: the server beats more than twice in that time
const silenceOfScreen = 30_000; // what nobody in the room may read any more must not stand on a wall for longer than a beat (25 s) and a little
const settled = 10_000; // milliseconds after which a connection counts as a good one

export class Live {
  readonly outbox = new Outbox();
  #questions = new Map<string, { message: Asked; settle: (told: Told) => void }>();
  #socket: WebSocket | undefined;
  #joined = false;
  #everJoined = false;
  #ended = false;
  #paused = false;
  #me: string | undefined;
  #attempt = 0;
  #unrecorded = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #good: ReturnType<typeof setTimeout> | undefined;
  readonly #flying = new Set<string>(); // the commands that are with the server now
  #attempts = new Map<string, number>();
  #cursor: string | undefined;
  #seat: string | undefined;
  #focus: string | undefined;

  constructor(readonly caseId: string, readonly open: () => WebSocket, readonly sink: Sink, readonly as?: string) {}

  connect(): void {
    clearTimeout(this.#retry);
    if (this.#ended || this.#paused || this.#socket) return;
    const socket = this.open();
    this.#socket = socket;
    socket.onopen = () => {
      this.#send({
        t: "join", case: this.caseId, ...(this.as !== undefined && { as: this.as }),
        ...(this.#cursor !== undefined && { cursor: this.#cursor }), ...(this.#seat !== undefined && { seat: this.#seat }),
      });
      this.#wait();
    };
    socket.onmessage = (event) => this.#receive(JSON.parse(String(event.data)) as ServerMessage);
    socket.onclose = (event) => this.#lost(event.code);
    this.#wait();
  }

  /** Tries now instead of when the wait is over, also when a try is hanging. Does nothing at the table. */
  retry(): void {
    if (this.#joined || this.#ended || this.#paused) return;
    this.#release()?.close();
    this.connect();
  }

  /** Leaves the table and forgets what was there; what was done waits for resume. */
  pause(): void {
    if (this.#ended) return;
    this.#paused = true;
    clearTimeout(this.#retry);
    this.#release()?.close();
    this.#joined = false;
    this.#cursor = this.#seat = undefined;
    this.#tell();
  }

  resume(): void {
    this.#paused = false;
    this.#attempt = 0;
    this.connect();
  }

  /** Does a command. The promise stays open until the server has answered it. */
  do<C extends CommandName>(cmd: C, given: Commands[C], id = newId()): Promise<Answer> {
    const { message, answer } = this.outbox.add(cmd, given, id);
    this.sink.done(message);
    const refusal = unsendable(message);
    if (refusal) this.#settle({ t: "answer", id: message.id, ok: false, error: { kind: "invalid", reason: refusal } });
    else if (this.#ended) this.#settle({ t: "answer", id: message.id, ok: false, error: { kind: "unavailable", reason: "session_ended" } });
    else if (!this.#joined) this.outbox.interrupted();
    else if (this.#overtakes(message)) this.#fly(message);
    else this.#next();
    this.#tell();
    this.#wait();
    return answer;
  }

  /** Asks who may read something. */
  who(question: Question): { id: string; readers: Promise<Readers> } {
    const { id, told } = this.#ask<Readers>({ t: "who", id: newId(), ...question });
    // A refusal comes without lists.
    const readers = told.then((r) => ({ ...r, can: r.can ?? [], cannot: r.cannot ?? [], gains: r.gains ?? [], loses: r.loses ?? [] }));
    return { id, readers };
  }

  /** Asks for the text of a card as it is to be shown. */
  render(card: string): { id: string; told: Promise<Rendered> } { return this.#ask<Rendered>({ t: "render", id: newId(), card }) }

  /** Asks what was done with a card. */
  history(card: string): { id: string; told: Promise<Happened> } { return this.#ask<Happened>({ t: "history", id: newId(), card }) }

  /** Asks for the text of a version that a line of the card's history names. */
  version(card: string, version: string): { id: string; told: Promise<VersionTold> } {
    return this.#ask<VersionTold>({ t: "version", id: newId(), card, version });
  }

  /** Asks what the note of a card can link to, and whom it can mention. */
  targets(card: string): { id: string; told: Promise<Aims> } { return this.#ask<Aims>({ t: "targets", id: newId(), card }) }

  #ask<T extends Told>(message: Asked): { id: string; told: Promise<T> } {
    const told = new Promise<T>((settle) => this.#questions.set(message.id, { message, settle: (answer) => settle(answer as T) }));
    if (this.#joined) this.#send(message);
    this.#wait();
    return { id: message.id, told };
  }

  /** Forgets a question whose answer is no longer wanted. */
  forget(question: string): void { this.#questions.delete(question) }

  focus(card: string | undefined): void {
    if (card === this.#focus) return;
    this.#focus = card;
    if (this.#joined) this.#sendFocus();
  }

  /** Tells where I write now, if anybody can hear it: nothing waits for the connection. */
  caret(spot: Spot | undefined): void {
    if (this.#joined) this.#send({ t: "caret", ...spot } as Caret);
  }

  #sendFocus(): void { this.#send(this.#focus === undefined ? { t: "focus" } : { t: "focus", card: this.#focus }) }

  #send(message: ClientMessage): void { this.#socket?.send(JSON.stringify(message)) }

  #receive(message: ServerMessage): void {
    switch (message.t) {
      case "hello":
        if (this.#me !== undefined && this.#me !== message.me.user) {
          this.#end();
          this.sink.stranger();
          return;
        }
        this.#me = message.me.user;
        this.#seat = message.seat;
        this.#cursor = message.cursor;
        this.sink.hello(message);
        this.#welcome();
        break;
      case "change":
        this.#cursor = message.cursor;
        this.sink.news(message);
        break;
      case "answer":
        this.#answered(message);
        break;
      case "readers":
      case "rendered":
      case "happened":
      case "told":
      case "aims":
        this.#told(message);
        break;
      case "me":
        this.#seat = message.seat;
        this.sink.news(message);
        break;
      case "beat":
        break;
      default:
        this.sink.news(message);
    }
    this.#wait();
    this.#tell();
  }

  #welcome(): void {
    this.#joined = this.#everJoined = true;
    this.#unrecorded = false;
    this.#good = setTimeout(() => { this.#attempt = 0; }, settled);
    this.#next();
    for (const { message } of this.#questions.values()) this.#send(message);
    if (this.#focus !== undefined) this.#sendFocus();
  }

  // In the order in which they were done: each when the one before is answered, so
  // that one that has to be tried again is not overtaken.
  #next(): void {
    const message = this.outbox.first();
    if (message) this.#fly(message);
  }

  #fly(message: Do): void {
    if (this.#flying.has(message.id)) return;
    this.#flying.add(message.id);
    this.#send(message);
  }

  // What must not be seen any longer waits for nothing but the word to show it.
  #overtakes(message: Do): boolean {
    const [first, ...others] = this.outbox.unanswered();
    return message.cmd === "blank_screen" && first !== message && [first!, ...others].every((waiting) => waiting.cmd !== "show_screen");
  }

  #settle(answer: Answer): void {
    const message = this.outbox.find(answer.id);
    if (message) this.sink.answered(message, answer, this.outbox.late(answer.id));
    this.#flying.delete(answer.id);
    this.outbox.settle(answer);
  }

  #answered(answer: Answer): void {
    this.#unrecorded = answer.error?.reason === notRecorded;
    if (tryAgain(answer.error)) {
      this.#later(answer.id, () => this.outbox.find(answer.id));
      return;
    }
    this.#attempts.delete(answer.id);
    this.#settle(answer);
    this.#next();
  }

  #told(told: Told): void {
    const question = this.#questions.get(told.id);
    this.#unrecorded = told.error?.reason === notRecorded;
    if (tryAgain(told.error)) {
      this.#later(told.id, () => this.#questions.get(told.id)?.message);
      return;
    }
    this.#attempts.delete(told.id);
    this.#questions.delete(told.id);
    question?.settle(told);
  }

  // Sends a message again with the same id, later each time.
  #later(id: string, find: () => ClientMessage | undefined): void {
    const attempt = this.#attempts.get(id) ?? 0;
    this.#attempts.set(id, attempt + 1);
    setTimeout(() => {
      const message = find();
      if (message && this.#joined) this.#send(message);
      else this.#attempts.delete(id);
    }, delay(attempt + 1));
  }

  // A connection that is dead without saying so is given up.
  #wait(): void {
    clearTimeout(this.#watch);
    const waiting = this.outbox.size > 0 || this.#questions.size > 0 || !this.#joined;
    if (!this.#socket) return;
    this.#watch = setTimeout(() => {
      this.#socket?.close();
      this.#lost(1006);
    }, waiting ? patience : this.as === "screen" ? silenceOfScreen : silence);
  }

  #lost(code: number): void {
    if (!this.#socket) return;
    this.#release();
    this.#joined = false;
    this.#unrecorded = code === unrecorded;
    if (code === closed.locked) {
      this.pause();
      this.sink.locked();
    } else if (isTerminal(code)) {
      this.#ended = true;
      this.sink.ended(code);
    } else {
      this.#retry = setTimeout(() => this.connect(), delay(this.#attempt++));
    }
    this.#tell();
  }

  #end(): void {
    this.#ended = true;
    this.#joined = false;
    this.#release()?.close();
  }

  // Listens no longer to the socket, and hands it back.
  #release(): WebSocket | undefined {
    const socket = this.#socket;
    if (socket) socket.onopen = socket.onmessage = socket.onclose = null;
    this.#flying.clear();
    this.outbox.interrupted();
    this.#socket = undefined;
    clearTimeout(this.#watch);
    clearTimeout(this.#good);
    return socket;
  }

  #tell(): void {
    const waiting = this.outbox.size;
    if (this.#ended) this.sink.line("ended", waiting, false);
    else if (!this.#joined) this.sink.line(this.#everJoined || this.#unrecorded ? "offline" : "joining", waiting, this.#unrecorded);
    else this.sink.line(waiting > 0 ? "saving" : "live", waiting, this.#unrecorded && (waiting > 0 || this.#questions.size > 0));
  }
}

/** Why the server answers nothing while it can put nothing on the record. */
const notRecorded = "not_recorded";

/** Whether the same may be answered otherwise a little later. */
function tryAgain(error: Failure | undefined): boolean { return error?.kind === "unavailable" || error?.reason === "rate" }

/** What the server could not take as a frame is refused here, as an answer. */
function unsendable(message: ClientMessage): string | undefined {
  const frame = JSON.stringify(message);
  // JSON.stringify writes a lone surrogate as an escape, and never a pair.
  if (/(?<!\\)(?:\\\\)*\\ud[89a-f][0-9a-f]{2}/.test(frame)) return "bad_text";
  return new TextEncoder().encode(frame).length > frameLimit ? "text_too_long" : undefined;
}
