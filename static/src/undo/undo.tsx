// Taking back my own last change, step by step. The button says what pressing
// it will do; afterwards a calm line says what was done.
import { Undo2 } from "lucide";
import { Icon } from "../icon/icon.tsx";
import { code } from "../ids.ts";
import type { Undo } from "../protocol.ts";
import { Refusal } from "../refusal/refusal.tsx";
import { useDeed } from "../state/deed.ts";
import type { Model } from "../state/model.ts";
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";
import { isDone, willDo } from "./words.ts";
import "./undo.css";

export function UndoButton({ undo, model }: { undo: Undo; model: Model }) {
  const table = useTable(), deed = useDeed();
  const takeBack = async () => {
    const done = t("undo.done", { what: isDone(undo, model), code: code(undo.card) });
    if ((await deed.run("undo", { command: undo.command })).ok) table.tell(done);
  };
  return (
    <>
      <button type="button" class="btn undo" data-act="undo" aria-disabled={deed.busy.value} onClick={() => { if (!deed.busy.value) void takeBack(); }}>
        <Icon of={Undo2} />
        <span><span class="act">{t("undo.act")}</span><span class="visually-hidden">: </span><small translate={false}>{t("undo.of", { what: willDo(undo, model), code: code(undo.card) })}</small></span>
      </button>
      <Refusal error={deed.error.value} />
    </>
  );
}
