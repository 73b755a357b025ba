// One hint at a time, in a strip that covers nothing of the board.
import { CircleHelp, Lightbulb } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../icon/icon.tsx";
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";
import { hintNames } from "./state.ts";
import "./hints.css";

export function HintStrip() {
  const hints = useTable().hints;
  const left = hints.left.value, hint = left[0];
  const strip = useRef<HTMLElement>(null);
  const within = useRef(false);
  // Who put the last one away goes on with the board, not at the top of the page.
  useEffect(() => {
    if (hint === undefined && within.current) document.querySelector<HTMLElement>(`[data-act="hints"]`)?.focus();
  }, [hint]);
  if (hint === undefined) return null;
  const putAway = (which: typeof left) => {
    within.current = strip.current?.contains(document.activeElement) ?? false;
    hints.putAway(which);
  };
  return (
    <section class="hints" ref={strip} aria-label={t("hint.title")} data-hint={hint}
      onKeyDown={(event) => { if (event.key === "Escape") { event.stopPropagation(); putAway([hint]); } }}>
      <p aria-live="polite">
        <Icon of={Lightbulb} /> <span class="nth">{t("hint.nth", { n: hintNames.indexOf(hint) + 1, of: hintNames.length })}</span> <span>{t(`hint.${hint}`)}</span>
      </p>
      <div class="row">
        <button type="button" class="btn small" data-act="hint-seen" onClick={() => putAway([hint])}>{t("hint.seen")}</button>
        {left.length > 1 && <button type="button" class="btn plain small" data-act="hints-away" onClick={() => putAway(left)}>{t("hint.away")}</button>}
      </div>
    </section>
  );
}

/** Brings the hints back. */
export function HintsButton() {
  const hints = useTable().hints;
  if (hints.left.value.length > 0) return null;
  return (
    <button type="button" class="btn plain" data-act="hints" title={t("hint.again")} onClick={() => hints.showAgain()}>
      <Icon of={CircleHelp} /> <span class="wide">{t("hint.again")}</span>
    </button>
  );
}
