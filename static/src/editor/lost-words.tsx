// What I typed in a note and could not be stored: my own words, to copy, where I
// typed them. They stand on the board as well.
import { CopyableText } from "../dialog/field.tsx";
import type { Refused } from "../refused/refused.ts";
import { useTable, type Table } from "../state/table.ts";
import { t, tOr } from "../words/words.ts";

export function lostWords(table: Table, card: string): Refused[] {
  return table.refused.shown.value.filter(({ message }) => message.cmd === "write_note" && message.with.card === card);
}

export function LostWords({ id }: { id: string }) {
  const table = useTable();
  return (
    <div role="status">
      {lostWords(table, id).map(({ message, error, own }) => (
        <div key={message.id} class="notice stack" data-lost="">
          <p>{tOr(`reason.${error?.reason}`, "reason.other")}</p>
          <CopyableText label={t("conflict.mine")} text={own.join("\n")}>
            <button type="button" class="btn" data-act="dismiss" onClick={() => table.refused.drop(message.id)}>{t("refused.dismiss")}</button>
          </CopyableText>
        </div>
      ))}
    </div>
  );
}
