// The words that the list does not know, as lines of the list below the editor:
// what could be meant comes when somebody asks for it, and one press lets a word
// stand. Nothing is changed that nobody chose.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";
import type { Misspelt } from "./misspelt.ts";
import "./spelling.css";

const most = 3; // at first

export interface Respelling { misspelt: Misspelt; respell(word: string, instead: string): void }

/** leave: does what takes a line away, and sees to where the focus goes. */
export function SpellingHints({ misspelt, respell, leave }: Respelling & { leave: (act: () => void) => void }) {
  const { spelling } = useTable(), all = useSignal(false);
  const words = misspelt.words.value, ahead = misspelt.ahead.value;
  const ordered = ahead !== undefined && words.includes(ahead) ? [ahead, ...words.filter((word) => word !== ahead)] : words;
  const shown = all.value ? ordered : ordered.slice(0, most);
  const away = (act: () => void) => leave(() => {
    misspelt.ask(undefined);
    act();
  });
  return (
    <>
      {shown.map((word) => (
        <SpellingHint key={word} word={word} open={misspelt.open.value === word} ahead={word === ahead} onOpen={(open) => { misspelt.open.value = open ? word : undefined; }}
          onChoose={(instead) => away(() => respell(word, instead))} onLetStand={() => away(() => spelling.letStand(word))} />
      ))}
      {shown.length < words.length && (
        <li key="" class="rest"><button type="button" class="btn plain small" data-act="all-misspelt" onClick={() => leave(() => { all.value = true; })}>{t("spelling.all", { n: words.length })}</button></li>
      )}
    </>
  );
}

interface Line { word: string; open: boolean; ahead: boolean; onOpen: (open: boolean) => void; onChoose: (instead: string) => void; onLetStand: () => void }

function SpellingHint({ word, open, ahead, onOpen, onChoose, onLetStand }: Line) {
  const { spelling } = useTable(), self = useRef<HTMLLIElement>(null);
  const found = useSignal<string[] | undefined>(undefined);
  useEffect(() => {
    let here = true;
    found.value = undefined;
    if (open) void spelling.instead(word).then((words) => { if (here) found.value = words; });
    return () => { here = false; };
  }, [word, open]);
  // Who asked goes on with what was found.
  useEffect(() => {
    if (found.value && self.current?.querySelector("[data-act=suggest]") === document.activeElement) self.current?.querySelector<HTMLElement>("[data-act=respell]")?.focus();
  }, [found.value]);
  return (
    <li class="misspelt" ref={self} data-misspelt={word} data-ahead={ahead ? "" : undefined}>
      <span class="about"><span class="word" lang="nl" translate={false}>{word}</span>{" "}{t("spelling.unknown")}</span>
      <span class="acts">
        <button type="button" class="btn plain small" data-act="suggest" aria-expanded={open} aria-label={t("spelling.suggest_of", { word })} onClick={() => onOpen(!open)}>{t("spelling.suggest")}</button>
        <button type="button" class="btn plain small" data-act="let-stand" aria-label={t("wording.let_stand_of", { word })} onClick={onLetStand}>{t("wording.let_stand")}</button>
      </span>
      {open && (
        <span class="instead" role="group" aria-label={t("spelling.suggest_of", { word })}>
          {found.value?.map((instead) => (
            <button type="button" key={instead} class="btn small" data-act="respell" lang="nl" translate={false} onClick={() => onChoose(instead)}>{instead}</button>
          ))}
          <span role="status">{found.value?.length === 0 && t("spelling.none")}</span>
        </span>
      )}
    </li>
  );
}
