// Where others write in the note, with their names, and where I do. Carets come
// and go beside the text: they stand in a text that the server told of, and move
// with what is written after it.
import { StateEffect, StateField, type ChangeDesc, type Extension } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, WidgetType, type DecorationSet, type PluginValue, type ViewUpdate } from "@codemirror/view";
import { effect } from "@preact/signals";
import type { Role } from "../protocol.ts";
import type { Table } from "../state/table.ts";
import type { Writing } from "./writing.ts";
import { remote } from "./remote.ts";

const every = 100; // milliseconds between two carets of mine
const shownFor = 2_000; // milliseconds that a name stays after its caret moved

interface Caret { user: string; name: string; role: Role; anchor: number; head: number; moved: number }

const replace = StateEffect.define<Caret[]>();

const others = StateField.define<Caret[]>({
  create: () => [],
  update(carets, transaction) {
    for (const effect of transaction.effects) if (effect.is(replace)) return effect.value;
    return transaction.docChanged ? carets.map((caret) => along(caret, transaction.changes)) : carets;
  },
  provide: (field) => EditorView.decorations.from(field, decorate),
});

// What its writer puts in where a caret stands comes before it.
function along(caret: Caret, changes: ChangeDesc): Caret {
  return { ...caret, anchor: changes.mapPos(caret.anchor, 1), head: changes.mapPos(caret.head, 1) };
}

function decorate(carets: Caret[]): DecorationSet {
  return Decoration.set(carets.flatMap((caret) => {
    const from = Math.min(caret.anchor, caret.head), to = Math.max(caret.anchor, caret.head);
    const stands = Decoration.widget({ widget: new Flag(caret), side: 1 }).range(caret.head);
    return from === to ? [stands] : [Decoration.mark({ class: `other-selection of-${caret.role}` }).range(from, to), stands];
  }), true);
}

/** A caret with a name above it, in the space between the lines. It is not read aloud: who writes along is said once, below the text. */
class Flag extends WidgetType {
  constructor(readonly caret: Caret) { super() }

  override eq({ caret }: Flag): boolean {
    return caret.user === this.caret.user && caret.name === this.caret.name && caret.role === this.caret.role && caret.moved === this.caret.moved;
  }

  override toDOM(): HTMLElement {
    const flag = document.createElement("span"), name = document.createElement("span");
    flag.className = `other-caret of-${this.caret.role}`;
    flag.dataset.caret = this.caret.user;
    flag.setAttribute("aria-hidden", "true");
    name.className = "name";
    name.textContent = this.caret.name;
    flag.append(name);
    if (performance.now() - this.caret.moved < shownFor) {
      flag.classList.add("moved");
      setTimeout(() => flag.classList.remove("moved"), shownFor);
    }
    return flag;
  }

  override ignoreEvent(): boolean { return true }
}

/** Shows the carets of others, and tells where mine is. */
export function carets(table: Table, writing: Writing): Extension {
  return [others, ViewPlugin.define((view) => new Carets(view, table, writing))];
}

class Carets implements PluginValue {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #told = false; // the others know of a caret of mine
  #stop: () => void;

  constructor(readonly view: EditorView, readonly table: Table, readonly writing: Writing) {
    // In its own time: an editor is not changed while it changes.
    this.#stop = effect(() => {
      void table.notes.carets.value;
      void writing.moved.value;
      queueMicrotask(() => this.#show());
    });
  }

  update(update: ViewUpdate): void {
    const mine = update.selectionSet || update.transactions.some((one) => one.docChanged && !one.annotation(remote));
    if (update.focusChanged && !update.view.hasFocus) this.#leave();
    else if ((mine || update.focusChanged) && update.view.hasFocus) this.#soon();
  }

  destroy(): void {
    this.#stop();
    this.#leave();
  }

  #show(): void {
    if (!this.view.dom.isConnected) return;
    const before = this.view.state.field(others), { sync, card } = this.writing;
    const now = this.table.notes.carets.peek().filter((caret) => caret.card === card).flatMap((caret): Caret[] => {
      const old = before.find((other) => other.user === caret.user);
      const head = sync.fromServer(caret.base, caret.head), anchor = sync.fromServer(caret.base, caret.anchor);
      const member = this.table.member(caret.user);
      if (!member) return [];
      if (head === undefined || anchor === undefined) return old ? [old] : []; // its text is still to come, or long gone
      const stays = old && old.head === head && old.anchor === anchor;
      return [{ user: caret.user, name: member.name, role: member.role, anchor, head, moved: stays ? old.moved : performance.now() }];
    });
    if (now.length > 0 || before.length > 0) this.view.dispatch({ effects: replace.of(now) });
  }

  // While a write is under way the text that I stand in is not there for others: after its answer.
  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.writing.sync.dirty && this.table.notes.connected()) return this.#soon();
      if (this.view.hasFocus) this.#tell();
    }, every);
  }

  #tell(): void {
    const { sync, card } = this.writing, { anchor, head } = this.view.state.selection.main;
    this.table.notes.caret({ card, base: sync.base, anchor: sync.toServer(anchor), head: sync.toServer(head) });
    this.#told = true;
  }

  #leave(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#told) this.table.notes.caret(undefined);
    this.#told = false;
  }
}
