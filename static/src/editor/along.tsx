// Who writes along in this note, in words: the carets in the text are for the eye.
import { PenLine } from "lucide";
import { Icon } from "../icon/icon.tsx";
import { useTable } from "../state/table.ts";
import { count, list } from "../words/words.ts";

export function Along({ card }: { card: string }) {
  const table = useTable();
  const users = [...new Set(table.notes.carets.value.filter((caret) => caret.card === card).map((caret) => caret.user))].flatMap((user) => table.member(user)?.name ?? []);
  return <span class="along small" role="status" translate={false} data-along={users.length}>{users.length > 0 && <><Icon of={PenLine} /> {count("editor.along", users.length, { names: list(users) })}</>}</span>;
}
