// Where a note tells what somebody said in their own words: between quotation
// marks, in a quotation of markdown, in a block of own words. And where words
// stand that nobody chose.

/** From where up to where. */
export type Range = [number, number];

/** In no order; the ranges may overlap. */
export function spoken(text: string): Range[] { return [...blocks(text), ...quotations(text)] }

/** ::: woorden up to its end, code, and lines that begin with >. */
function blocks(text: string): Range[] {
  const found: Range[] = [];
  let at = 0;
  let open: { fence: string; from: number; own: boolean } | undefined;
  for (const line of text.split("\n")) {
    const end = at + line.length;
    const fence = /^ {0,3}(:{3,}|`{3,}|~{3,}) *([\p{L}]*) *$/u.exec(line) ?? /^ {0,3}(`{3,}|~{3,})/.exec(line);
    const mark = fence?.[1]?.slice(0, 3), name = fence?.[2] ?? "";
    if (open && mark === open.fence && name === "") {
      if (open.own) found.push([open.from, end]);
      open = undefined;
    } else if (!open && mark !== undefined && (mark !== ":::" || name !== "")) {
      open = { fence: mark, from: at, own: mark !== ":::" || name.toLowerCase() === "woorden" };
    } else if (/^ {0,3}>/.test(line)) {
      found.push([at, end]);
    }
    at = end + 1;
  }
  if (open?.own) found.push([open.from, text.length]);
  return found;
}

// A mark opens before a word and closes after one, within the paragraph. An
// apostrophe does neither: 's avonds, oma's, foto's.
const marks = [
  /[“„"”«](?=\S)[^“„”"«»\n]*(?:\n(?!\s*\n)[^“„”"«»\n]*)*?["”“»]/gu,
  /(?<![\p{L}\p{N}])[‘‚'](?![snt]\s)(?=\S)[^‘\n]{1,400}?(?<=\S)[’'](?![\p{L}\p{N}])/gu,
];

function quotations(text: string): Range[] {
  return marks.flatMap((mark) => [...text.matchAll(mark)].map((match): Range => [match.index, match.index + match[0].length]));
}

/** Of the web and of mail. */
export function addresses(text: string): Range[] {
  return [...text.matchAll(/\b(?:https?:\/\/|www\.)[^\s<>]+|[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}.-]{1,255}/gu)].map((match) => [match.index, match.index + match[0].length]);
}
