// What I did and the server refused later, when the place where I did it could
// no longer tell: after a lost connection, or once its dialog was left. Kept in
// the memory of this tab until it is dismissed, in the order in which it was done.
import { signal } from "@preact/signals";
import type { Answer, Do, Failure } from "../protocol.ts";
import type { Model } from "../state/model.ts";
import { ownWords } from "../state/own.ts";

/** The fields of commands that hold what somebody typed. */
const typedFields = ["title", "text", "name", "calls", "note", "reason"] as const;

export interface Refused {
  message: Do;
  error: Failure | undefined;
  /** What I typed, whole, and of it what is mine and nobody else's. */
  typed: string[];
  own: string[];
  /** What it was done on was refused before it. */
  follows: boolean;
}

export class RefusedLater {
  readonly shown = signal<Refused[]>([]);
  #known = new Map<string, Refused>(); // unanswered, or refused

  /** Notes what was typed for a command, and what of it is my own, while the text it started from is here. */
  done(message: Do, model: Model | undefined): void {
    this.#forgetTold();
    const given = message.with as Partial<Record<(typeof typedFields)[number], string>>;
    // Confirming names the versions that were read, and no words.
    const fields = message.cmd === "confirm_card" ? [] : typedFields.filter((field) => given[field]);
    const own = fields.map((field) => ownWords(startedFrom(message, field, model), given[field]!));
    this.#known.set(message.id, { message, error: undefined, follows: false, typed: fields.map((field) => given[field]!), own: own.filter((words) => words !== "") });
  }

  /** late: after it had waited for the connection; what is refused at once is told where it was done. */
  answered(message: Do, answer: Answer, late: boolean): void {
    const one = this.#known.get(message.id);
    if (one) one.error = answer.error;
    if (answer.ok) this.#known.delete(message.id);
    else if (late) this.list(message.id);
  }

  /** Shows own words that were refused bit by bit, or before they were sent. */
  keep(message: Do, own: string, error: Failure): void {
    this.#known.set(message.id, { message, error, follows: false, typed: [own], own: [own] });
    this.list(message.id);
  }

  /** Shows what was refused: its place cannot tell. */
  list(id: string): void {
    const one = this.#known.get(id), shown = this.shown.peek();
    if (!one?.error || shown.includes(one)) return;
    const on = subject(one.message);
    one.follows = on !== undefined && shown.some((before) => subject(before.message) === on);
    this.shown.value = [...shown, one];
  }

  /** Whether it is told already, with all else that could not be done. */
  lists(id: string): boolean { return this.shown.peek().some((one) => one.message.id === id) }

  /** Lets go of what was dismissed, or is told elsewhere. */
  drop(id: string): void {
    this.#known.delete(id);
    if (this.lists(id)) this.shown.value = this.shown.peek().filter((one) => one.message.id !== id);
  }

  clear(): void {
    this.#known.clear();
    this.shown.value = [];
  }

  /** Whether anything that I typed is left here alone. */
  any(): boolean { return this.shown.peek().some((one) => one.typed.length > 0) }

  /** My own words of everything that did not go through, or not yet. */
  own(): string[] { return [...this.#known.values()].flatMap((one) => one.own) }

  #forgetTold(): void {
    for (const [id, one] of this.#known) if (one.error && !this.shown.peek().includes(one)) this.#known.delete(id);
  }
}

/** The card, person or column that a command is done on. */
function subject(message: Do): string | undefined {
  const on = message.with as { card?: string; person?: string; column?: string };
  return on.card ?? (message.cmd === "draft_card" || message.cmd === "ask_card" ? undefined : on.person ?? on.column);
}

/** The text that was there when I began to type over it; "" for something new. */
function startedFrom(message: Do, field: string, model: Model | undefined): string {
  switch (message.cmd) {
    case "retitle_card": return model?.cards[message.with.card]?.title.body ?? "";
    case "edit_card": return model?.cards[message.with.card]?.text.body ?? "";
    case "rename_column": return model?.columns.find((column) => column.id === message.with.column)?.title ?? "";
    case "rename_case": return model?.case.name ?? "";
    case "change_person": {
      const person = model?.family.find((one) => one.id === message.with.person);
      return (field === "name" ? person?.name : person?.calls) ?? "";
    }
    default: return "";
  }
}
