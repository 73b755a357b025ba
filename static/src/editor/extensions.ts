// What the editor of a note is made of. Whoever adds to it, adds it here.
import { history, historyKeymap, standardKeymap } from "@codemirror/commands";
import { LanguageSupport } from "@codemirror/language";
import { markdownLanguage } from "@codemirror/lang-markdown";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, keymap, placeholder } from "@codemirror/view";
import type { Table } from "../state/table.ts";
import { t } from "../words/words.ts";
import { look } from "./look.ts";

/** What the editor of a note knows of where it stands. */
export interface Place { card: string; table: Table }

export function extensions(_place: Place): Extension[] {
  return [
    history(),
    drawSelection(),
    keymap.of([...historyKeymap, ...standardKeymap]),
    new LanguageSupport(markdownLanguage),
    look,
    placeholder(t("editor.placeholder")),
    EditorView.lineWrapping,
    EditorState.lineSeparator.of("\n"),
    // Nothing typed here is offered to a translator, spell checker or keyboard that learns.
    EditorView.contentAttributes.of({ spellcheck: "false", autocorrect: "off", autocapitalize: "off", autocomplete: "off", translate: "no", "aria-label": t("editor.label") }),
  ];
}
