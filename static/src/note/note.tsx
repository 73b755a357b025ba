// The text of a card as it is to be shown. The server renders it; until that is
// there, and when it cannot be, the text stands as it was typed. While somebody
// writes in it, the last that was rendered stays until the next is there.
import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { label } from "../card/place-forms.tsx";
import type { KnownCard } from "../state/model.ts";
import { useTable, type Table } from "../state/table.ts";
import { t, type Key } from "../words/words.ts";
import { dress, lay, type Pointed } from "./dress.ts";
import { Renderings } from "./renderings.ts";
import "./note.css";

export function Note({ card }: { card: KnownCard }) {
  const html = useRendered(card);
  return html === undefined
    ? <p class="note typed" data-note="typed" translate={false}>{card.text.body}</p>
    : <Rendered html={html} />;
}

function Rendered({ html }: { html: string }) {
  const table = useTable(), self = useRef<HTMLDivElement>(null);
  // Also when what it points to comes, goes or is called otherwise.
  const cards = [...html.matchAll(/data-card="(\w+)"/g)].map(([, id]) => pointedIn(table).card(id!) ?? "").join("\n");
  useLayoutEffect(() => lay(self.current!, dress(html, pointedIn(table))), [html, cards]);
  const follow = (event: MouseEvent) => {
    const to = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-to]")?.dataset.to : undefined;
    if (to !== undefined) table.show({ what: "card", card: to, task: "view" });
  };
  return <div class="note" data-note="rendered" translate={false} ref={self} onClick={follow} />;
}

function pointedIn(table: Table): Pointed {
  return {
    card: (id) => { const card = table.card(id); return card && label(card) },
    user: (id) => { const member = table.member(id); return member && `${member.name}, ${t(`role.${member.role}`)}` },
    kind: (kind) => t(`kind.${kind}` as Key),
  };
}

/** The newest rendering that is there; undefined before the first, and when the text cannot be rendered. */
function useRendered({ id, text: { base } }: KnownCard): string | undefined {
  const table = useTable();
  const html = useSignal<string | undefined>(undefined);
  const renderings = useRef<Renderings | undefined>(undefined);
  useEffect(() => {
    const own = renderings.current = new Renderings(() => table.live.render(id), (question) => table.live.forget(question), (rendered) => { html.value = rendered; });
    return () => own.stop();
  }, [id]);
  useEffect(() => renderings.current?.want(base), [id, base]);
  return html.value;
}
