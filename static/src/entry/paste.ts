// Several lines that are pasted become several cards, once they were looked at.

export interface Pasted { title: string; text: string }

/** How many lines can be pasted at once. */
export const mostLines = 50;
const titleLimit = 200; // characters, as the server counts them

// What a list puts before its lines: a bullet, a number, a letter, a box to tick.
const bullet = /^\s*(?:[-*•‣◦▪–—·]\s+|\d{1,3}[.)]\s+|[a-z][.)]\s+|\[[ x]?\]\s+)+/i;
// What nobody can see or type, as word processors leave behind; joiners shape emoji and some scripts.
const unseen = /(?![\u200c\u200d])[\p{Cc}\p{Cf}]/gu;

/** The lines of a pasted text that say something, each as a card. */
export function linesOf(pasted: string): Pasted[] {
  return pasted.split(/\r\n|[\r\n\u2028\u2029]/)
    .map((line) => line.replace(/\t/g, " ").replace(unseen, "").replace(bullet, "").trim())
    .filter((line) => line !== "")
    .map(toCard);
}

/** Of a line that is too long for a title the whole goes to the text. */
function toCard(line: string): Pasted {
  const characters = [...line];
  if (characters.length <= titleLimit) return { title: line, text: "" };
  const begin = characters.slice(0, titleLimit - 1).join("");
  const word = begin.search(/\s+\S*$/);
  return { title: `${(word > titleLimit / 2 ? begin.slice(0, word) : begin).trimEnd()}…`, text: line };
}
