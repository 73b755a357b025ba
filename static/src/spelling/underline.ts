// Words that the list does not know, in the editor of a note: a wavy underline,
// and where the pointer rests what it means. The same is said in words below the
// editor, with what could be meant. A word is not held against its writer while
// it is being typed.
import { isolateHistory } from "@codemirror/commands";
import { hoverTooltip, ViewPlugin, type EditorView, type ViewUpdate } from "@codemirror/view";
import type { Extension } from "@codemirror/state";
import { effect } from "@preact/signals";
import { marked } from "../wording/marked.ts";
import { t } from "../words/words.ts";
import type { Spelling } from "./state.ts";
import { wordsToCheck, type Word } from "./words.ts";

const pause = 500; // milliseconds without a key

/** What a note is looked at with. */
export interface Desk {
  spelling: Spelling;
  /** Whether it tells somebody's own words: these are left as they were said. */
  said(): boolean;
  /** The words of the names that this reader knows from the case. */
  names(): ReadonlySet<string>;
  /** Told which words are marked, each once. */
  found(words: readonly string[]): void;
}

const marks = marked<Word>("spelling-mark");

export function spellingUnderline(desk: Desk): Extension {
  return [marks.field, looks.of(desk), hoverTooltip(about)];
}

/** Somebody asks: looks now, also at the word that is being typed, and tells which one is marked at the caret. */
export async function misspeltAt(view: EditorView): Promise<string | undefined> {
  await view.plugin(looks)?.now();
  return marks.at(view.state, view.state.selection.main.head)?.word;
}

/** Writes another word wherever this one is marked, as one change, to be undone by itself. The caret stays behind it. */
export function respell(view: EditorView, word: string, instead: string): void {
  const changes = view.state.changes(marks.all(view.state).filter((found) => found.word === word).map(({ at, end }) => ({ from: at, to: end, insert: instead })));
  if (!changes.empty) view.dispatch({ changes, selection: view.state.selection.map(changes, 1), annotations: isolateHistory.of("full"), userEvent: "input.respell" });
}

class Look {
  #known = new Map<string, boolean>(); // what the list said, for as long as this editor is there
  #typing = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #stop;

  constructor(readonly view: EditorView, readonly desk: Desk) {
    this.#stop = effect(() => {
      void [desk.spelling.state.value, desk.spelling.left.value, desk.names(), desk.said()]; // looks anew when one of them changes
      this.#soon(0);
    });
  }

  update(update: ViewUpdate): void {
    const by = (what: string) => update.transactions.some((one) => one.isUserEvent(what));
    if (by("input.respell")) return this.#soon(0);
    if (by("input") || by("delete")) this.#typing = true;
    else if (update.selectionSet || (update.focusChanged && !update.view.hasFocus)) this.#typing = false;
    if (update.docChanged || update.selectionSet || update.focusChanged) this.#soon(pause);
  }

  /** Looks at once. */
  now(): Promise<void> {
    clearTimeout(this.#timer);
    this.#typing = false;
    return this.#look();
  }

  destroy(): void {
    this.#stop();
    clearTimeout(this.#timer);
  }

  #soon(after: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), after);
  }

  // Words are asked for once; where they stand is looked up when the answer is
  // there, in the text as it is by then.
  async #look(): Promise<void> {
    const { spelling } = this.desk;
    let words = this.#words();
    const unknown = [...new Set(words.map(({ word }) => word))].filter((word) => !this.#known.has(word));
    if (unknown.length > 0) {
      const wrong = new Set(await spelling.wrong(unknown));
      if (spelling.state.peek() !== "on" || !this.view.dom.isConnected) return;
      for (const word of unknown) this.#known.set(word, !wrong.has(word));
      words = this.#words();
    }
    const left = spelling.left.peek(), { head } = this.view.state.selection.main;
    const found = words.filter(({ word, at, end }) => this.#known.get(word) === false && !left.has(word) && !(this.#typing && at <= head && head <= end));
    if (found.length > 0 || marks.all(this.view.state).length > 0) this.view.dispatch({ effects: marks.mark(found) });
    this.desk.found([...new Set(found.map(({ word }) => word))]);
  }

  #words(): Word[] {
    return this.desk.spelling.state.peek() === "on" && !this.desk.said() ? wordsToCheck(this.view.state.doc.toString(), this.desk.names()) : [];
  }
}

const looks = ViewPlugin.define((view, desk: Desk) => new Look(view, desk));

function about(view: EditorView, pos: number) {
  const found = marks.at(view.state, pos);
  return found ? { pos, above: true, create: () => ({ dom: said(found.word) }) } : null;
}

// In plain elements: this is of the editor, and nothing of the page draws here.
function said(word: string): HTMLElement {
  const dom = document.createElement("div"), name = dom.appendChild(document.createElement("span"));
  dom.className = "wording-tip";
  name.lang = "nl";
  name.textContent = word;
  dom.append(` ${t("spelling.unknown")} ${t("spelling.key")}`);
  return dom;
}
