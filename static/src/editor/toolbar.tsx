// The toolbar of a note: one stop for the Tab key, arrows within.
import { AtSign, Bold, Hash, Heading, Italic, List, ListTodo, MessageSquareQuote, TextQuote, ClipboardCheck, Lightbulb, SpellCheck, type IconNode } from "lucide";
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Icon } from "../icon/icon.tsx";
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";
import { blocks, marks, references, type Tool } from "./tools.ts";

const icons: Record<Tool, IconNode> = {
  bold: Bold, italic: Italic, heading: Heading, list: List, task: ListTodo, quote: TextQuote, card: Hash, mention: AtSign,
  feit: ClipboardCheck, interpretatie: Lightbulb, woorden: MessageSquareQuote,
};
type Stop = Tool | "spelling";

function isBlock(tool: Tool): tool is (typeof blocks)[number] { return (blocks as readonly Tool[]).includes(tool) }

export function Toolbar({ onUse, ready }: { onUse: (tool: Tool) => void; ready: boolean }) {
  const { spelling } = useTable(), on = spelling.state.value === "on" || spelling.state.value === "loading";
  const all: readonly Stop[] = [...marks, ...references, ...blocks, ...(spelling.begin ? ["spelling" as const] : [])];
  const self = useRef<HTMLDivElement>(null), at = useSignal<Stop>(all[0]!);
  const go = (to: number) => {
    at.value = all[(to + all.length) % all.length]!;
    self.current?.querySelector<HTMLElement>(`[data-tool="${at.value}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const now = all.indexOf(at.value), rtl = self.current !== null && getComputedStyle(self.current).direction === "rtl";
    const to = { ArrowRight: now + (rtl ? -1 : 1), ArrowLeft: now + (rtl ? 1 : -1), Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  };
  const button = (tool: Tool) => (
    <button type="button" key={tool} class="btn plain small" data-tool={tool} title={t(`editor.tool.${tool}`)} aria-label={t(`editor.tool.${tool}`)} tabIndex={tool === at.value ? 0 : -1}
      disabled={!ready} onFocus={() => { at.value = tool; }} onPointerDown={(event) => event.preventDefault()} onClick={() => onUse(tool)}>
      <Icon of={icons[tool]} />{isBlock(tool) && <span aria-hidden="true">{t(`editor.block.${tool}`)}</span>}
    </button>
  );
  return (
    <div class="tools" role="toolbar" aria-label={t("editor.tools")} ref={self} onKeyDown={onKeyDown}>
      <span class="group">{marks.map(button)}</span>
      <span class="group">{references.map(button)}</span>
      <span class="group">{blocks.map(button)}</span>
      {spelling.begin && (
        <span class="group">
          <button type="button" class="btn plain small" data-tool="spelling" title={t("spelling.tool")} aria-pressed={on} tabIndex={at.value === "spelling" ? 0 : -1}
            disabled={!ready} onFocus={() => { at.value = "spelling"; }} onPointerDown={(event) => event.preventDefault()} onClick={() => spelling.toggle()}>
            <Icon of={SpellCheck} /><span>{t("spelling.switch")}</span>
          </button>
        </span>
      )}
    </div>
  );
}
