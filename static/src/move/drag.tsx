// Moving by dragging. Cards are dragged, columns take them; what lies between
// two cards counts for the nearer place. The same is done with "Verplaats…".
import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import { draggable, dropTargetForElements, monitorForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { autoScrollForElements, autoScrollWindowForElements } from "@atlaskit/pragmatic-drag-and-drop-auto-scroll/element";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useTable, type Table } from "../state/table.ts";
import { t } from "../words/words.ts";
import { aftersOf } from "./lay.ts";
import { cardTitle, columnTitle } from "./words.ts";
import "./move.css";

/** The element of a card that can be dragged when it may be moved. */
export function useDraggable(card: string, may: boolean): RefObject<HTMLElement | null> {
  const self = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = self.current;
    if (!element || !may) return undefined;
    const mark = (on: boolean) => { element.toggleAttribute("data-dragging", on); };
    const stop = draggable({ element, getInitialData: () => ({ card }), onDragStart: () => mark(true), onDrop: () => mark(false) });
    return () => { stop(); mark(false); };
  }, [card, may]);
  return self;
}

/** The element of a column that takes cards; it shows where the card would go. */
export function useDropColumn(column: string): RefObject<HTMLElement | null> {
  const self = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = self.current, list = element?.querySelector<HTMLElement>(".cards");
    if (!element || !list) return undefined;
    const isCard = ({ source }: { source: { data: Record<string, unknown> } }) => typeof source.data.card === "string";
    const stop = combine(
      dropTargetForElements({
        element, canDrop: isCard,
        getData: ({ input }) => ({ column, before: cardBelow(list, input.clientY) }),
        onDrag: ({ self: target, source }) => show(list, target.data.before, source.data.card),
        onDragLeave: () => hide(list), onDrop: () => hide(list),
      }),
      autoScrollForElements({ element: list, canScroll: isCard, getAllowedAxis: () => "vertical" }),
    );
    return () => { stop(); hide(list); };
  }, [column]);
  return self;
}

/** Takes what is dropped, and scrolls the board at its edges meanwhile. */
export function Dropping({ board }: { board: RefObject<HTMLElement | null> }) {
  const table = useTable();
  useEffect(() => combine(
    monitorForElements({
      canMonitor: ({ source }) => typeof source.data.card === "string",
      onDrop: ({ source, location }) => drop(table, String(source.data.card), location.current.dropTargets[0]?.data),
    }),
    ...(board.current ? [autoScrollForElements({ element: board.current, getAllowedAxis: () => "horizontal" })] : []),
    autoScrollWindowForElements(),
  ), []);
  return null;
}

function drop(table: Table, card: string, where: Record<string, unknown> | undefined): void {
  const model = table.moves.shown.peek(), known = model?.cards[card];
  if (!model || !where) return;
  if (!known) return table.tell(t("move.card_gone"));
  const column = String(where.column);
  if (!model.order[column]) return table.tell(t("move.column_gone", { title: cardTitle(known), column: columnTitle(model, known.col) }));
  if (!table.rights.peek()?.mayCard("move", known)) return;
  void table.moves.move({ card, column, afters: aftersOf(model, card, column, typeof where.before === "string" ? where.before : undefined) });
}

// The filter leaves the cards it hides on the page.
const onScreen = "[data-card]:not([hidden])";

// The first card whose middle lies below the pointer; undefined: the end.
function cardBelow(list: HTMLElement, y: number): string | undefined {
  for (const card of list.querySelectorAll<HTMLElement>(onScreen)) {
    const { top, bottom } = card.getBoundingClientRect();
    if (y < (top + bottom) / 2) return card.dataset.card;
  }
  return undefined;
}

// A line before that card, or behind the last one; none where the card is already.
function show(list: HTMLElement, before: unknown, dragged: unknown): void {
  const cards = [...list.querySelectorAll<HTMLElement>(onScreen)];
  const at = cards.findIndex((card) => card.dataset.card === before), behind = cards[(at < 0 ? cards.length : at) - 1];
  const mark = at < 0 ? behind ?? list : cards[at]!, side = at < 0 && behind ? "after" : "before";
  const same = cards[at]?.dataset.card === dragged || behind?.dataset.card === dragged;
  if (!same && mark.dataset.drop === side) return;
  hide(list);
  if (!same) mark.dataset.drop = side;
}

function hide(list: HTMLElement): void {
  delete list.dataset.drop;
  for (const card of list.querySelectorAll<HTMLElement>("[data-drop]")) delete card.dataset.drop;
}
