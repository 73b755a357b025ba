// A gentle mark on cards that somebody else changed just now.

const most = 12; // more than that is not somebody's one act, and marks nothing

export function mark(cards: readonly string[]): void {
  if (cards.length > most || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  for (const id of cards) {
    const face = document.querySelector(`[data-card="${CSS.escape(id)}"]`);
    face?.animate([{ outline: "3px solid var(--accent)", outlineOffset: "0" }, { outline: "3px solid transparent", outlineOffset: "3px" }], { duration: 200, iterations: 2 });
  }
}
