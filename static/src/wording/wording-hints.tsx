// Says quietly, below a field, which words the field would rather not use, why,
// and what could be written instead. Nothing is forbidden, and one press lets
// the words stand. Below the text of a note, the words that are spelt otherwise
// than the list has them are in the same list.
import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Kind } from "../protocol.ts";
import { SpellingHints, type Respelling } from "../spelling/spelling-hints.tsx";
import { useTable } from "../state/table.ts";
import { count, t } from "../words/words.ts";
import type { Found } from "./find.ts";
import { fieldBefore, leaving } from "./leaving.ts";
import "./wording.css";

const pause = 500; // milliseconds without a key: nobody is told of half a word
const most = 3; // more than that is no hint

export function WordingHints({ texts, kind, spelling }: { texts: string[]; kind: Kind | undefined; spelling?: Respelling }) {
  const wording = useTable().wording;
  const typed = texts.join("\n\n"), paused = useSignal(typed);
  const place = useRef<HTMLDivElement>(null), leave = leaving(place);
  useEffect(() => {
    const timer = setTimeout(() => { paused.value = typed; }, pause);
    return () => clearTimeout(timer);
  }, [typed]);
  const led = wording.led.value, followed = useRef(led), came = useRef(false);
  const found = once(wording.in(led === followed.current ? paused.value : typed, kind));
  useLayoutEffect(() => {
    if (led === followed.current) return;
    followed.current = led;
    came.current = true;
    paused.value = typed;
    (place.current?.querySelector<HTMLElement>("[data-ahead] button") ?? place.current?.querySelector("button"))?.focus();
  }, [led]);

  // Who came here from the text goes back to it, and not out of the dialog.
  function back(event: KeyboardEvent) {
    if (event.key !== "Escape" || !came.current) return;
    event.preventDefault();
    fieldBefore(place.current)?.focus();
  }
  const misspelt = spelling?.misspelt.words.value.length ?? 0;
  return (
    <div class="wording-place" ref={place} onKeyDown={back}>
      <p class="visually-hidden" role="status">{[found.length > 0 && count("wording.count", found.length), misspelt > 0 && count("spelling.count", misspelt)].filter(Boolean).join(" ")}</p>
      {found.length + misspelt > 0 && (
        <ul class="wording" aria-label={t(misspelt > 0 ? "spelling.list" : "wording.title")} data-wording={found.length} data-spelt={misspelt}>
          {found.slice(0, most).map((one) => <li key={`hint ${one.word}`}><WordingHint found={one} onLetStand={() => leave(() => wording.letStand(one.hint))} /></li>)}
          {found.length > most && <li key="more" class="soft">{t("wording.more", { n: found.length - most })}</li>}
          {spelling && misspelt > 0 && <SpellingHints {...spelling} leave={leave} />}
        </ul>
      )}
    </div>
  );
}

/** One hint: the file is in Dutch whatever the language of the page is. */
export function WordingHint({ found, onLetStand }: { found: Found; onLetStand: () => void }) {
  return (
    <>
      <span class="about">
        <span class="word" translate={false}>{found.word}</span>: <span lang="nl">{found.hint.why}</span>{" "}
        <span class="instead">{t("wording.instead")} <span lang="nl">{found.hint.instead.join(" · ")}</span></span>
      </span>
      <button type="button" class="btn plain small" data-act="let-stand" aria-label={t("wording.let_stand_of", { word: found.word })} onClick={onLetStand}>{t("wording.let_stand")}</button>
    </>
  );
}

/** Each reason once, with the first words that gave it. */
export function once(found: Found[]): Found[] {
  return found.filter((one, i) => found.findIndex((other) => other.hint === one.hint) === i);
}
