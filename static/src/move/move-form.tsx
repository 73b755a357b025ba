// "Verplaats…": the same move as by dragging, for keys, for a thumb and for
// those who do not see the board. First the column, then the place in it.
import { useComputed, useSignal } from "@preact/signals";
import { DialogForm } from "../dialog/dialog.tsx";
import { code } from "../ids.ts";
import { useDeed } from "../state/deed.ts";
import { onBoard, type KnownCard } from "../state/model.ts";
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";
import { aftersOf } from "./lay.ts";
import { cardTitle } from "./words.ts";

interface Props { card: KnownCard; onBack: () => void; onDone: () => void }

export function MoveForm({ card, onBack, onDone }: Props) {
  const table = useTable(), deed = useDeed();
  const model = table.moves.shown.value;
  const column = useSignal(card.col);
  // The card after which it is to come; undefined until another place is chosen.
  const chosen = useSignal<string | undefined>(undefined);
  const others = useComputed(() => (table.moves.shown.value ? onBoard(table.moves.shown.value, column.value).filter((other) => other.id !== card.id) : []));
  if (!model) return null;
  const now = behind(onBoard(model, card.col), card.id);
  const start = column.value === card.col ? now : others.value.at(-1)?.id ?? "";
  const after = chosen.value !== undefined && (chosen.value === "" || others.value.some((other) => other.id === chosen.value)) ? chosen.value : start;

  function save() {
    const order = others.value.map((other) => other.id), next = order[order.indexOf(after) + 1];
    void table.moves.move({ card: card.id, column: column.value, afters: aftersOf(model!, card.id, column.value, next) });
    onDone();
  }
  const here = (place: string) => (column.value === card.col && place === now ? ` (${t("move.now")})` : "");
  return (
    <DialogForm deed={deed} onSubmit={save} confirm={t("move.confirm")} ready={model.order[column.value] !== undefined} onBack={onBack}>
      <p class="move-what" translate={false}>{cardTitle(card)}</p>
      <Radios name="column" legend={t("card.column")} value={column.value} wide={false} onPick={(v) => { column.value = v; chosen.value = undefined; }}
        choices={model.columns.map((c) => ({ value: c.id, label: c.title || t("column.redacted") }))} />
      <Radios name="after" legend={t("column.place")} value={after} wide onPick={(v) => { chosen.value = v; }}
        choices={[{ value: "", label: t("column.first") + here("") },
          ...others.value.map((other) => ({ value: other.id, label: `${t("move.after", { title: cardTitle(other), code: code(other.id) })}${here(other.id)}` }))]} />
    </DialogForm>
  );
}

interface RadiosProps { name: string; legend: string; value: string; wide: boolean; choices: { value: string; label: string }[]; onPick: (value: string) => void }

function Radios({ name, legend, value, wide, choices, onPick }: RadiosProps) {
  return (
    <fieldset class={wide ? "field places" : "field places beside"}>
      <legend>{legend}</legend>
      {choices.map((choice) => (
        <label key={choice.value} translate={false}>
          <input type="radio" name={name} value={choice.value} checked={choice.value === value} onChange={() => onPick(choice.value)} autofocus={!wide && choice.value === value} />
          <span>{choice.label}</span>
        </label>
      ))}
    </fieldset>
  );
}

function behind(cards: KnownCard[], id: string): string { return cards[cards.findIndex((card) => card.id === id) - 1]?.id ?? "" }
