// Says quietly, below a field, which words the field would rather not use, why,
// and what could be written instead. Nothing is forbidden, and one press lets
// the words stand.
import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Kind } from "../protocol.ts";
import { useTable } from "../state/table.ts";
import { count, t } from "../words/words.ts";
import type { Found, Hint } from "./find.ts";
import "./wording.css";

const pause = 500; // milliseconds without a key: nobody is told of half a word
const most = 3; // more than that is no hint

export function WordingHints({ texts, kind }: { texts: string[]; kind: Kind | undefined }) {
  const wording = useTable().wording;
  const typed = texts.join("\n\n"), paused = useSignal(typed);
  const place = useRef<HTMLDivElement>(null);
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
    place.current?.querySelector<HTMLElement>("[data-act=let-stand]")?.focus();
  }, [led]);

  // Who came here from the text goes back to it, and not out of the dialog.
  function back(event: KeyboardEvent) {
    if (event.key !== "Escape" || !came.current) return;
    event.preventDefault();
    fieldBefore(place.current)?.focus();
  }
  function letStand(hint: Hint) {
    const focus = next(place.current);
    wording.letStand(hint);
    requestAnimationFrame(() => (focus?.isConnected ? focus : fieldBefore(place.current))?.focus());
  }
  return (
    <div class="wording-place" ref={place} onKeyDown={back}>
      <p class="visually-hidden" role="status">{found.length > 0 && count("wording.count", found.length)}</p>
      {found.length > 0 && (
        <ul class="wording" aria-label={t("wording.title")} data-wording={found.length}>
          {found.slice(0, most).map((one) => <li key={one.word}><WordingHint found={one} onLetStand={() => letStand(one.hint)} /></li>)}
          {found.length > most && <li class="soft">{t("wording.more", { n: found.length - most })}</li>}
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

// Where focus goes when the button that has it is gone: the next one, or the
// field that the hints are about.
function next(place: HTMLElement | null): HTMLElement | undefined {
  const buttons = [...(place?.querySelectorAll<HTMLElement>("[data-act=let-stand]") ?? [])];
  const at = buttons.findIndex((button) => button === document.activeElement);
  return buttons[at + 1] ?? buttons[at - 1];
}

function fieldBefore(place: HTMLElement | null): HTMLElement | null {
  for (let before = place?.previousElementSibling; before; before = before.previousElementSibling) {
    const fields = before.matches("input, textarea, [contenteditable=true]") ? [before] : [...before.querySelectorAll("input, textarea, [contenteditable=true]")];
    if (fields[0]) return fields[0] as HTMLElement;
  }
  return null;
}
