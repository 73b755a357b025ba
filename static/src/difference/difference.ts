// What is different between two texts, for people: by lines first, and within
// the lines that differ by words. Both texts can be read back from it.
import type { Changes } from "../protocol.ts";

export type Part = { what: "same" | "gone" | "added"; text: string };

const most = 6_000_000; // cells of a table; what takes more has changed as a whole

/** The parts in order; nothing is empty, and no two of a kind follow each other. */
export function difference(was: string, now: string): Part[] {
  const parts = compared(lines(was), lines(now));
  const found: Part[] = [];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!, next = parts[i + 1];
    if (part.what !== "gone" || next?.what !== "added") { found.push(part); continue; }
    found.push(...compared(words(part.text), words(next.text)));
    i++;
  }
  return joined(withoutSpecks(found));
}

/** The same as a change of the text that was: what is the same in both is left alone. */
export function changes(parts: Part[]): Changes {
  const sections: Changes = [];
  for (const { what, text } of parts) {
    const last = sections.at(-1);
    if (what === "same") sections.push(text.length);
    else if (what === "gone") sections.push([text.length]);
    else if (Array.isArray(last)) last.push(...text.split("\n"));
    else sections.push([0, ...text.split("\n")]);
  }
  return sections;
}

function lines(text: string): string[] { return text.match(/[^\n]*\n|[^\n]+$/g) ?? [] }
// What is joined to one emoji stays with it.
function words(text: string): string[] { return text.match(/[\p{L}\p{M}\p{N}]+|\s+|[^\p{L}\p{M}\p{N}\s](?:[\u{1f3fb}-\u{1f3ff}\ufe0f]|\u200d\S)*/gu) ?? [] }

// By the longest sequence that both have, between what both begin and end with.
function compared(was: string[], now: string[]): Part[] {
  let start = 0, end = 0;
  const shorter = Math.min(was.length, now.length);
  while (start < shorter && was[start] === now[start]) start++;
  while (end < shorter - start && was[was.length - 1 - end] === now[now.length - 1 - end]) end++;
  return joined([
    ...said("same", was.slice(0, start)),
    ...middle(was.slice(start, was.length - end), now.slice(start, now.length - end)),
    ...said("same", was.slice(was.length - end)),
  ]);
}

function middle(was: string[], now: string[]): Part[] {
  const width = now.length + 1;
  if (was.length === 0 || now.length === 0 || (was.length + 1) * width > most) return [...said("gone", was), ...said("added", now)];
  const longest = new Uint16Array((was.length + 1) * width); // of what follows
  for (let i = was.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      longest[i * width + j] = was[i] === now[j] ? longest[(i + 1) * width + j + 1]! + 1
        : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!);
    }
  }
  const parts: Part[] = [];
  for (let i = 0, j = 0; i < was.length || j < now.length;) {
    if (i < was.length && was[i] === now[j]) {
      parts.push({ what: "same", text: was[i++]! });
      j++;
    } else if (j >= now.length || (i < was.length && longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!)) parts.push({ what: "gone", text: was[i++]! });
    else parts.push({ what: "added", text: now[j++]! });
  }
  return parts;
}

function said(what: Part["what"], tokens: string[]): Part[] { return tokens.length > 0 ? [{ what, text: tokens.join("") }] : [] }

// A blank alone between two changes keeps nobody's place: it changed with them.
function withoutSpecks(parts: Part[]): Part[] {
  return parts.flatMap((part, i) => {
    const speck = part.what === "same" && /^[^\S\n]+$/.test(part.text) && parts[i - 1] && parts[i + 1] && parts[i - 1]!.what !== "same" && parts[i + 1]!.what !== "same";
    return speck ? [{ what: "gone", text: part.text } as Part, { what: "added", text: part.text } as Part] : [part];
  });
}

// What goes stands before what comes in its place.
function joined(parts: Part[]): Part[] {
  const found: Part[] = [];
  let gone = "", added = "";
  const settle = () => {
    if (gone) found.push({ what: "gone", text: gone });
    if (added) found.push({ what: "added", text: added });
    gone = added = "";
  };
  for (const { what, text } of parts) {
    if (what === "gone") gone += text;
    else if (what === "added") added += text;
    else {
      settle();
      const last = found.at(-1);
      if (last?.what === "same") last.text += text;
      else found.push({ what, text });
    }
  }
  settle();
  return found;
}
