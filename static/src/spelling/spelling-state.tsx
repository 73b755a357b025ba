// How it stands with the list of words, in one quiet line below the toolbar.
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";

/** own: the card tells somebody's own words, which are left as they were said. */
export function SpellingState({ own }: { own: boolean }) {
  const state = useTable().spelling.state.value;
  return (
    <div role="status" data-spelling={state}>
      {state === "loading" && <p class="soft small">{t("spelling.loading")}</p>}
      {state === "on" && <p class={own ? "soft small" : "visually-hidden"}>{t(own ? "spelling.own" : "spelling.on")}</p>}
      {state === "failed" && <p class="notice">{t("spelling.failed")}</p>}
    </div>
  );
}
