// The lines that were typed on the board and are not cards yet: what is being
// typed in each column, with what it becomes, and what was sent and not yet
// taken. In the memory of this tab only.
import { signal, type Signal } from "@preact/signals";
import type { Live } from "../live/live.ts";
import type { Failure } from "../protocol.ts";
import type { TypedTexts } from "../state/typed.ts";
import type { Pasted } from "./paste.ts";
import type { Stance } from "./stance.ts";

/** What a line becomes, held from the moment it was begun. */
export interface Held {
  stance: Stance;
  /** The person that was forward then. */
  forward: string | undefined;
  /** Chosen by hand, so it stays for the next line. */
  byHand: boolean;
  /** It became something else under my hands, and I did not say yet that I saw it. */
  shifted?: true;
}

/** A line that was sent. Without an error it has no answer yet. */
interface Sent extends Pasted { id: string; column: string; stance: Stance; asked?: string; error: Signal<Failure | undefined> }

/** Lines that were pasted, to be looked at before they are cards. */
export interface PastedLine { id: string; title: Signal<string>; text: Signal<string>; error: Signal<Failure | undefined> }

export class Entries {
  readonly sent = signal<readonly Sent[]>([]);
  readonly pasted = signal<{ column: string; lines: readonly PastedLine[] } | undefined>(undefined);
  #held = new Map<string, Signal<Held | undefined>>();
  #made = 0;

  /** listed: whether a refusal is told elsewhere, as it came after a lost connection. */
  constructor(readonly live: Live, readonly typed: TypedTexts, readonly listed: (command: string) => boolean) {}

  /** What is being typed in a column. */
  text(column: string): Signal<string> { return this.typed.begin(`line.${column}`).text }

  /** Whether something was typed there that is no card yet: it stays in sight, also when I may add nothing any more. */
  begun(column: string): boolean {
    return this.typed.dirty(`line.${column}`) || this.pasted.value?.column === column || this.sent.value.some((one) => one.column === column);
  }

  held(column: string): Signal<Held | undefined> {
    const known = this.#held.get(column);
    if (known) return known;
    const fresh = signal<Held | undefined>(undefined);
    this.#held.set(column, fresh);
    return fresh;
  }

  /** Keeps what was being typed in a column that went away. */
  orphan(column: string, words: string): void {
    const stance = this.held(column).peek()?.stance;
    this.typed.forget(`line.${column}`);
    if (words.trim() === "") return;
    const one = this.#keep(column, { title: words.trim(), text: "" }, stance ?? { kind: "fact", class: "private" });
    one.error.value = { kind: "not_found", reason: "column_gone" };
  }

  /** Sends a line, and keeps it until it is a card: the id of that, or undefined. */
  async send(column: string, line: Pasted, stance: Stance, asked?: string): Promise<string | undefined> {
    const one = this.#keep(column, line, stance, asked);
    const answer = await this.#do(column, line, stance, asked);
    if (answer.ok || this.listed(answer.id)) this.drop(one.id);
    else one.error.value = answer.error ?? { kind: "internal", reason: "other" };
    return answer.made;
  }

  #keep(column: string, line: Pasted, stance: Stance, asked?: string): Sent {
    const id = `sent.${++this.#made}.`;
    const one: Sent = { ...line, id, column, stance, ...(asked !== undefined && { asked }), error: signal(undefined) };
    this.typed.begin(id).text.value = [line.title, line.text].filter(Boolean).join("\n");
    this.sent.value = [...this.sent.peek(), one];
    return one;
  }

  drop(id: string): void {
    this.typed.forget(id);
    this.sent.value = this.sent.peek().filter((one) => one.id !== id);
  }

  /** Lays pasted lines out, in place of those that were there. */
  lay(column: string, lines: Pasted[]): void {
    this.unlay();
    this.pasted.value = { column, lines: lines.map((line) => {
      const id = `pasted.${++this.#made}`;
      const title = this.typed.begin(`${id}.title`).text, text = this.typed.begin(`${id}.text`).text;
      title.value = line.title;
      text.value = line.text;
      return { id, title, text, error: signal(undefined) };
    }) };
  }

  unlay(): void {
    this.typed.forget("pasted.");
    this.pasted.value = undefined;
  }

  take(id: string): void {
    this.typed.forget(`${id}.`);
    const now = this.pasted.peek();
    if (now) this.pasted.value = { ...now, lines: now.lines.filter((line) => line.id !== id) };
  }

  /** Makes cards of the pasted lines; what is refused stays, with its reason. Gives how many were made. */
  async draft(stance: Stance): Promise<number> {
    const now = this.pasted.peek();
    const made = await Promise.all((now?.lines ?? []).map(async (line) => {
      line.error.value = undefined;
      const answer = await this.#do(now!.column, { title: line.title.peek(), text: line.text.peek() }, stance);
      if (answer.ok || this.listed(answer.id)) this.take(line.id);
      else line.error.value = answer.error ?? { kind: "internal", reason: "other" };
      return answer.ok;
    }));
    if (this.pasted.peek()?.lines.length === 0) this.unlay();
    return made.filter(Boolean).length;
  }

  clear(): void {
    this.sent.value = [];
    this.pasted.value = undefined;
    this.#held.clear();
  }

  #do(column: string, { title, text }: Pasted, stance: Stance, asked?: string) {
    const card = { column, title, ...(text && { text }), ...stance };
    return asked === undefined ? this.live.do("draft_card", card) : this.live.do("ask_card", { ...card, for: asked });
  }
}
