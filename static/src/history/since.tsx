// What was written since I looked last, marked in the text itself; put away it
// is the note again.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Difference } from "../difference/difference.tsx";
import { Refusal } from "../refusal/refusal.tsx";
import type { KnownCard } from "../state/model.ts";
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";
import { useVersion } from "./use-history.ts";
import { circle } from "./versions.ts";

export interface Since {
  /** The version that the text is compared with. */
  version: string | undefined;
  show(version: string): void;
  hide(): void;
  /** Forgets the version unless it is one of these. */
  keep(versions: string[]): void;
}

/** Nothing of a version outlives a change of who may read the card. */
export function useSince(card: KnownCard): Since {
  const now = circle(card, useTable().person(card.person));
  const shown = useSignal<{ version: string; circle: string } | undefined>(undefined);
  const version = shown.value?.circle === now ? shown.value.version : undefined;
  return {
    version,
    show: (id) => { shown.value = { version: id, circle: now }; },
    hide: () => { shown.value = undefined; },
    keep: (ids) => { if (shown.peek() && !ids.includes(shown.peek()!.version)) shown.value = undefined; },
  };
}

export function NewSince({ card, version, onHide }: { card: KnownCard; version: string; onHide: () => void }) {
  const told = useVersion(card.id, version);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    // What opened it is gone while it is shown.
    return () => document.querySelector<HTMLElement>(".history h3")?.focus();
  }, []);
  return (
    <div class="since" data-since={told ? "told" : ""}>
      <div class="row">
        <h4 tabIndex={-1} ref={heading}>{t("version.since")}</h4>
        <button type="button" class="btn small" data-act="since-away" onClick={onHide}>{t("version.since_away")}</button>
      </div>
      {told?.error ? <Refusal error={told.error} /> : told ? <Difference was={told.body} now={card.text.body} /> : <p class="soft" role="status">{t("version.busy")}</p>}
    </div>
  );
}
