// What one typed line asks for: a card of my own, or one that is written for a
// colleague: "@Daan: ...".

/** label is what the name is typed as. */
export interface Colleague { user: string; label: string }

export type Line =
  | { what: "empty" }
  | { what: "card"; title: string }
  | { what: "asked"; colleague: Colleague; title: string }
  /** An @ without a name that is known, or without the colon after it. */
  | { what: "unclear" };

export function readLine(typed: string, colleagues: Colleague[]): Line {
  const text = typed.trim();
  if (text === "") return { what: "empty" };
  if (!text.startsWith("@")) return { what: "card", title: text };
  const rest = text.slice(1).trimStart();
  for (const colleague of byLength(colleagues)) {
    if (!startsWith(rest, colleague.label)) continue;
    const after = rest.slice(colleague.label.length).trimStart();
    if (after.startsWith(":")) return { what: "asked", colleague, title: after.slice(1).trim() };
  }
  return { what: "unclear" };
}

/** Who is meant while the name is being typed; none once the colon stands there. */
export function completions(typed: string, colleagues: Colleague[]): Colleague[] {
  const text = typed.trimStart();
  if (!text.startsWith("@") || readLine(typed, colleagues).what === "asked") return [];
  const begun = text.slice(1).trimStart();
  return colleagues.filter((colleague) => startsWith(colleague.label, begun));
}

/** The line as it is once the colleague was picked. */
export function complete(colleague: Colleague): string { return `@${colleague.label}: ` }

// Of two names of which one begins with the other, the longer one is meant.
function byLength(colleagues: Colleague[]): Colleague[] {
  return [...colleagues].sort((a, b) => b.label.length - a.label.length);
}

function startsWith(text: string, begin: string): boolean { return text.toLocaleLowerCase().startsWith(begin.toLocaleLowerCase()) }
