// What the toolbar and the keys do to a text: the marks of markdown, put there
// and taken away.
import { EditorSelection, type ChangeSpec, type EditorState, type Line } from "@codemirror/state";
import { startCompletion } from "@codemirror/autocomplete";
import type { Command, EditorView, KeyBinding } from "@codemirror/view";
import type { Tool } from "./tools.ts";

/** Puts marks around what is selected, or takes them away. */
function around(mark: string): Command {
  return (view) => {
    const change = view.state.changeByRange((range) => {
      const { from, to } = range, doc = view.state.doc, n = mark.length;
      const outside = doc.sliceString(from - n, from) === mark && doc.sliceString(to, to + n) === mark
        && !(n === 1 && doc.sliceString(from - 2, from - 1) === mark && doc.sliceString(from - 3, from - 2) !== mark);
      if (outside) {
        return { changes: [{ from: from - n, to: from }, { from: to, to: to + n }], range: EditorSelection.range(from - n, to - n) };
      }
      return { changes: [{ from, insert: mark }, { from: to, insert: mark }], range: EditorSelection.range(from + n, to + n) };
    });
    view.dispatch(view.state.update(change, { userEvent: "input.mark", scrollIntoView: true }));
    return true;
  };
}

interface Beginning { has: RegExp; put: string }
const beginnings = {
  heading: { has: /^#{1,6} /, put: "## " },
  task: { has: /^\s*[-*+] \[[ xX]\] /, put: "- [ ] " },
  list: { has: /^\s*[-*+] (?!\[[ xX]\] )/, put: "- " },
  quote: { has: /^> ?/, put: "> " },
} satisfies Record<string, Beginning>;

/** Begins the selected lines with a mark, in place of another, or takes it away when all have it. */
function beginLines(kind: keyof typeof beginnings): Command {
  return (view) => {
    const lines = selectedLines(view.state), { has, put } = beginnings[kind];
    const all = lines.every((line) => has.test(line.text));
    const others = kind === "quote" ? [beginnings.quote] : [beginnings.heading, beginnings.task, beginnings.list];
    const changes = lines.map((line): ChangeSpec => {
      const old = others.map((other) => other.has.exec(line.text)?.[0] ?? "").find((found) => found !== "") ?? "";
      return { from: line.from, to: line.from + old.length, insert: all ? "" : put };
    });
    return change(view, changes);
  };
}

/** Sets the selected lines apart as fact, interpretation or own words. */
function apart(name: string): Command {
  return (view) => {
    const lines = selectedLines(view.state), first = lines[0]!, last = lines.at(-1)!;
    const [open, close] = [`::: ${name}\n`, "\n:::"];
    view.dispatch({
      changes: [{ from: first.from, insert: open }, { from: last.to, insert: close }],
      selection: { anchor: last.to + open.length }, userEvent: "input.mark", scrollIntoView: true,
    });
    return true;
  };
}

/** Ticks the tasks of the selected lines off, or on again. */
const tick: Command = (view) => {
  const tasks = selectedLines(view.state).flatMap((line) => tickAt(line) ?? []);
  return tasks.length > 0 && change(view, tasks);
};

/** The change that ticks the task of a line; undefined when it is none. */
export function tickAt(line: Line): { from: number; to: number; insert: string } | undefined {
  const found = /^(\s*(?:[-*+]|\d{1,9}[.)]) \[)([ xX])\]/.exec(line.text);
  if (!found) return undefined;
  const from = line.from + found[1]!.length;
  return { from, to: from + 1, insert: found[2] === " " ? "x" : " " };
}

/** Types a sign, apart from a word before it, and offers what can follow. */
function offer(sign: string): Command {
  return (view) => {
    const { from, to } = view.state.selection.main;
    const insert = /\S/.test(view.state.sliceDoc(from - 1, from)) ? ` ${sign}` : sign;
    view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length }, userEvent: "input.type", scrollIntoView: true });
    view.focus();
    return startCompletion(view);
  };
}

export const acts: Record<Tool, Command> = {
  bold: around("**"), italic: around("*"),
  heading: beginLines("heading"), list: beginLines("list"), task: beginLines("task"), quote: beginLines("quote"),
  card: offer("#"), mention: offer("@"),
  feit: apart("feit"), interpretatie: apart("interpretatie"), woorden: apart("woorden"),
};

export const keys: KeyBinding[] = [
  { key: "Mod-b", run: acts.bold }, { key: "Mod-i", run: acts.italic },
  { key: "Mod-Alt-2", run: acts.heading }, { key: "Mod-Shift-8", run: acts.list }, { key: "Mod-Shift-9", run: acts.task },
  { key: "Mod-Shift-.", run: acts.quote }, { key: "Mod-Enter", run: tick },
];

function selectedLines(state: EditorState): Line[] {
  const lines: Line[] = [];
  for (const { from, to } of state.selection.ranges) {
    for (let at = from; ;) {
      const line = state.doc.lineAt(at);
      if (lines.at(-1)?.from !== line.from) lines.push(line);
      if (line.to >= to) break;
      at = line.to + 1;
    }
  }
  return lines;
}

function change(view: EditorView, changes: ChangeSpec): true {
  view.dispatch({ changes, userEvent: "input.mark", scrollIntoView: true });
  return true;
}
