// What the editor of a note is made of. Whoever adds to it, adds it here.
import { closeCompletion, completionKeymap, currentCompletions } from "@codemirror/autocomplete";
import { history, historyKeymap, standardKeymap } from "@codemirror/commands";
import { LanguageSupport } from "@codemirror/language";
import { markdownKeymap, markdownLanguage } from "@codemirror/lang-markdown";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, keymap, placeholder, type Command } from "@codemirror/view";
import { computed } from "@preact/signals";
import type { Misspelt } from "../spelling/misspelt.ts";
import { misspeltAt, spellingUnderline } from "../spelling/underline.ts";
import type { Table } from "../state/table.ts";
import { wordingUnderline } from "../wording/underline.ts";
import { t } from "../words/words.ts";
import { carets } from "./carets.ts";
import { limits, type Kept } from "./limits.ts";
import { look } from "./look.ts";
import { keys } from "./marks.ts";
import { offers } from "./offers.ts";
import { tasks } from "./tasks.ts";
import type { Writing } from "./writing.ts";

/** Where the editor of a note stands, and whom it tells what. */
export interface Place {
  table: Table;
  writing: Writing;
  misspelt: Misspelt;
  /** Something was kept out of the text. */
  kept(what: Kept): void;
  /** The writer wants to be out of it. */
  leave(): void;
}

export function extensions(place: Place): Extension[] {
  const { table, writing, misspelt, kept, leave } = place;
  const said = computed(() => table.card(writing.card)?.kind === "words");
  return [
    history(),
    drawSelection(),
    offers(table, writing.card),
    // Tab is not taken: it leads out of the text, as everywhere.
    keymap.of([{ key: "Escape", run: out(leave) }, { key: "Mod-.", run: toHints(place) }, ...completionKeymap, ...keys, ...markdownKeymap, ...historyKeymap, ...standardKeymap]),
    new LanguageSupport(markdownLanguage),
    look,
    tasks,
    limits(kept),
    carets(table, writing),
    wordingUnderline(table.wording, () => table.card(writing.card)?.kind),
    spellingUnderline({ spelling: table.spelling, said: () => said.value, names: () => table.names.value, found: (words) => { misspelt.words.value = words; } }),
    placeholder(t("editor.placeholder")),
    EditorView.lineWrapping,
    EditorState.lineSeparator.of("\n"),
    EditorState.allowMultipleSelections.of(false),
    // Nothing typed here is offered to a translator, spell checker or keyboard that learns.
    EditorView.contentAttributes.of({
      spellcheck: "false", autocorrect: "off", autocapitalize: "off", autocomplete: "off", translate: "no", "aria-label": t("editor.label"), "aria-describedby": "editor-keys",
    }),
  ];
}

// Away goes what is offered, or else the editor; what is still looked for right
// after a letter was typed was not offered yet.
function out(leave: () => void): Command {
  return (view) => {
    if (currentCompletions(view.state).length > 0) return closeCompletion(view);
    leave();
    return true;
  };
}

// To the list below the text; from a word that the list of words does not know, to what could be meant by it.
function toHints({ table, writing, misspelt }: Place): Command {
  const lead = (view: EditorView) => table.wording.lead(view.state.doc.toString(), table.card(writing.card)?.kind, misspelt.words.peek().length > 0);
  return (view) => {
    if (table.spelling.state.peek() !== "on") return lead(view);
    void misspeltAt(view).then((word) => {
      if (!view.hasFocus) return; // gone on meanwhile
      misspelt.ask(word);
      lead(view);
    });
    return true;
  };
}
