// How a note looks while it is written: the marks of markdown stay, quietly.
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Extension } from "@codemirror/state";

const marks = HighlightStyle.define([
  { tag: tags.heading, fontWeight: "700" },
  { tag: tags.strong, fontWeight: "700" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.strikethrough, textDecoration: "line-through" },
  { tag: tags.link, color: "var(--accent)" },
  { tag: tags.url, color: "var(--accent)" },
  { tag: tags.monospace, fontFamily: "ui-monospace, monospace", fontSize: ".95em" },
  { tag: tags.quote, fontStyle: "italic" },
  { tag: [tags.processingInstruction, tags.contentSeparator, tags.meta], color: "var(--ink-soft)", fontWeight: "400" },
]);

const theme = EditorView.theme({
  "&": { color: "inherit", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "inherit", lineHeight: "1.8", overflowX: "hidden" },
  ".cm-content": { padding: ".75rem 0", minHeight: "9rem", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 .85rem", unicodeBidi: "plaintext" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-placeholder": { color: "var(--ink-soft)" },
  ".cm-tooltip": { color: "var(--ink)", backgroundColor: "var(--surface)", border: "1px solid var(--edge-line)", borderRadius: "var(--radius)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "inherit", maxHeight: "14em", maxWidth: "min(30rem, calc(100vw - 5rem))" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { color: "var(--ink)", padding: ".35rem .75rem", lineHeight: "1.4" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { color: "var(--ink)", backgroundColor: "var(--sunken)", boxShadow: "inset 3px 0 var(--accent)" },
  ".cm-completionDetail": { color: "var(--ink-soft)", fontStyle: "normal" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  "@media (pointer: coarse)": {
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { minHeight: "44px", display: "flex", alignItems: "center", gap: ".5rem" },
  },
});

export const look: Extension = [theme, syntaxHighlighting(marks)];
