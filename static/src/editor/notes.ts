// The notes that I write in now. What it takes to write comes when the first of
// them is opened; this is the part of it that every board has.
import { signal } from "@preact/signals";
import { newId } from "../ids.ts";
import type { Answer, Carets, Change, Commands, Failure, Spot } from "../protocol.ts";
import type { KnownCard, Model } from "../state/model.ts";
import type { Table } from "../state/table.ts";
import type { Writing } from "./writing.ts";

/** What writing in a note needs of the page. */
export interface Desk {
  me(): string;
  connected(): boolean;
  text(card: string): KnownCard["text"] | undefined;
  write(id: string, given: Commands["write_note"]): Promise<Answer>;
  /** Own words that could not be stored are to be shown. */
  kept(card: string, own: string, error: Failure | undefined): void;
  settled(writing: Writing): void;
  ended(writing: Writing): void;
}

export class Notes implements Desk {
  /** Where others write, in every note that I may read. */
  readonly carets = signal<Carets["carets"]>([]);
  #open = new Map<string, Writing>();
  #ending = new Set<Writing>();
  #edited = new Set<string>(); // those with an editor on the screen
  #anew = new Set<string>(); // those whose text was erased before it was opened

  constructor(readonly table: Table) {}

  /** Begins to write in a note, or goes on; undefined when it is wanted no longer, or cannot be written in any more. */
  async open(card: string, wanted = () => true): Promise<{ writing: Writing; writer: typeof import("./writer.ts") } | undefined> {
    const writer = await import("./writer.ts");
    if (!wanted() || !this.may(card)) return undefined;
    this.#edited.add(card);
    if (this.table.card(card)!.text.redacted) this.#anew.add(card);
    const writing = this.#open.get(card) ?? new writer.Writing(card, this.table.card(card)!.text, this);
    this.#open.set(card, writing);
    return { writing, writer };
  }

  /** The editor of a note is gone; what is not stored yet still will be. */
  close(card: string): void {
    this.#edited.delete(card);
    const writing = this.#open.get(card);
    writing?.show(undefined);
    if (writing) this.settled(writing);
  }

  /** Whether I may write in this note now. */
  may(id: string): boolean {
    const card = this.table.card(id);
    return card !== undefined && (this.table.rights.value?.mayWriteIn(card) ?? false);
  }

  /** The case is as the model has it now; change: how it came to be so, if not whole. */
  follow(model: Model, change?: Change): void {
    for (const [id, writing] of [...this.#open]) {
      const card = model.cards[id];
      if (!card?.text.redacted) this.#anew.delete(id);
      const erased = card?.text.redacted === true && !this.#anew.has(id);
      if (card && this.may(id) && !erased) writing.follow(change?.written?.find((written) => written.card === id), card.text);
      else this.#end(writing);
    }
  }

  /** There is a connection again. */
  online(): void { for (const writing of this.#open.values()) writing.now() }

  /** Tells where I write; undefined: nowhere any more. */
  caret(spot: Spot | undefined): void { this.table.live.caret(spot) }

  unsaved(): boolean { return this.own().length > 0 || [...this.#open.values()].some((writing) => !writing.stored.peek()) }

  /** My own words that are nowhere but here. */
  own(): string[] { return [...this.#open.values(), ...this.#ending].map((writing) => writing.own()).filter((words) => words !== "") }

  clear(): void {
    for (const writing of [...this.#open.values(), ...this.#ending]) writing.drop();
    this.#open.clear();
    this.#anew.clear();
    this.#ending.clear();
    this.#edited.clear();
    this.carets.value = [];
  }

  me(): string { return this.table.me.peek()?.user ?? "" }
  connected(): boolean { return this.table.connection.peek() === "live" || this.table.connection.peek() === "saving" }
  text(card: string): KnownCard["text"] | undefined { return this.table.model.peek()?.cards[card]?.text }
  write(id: string, given: Commands["write_note"]): Promise<Answer> { return this.table.live.do("write_note", given, id) }

  kept(card: string, own: string, error: Failure | undefined): void {
    const lost: Failure = { kind: "denied", reason: "note_lost" };
    this.table.refused.keep({ t: "do", id: newId(), cmd: "write_note", with: { card, base: "", changes: [] } }, own, error?.kind === "invalid" ? error : lost);
  }

  settled(writing: Writing): void {
    if (writing.stored.peek() && !this.#edited.has(writing.card) && this.#open.get(writing.card) === writing) this.#open.delete(writing.card);
  }

  ended(writing: Writing): void { this.#ending.delete(writing) }

  #end(writing: Writing): void {
    this.#open.delete(writing.card);
    this.#ending.add(writing);
    writing.end();
    if (this.table.writing.peek() === writing.card) this.table.writing.value = undefined;
  }
}
