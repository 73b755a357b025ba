// How it stands with the list of words, in one quiet line below the toolbar.
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";

export function SpellingState() {
  const state = useTable().spelling.state.value;
  return (
    <div role="status" data-spelling={state}>
      {state === "loading" && <p class="soft small">{t("spelling.loading")}</p>}
      {state === "on" && <p class="visually-hidden">{t("spelling.on")}</p>}
      {state === "failed" && <p class="notice">{t("spelling.failed")}</p>}
    </div>
  );
}
