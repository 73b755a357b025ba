// The difference of two texts, for when a text comes whole and what is not sent
// yet has to go on in it. By words, so that writing at one end does not touch
// what was written at the other.
import { ChangeSet } from "@codemirror/state";

const most = 1_000_000; // cells of the table below; beyond that the whole difference is replaced

interface Replaced { from: number; to: number; insert: string }

/** The change that makes the one text of the other. */
export function between(was: string, now: string): ChangeSet {
  let start = 0, end = 0;
  const shorter = Math.min(was.length, now.length);
  while (start < shorter && was[start] === now[start]) start++;
  while (end < shorter - start && was[was.length - 1 - end] === now[now.length - 1 - end]) end++;
  if (splits(was, start) || splits(now, start)) start--;
  if (splits(was, was.length - end) || splits(now, now.length - end)) end--;
  const before = tokens(was.slice(start, was.length - end)), after = tokens(now.slice(start, now.length - end));
  const changes = before.length * after.length > most
    ? [{ from: start, to: was.length - end, insert: now.slice(start, now.length - end) }]
    : replaced(before, after, start);
  return ChangeSet.of(changes.filter((change) => change.from < change.to || change.insert !== ""), was.length, "\n");
}

function tokens(text: string): string[] { return text.match(/\s|[^\s]+/g) ?? [] }

/** Whether a place is within a character of two units. */
export function splits(text: string, at: number): boolean {
  return /[\ud800-\udbff]/.test(text[at - 1] ?? "") && /[\udc00-\udfff]/.test(text[at] ?? "");
}

/** What stands between the words that a longest common subsequence keeps. */
function replaced(before: string[], after: string[], start: number): Replaced[] {
  const width = after.length + 1, length = new Uint16Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      length[i * width + j] = before[i] === after[j] ? length[(i + 1) * width + j + 1]! + 1
        : Math.max(length[(i + 1) * width + j]!, length[i * width + j + 1]!);
    }
  }
  const changes: Replaced[] = [];
  let now: Replaced = { from: start, to: start, insert: "" };
  for (let i = 0, j = 0; i < before.length || j < after.length;) {
    if (i < before.length && before[i] === after[j]) {
      changes.push(now);
      const next = now.to + before[i]!.length;
      now = { from: next, to: next, insert: "" };
      i++;
      j++;
    } else if (j >= after.length || (i < before.length && length[(i + 1) * width + j]! >= length[i * width + j + 1]!)) {
      now.to += before[i++]!.length;
    } else now.insert += after[j++]!;
  }
  changes.push(now);
  return changes;
}
