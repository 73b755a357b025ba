// The text of a card as it is to be shown. The server renders it; until that is
// there, and when it cannot be, the text stands as it was typed.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { KnownCard } from "../state/model.ts";
import { useTable } from "../state/table.ts";
import "./note.css";

export function Note({ card }: { card: KnownCard }) {
  const html = useRendered(card);
  return html === undefined
    ? <p class="note typed" data-note="typed" translate={false}>{card.text.body}</p>
    : <div class="note" data-note="rendered" translate={false} dangerouslySetInnerHTML={{ __html: html }} />;
}

/** Asks anew when the text is another one; undefined until that is rendered. */
function useRendered(card: KnownCard): string | undefined {
  const table = useTable();
  const answer = useSignal<{ base: string; html: string } | undefined>(undefined);
  const { id, text: { base } } = card;
  useEffect(() => {
    let current = true;
    const asked = table.live.render(id);
    void asked.told.then((told) => {
      if (current && !told.error) answer.value = { base: told.base ?? "", html: told.html };
    });
    return () => {
      current = false;
      table.live.forget(asked.id);
    };
  }, [id, base]);
  return answer.value?.base === base ? answer.value.html : undefined;
}
