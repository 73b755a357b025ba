// When a right is withdrawn while I write, only what I typed myself may stay:
// the words of my text that were not in the text I started from.

const most = 4_000_000; // cells of the table below; beyond that whole lines are compared

/** The runs of words that I added, joined by an ellipsis; "" when I added none. */
export function ownWords(base: string, mine: string): string {
  if (base.trim() === "") return mine.trim();
  const before = base.match(/\s+|\S+/g) ?? [];
  const after = mine.match(/\s+|\S+/g) ?? [];
  const kept = before.length * after.length <= most ? common(before, after) : new Set<number>();
  if (kept.size === 0 && before.length * after.length > most) return newLines(base, mine);
  const runs: string[] = [];
  let run = "";
  after.forEach((token, i) => {
    if (kept.has(i)) {
      if (run.trim()) runs.push(run.trim());
      run = "";
    } else run += token;
  });
  if (run.trim()) runs.push(run.trim());
  return runs.join(" … ");
}

/** The positions in after that a longest common subsequence keeps. */
function common(before: string[], after: string[]): Set<number> {
  const width = after.length + 1;
  const length = new Uint16Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      length[i * width + j] = before[i] === after[j]
        ? length[(i + 1) * width + j + 1]! + 1
        : Math.max(length[(i + 1) * width + j]!, length[i * width + j + 1]!);
    }
  }
  const kept = new Set<number>();
  for (let i = 0, j = 0; i < before.length && j < after.length;) {
    if (before[i] === after[j]) {
      kept.add(j);
      i++;
      j++;
    } else if (length[(i + 1) * width + j]! >= length[i * width + j + 1]!) i++;
    else j++;
  }
  return kept;
}

function newLines(base: string, mine: string): string {
  const old = new Set(base.split("\n"));
  return mine.split("\n").filter((line) => line.trim() && !old.has(line)).join("\n");
}
