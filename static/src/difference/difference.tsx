// Two texts in one, as they were typed: what went is struck through, what came
// is underlined, and both are said in words to who listens.
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { count, t } from "../words/words.ts";
import { difference, type Part } from "./difference.ts";
import "./difference.css";

const shortest = 400; // characters of what stayed that are worth folding away
const around = 120; // characters of it that stay beside a change

export function Difference({ was, now }: { was: string; now: string }) {
  const parts = useMemo(() => difference(was, now), [was, now]);
  return (
    <div class="difference" translate={false} data-difference={parts.filter(({ what }) => what !== "same").length}>
      {parts.map((part, i) => (part.what === "same" ? <Same key={i} text={part.text} first={i === 0} last={i === parts.length - 1} /> : <Changed key={i} part={part} />))}
    </div>
  );
}

function Changed({ part }: { part: Part }) {
  const Tag = part.what === "gone" ? "del" : "ins";
  return (
    <Tag>
      <span class="visually-hidden">{t(`difference.${part.what === "gone" ? "gone" : "added"}`)} </span>
      {part.text}
      <span class="visually-hidden"> {t("difference.end")}</span>
    </Tag>
  );
}

/** What stayed the same; a long stretch of it is folded, up to the change before it and the one after. */
function Same({ text, first, last }: { text: string; first: boolean; last: boolean }) {
  const open = useSignal(false);
  const [head, tail] = [first ? "" : text.slice(0, whole(text, around)), last ? "" : text.slice(whole(text, text.length - around))];
  const folded = text.slice(head.length, text.length - tail.length);
  if (open.value || text.length < shortest || (first && last)) return <span>{text}</span>;
  return (
    <span>
      {head}
      <button type="button" class="link small fold" data-act="unfold" onClick={() => { open.value = true; }}>{count("difference.folded", words(folded))}</button>
      {tail}
    </span>
  );
}

// The end of the word that a place is in, so that nothing is cut within one.
function whole(text: string, at: number): number {
  const blank = /\s/.exec(text.slice(at));
  return blank ? at + blank.index : text.length;
}

function words(text: string): number { return text.match(/\S+/g)?.length ?? 0 }
