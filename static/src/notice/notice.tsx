// One quiet line at a fixed place: what somebody else just did. It takes no
// focus, moves nothing and goes by itself.
import { useEffect, useRef } from "preact/hooks";
import { code } from "../ids.ts";
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";
import { mark } from "./mark.ts";
import "./notice.css";

const stays = 15_000; // milliseconds

export function Notice() {
  const table = useTable();
  const self = useRef<HTMLDivElement>(null);
  const said = table.said.value, changed = table.changed.value;
  useEffect(() => {
    if (!said) return;
    const gone = () => {
      // Whoever is on its button is not left nowhere.
      if (self.current?.contains(document.activeElement)) timer = setTimeout(gone, stays);
      else table.said.value = "";
    };
    let timer = setTimeout(gone, stays);
    return () => clearTimeout(timer);
  }, [said]);
  useEffect(() => { mark(changed); }, [changed]);
  const card = said && changed.length === 1 ? table.card(changed[0]!) : undefined;
  return (
    <div class="said" ref={self}>
      <p aria-live="polite" data-said="" translate={false}>{said}</p>
      {card && (
        <button type="button" class="link" data-act="see" aria-label={t("notice.see_card", { code: code(card.id) })}
          onClick={() => table.show({ what: "card", card: card.id, task: "view" })}>{t("notice.see")}</button>
      )}
    </div>
  );
}
