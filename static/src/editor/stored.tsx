// Whether what I typed is stored, in one quiet word.
import { useTable } from "../state/table.ts";
import { t, type Key } from "../words/words.ts";
import type { Writing } from "./writing.ts";

export function Stored({ writing }: { writing: Writing }) {
  const table = useTable();
  const offline = table.connection.value !== "live" && table.connection.value !== "saving";
  const state = writing.stored.value ? "stored" : offline ? "offline" : "storing";
  return <span class="stored soft small" role="status" data-stored={state}>{t(`editor.${state}` as Key)}</span>;
}
