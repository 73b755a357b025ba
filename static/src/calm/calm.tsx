// One quiet line at the foot of the page: what I did myself that does not show
// by itself, or why something stands elsewhere than I put it.
import { X } from "lucide";
import { useEffect } from "preact/hooks";
import { Icon } from "../icon/icon.tsx";
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";
import "./calm.css";

const shown = 12_000; // milliseconds; nothing in it is to be had only here

export function Calm() {
  const table = useTable();
  const told = table.told.value;
  useEffect(() => {
    if (told === "") return;
    const timer = setTimeout(() => table.tell(""), shown);
    return () => clearTimeout(timer);
  }, [told]);
  return (
    <>
      <p class="visually-hidden" aria-live="polite" data-moved="" translate={false}>{table.moves.moved.value}</p>
      <div class="calm" role="status" data-told="">
        {told && (
          <p>
            <span translate={false}>{told}</span>
            <button type="button" class="btn plain small" data-act="told-close" aria-label={t("act.close")} title={t("act.close")} onClick={() => table.tell("")}><Icon of={X} /></button>
          </p>
        )}
      </div>
    </>
  );
}
