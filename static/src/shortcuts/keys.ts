// Which single key does what, outside fields.

export type Shortcut = { do: "new" | "next-person" | "filter" | "undo" | "blank" | "help" } | { do: "person"; at: number };

interface Pressed { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean; repeat?: boolean; isComposing?: boolean }

/** typing: the focus is where letters are text. */
export function shortcutOf(pressed: Pressed, typing: boolean): Shortcut | undefined {
  if (typing || pressed.ctrlKey || pressed.metaKey || pressed.altKey || pressed.repeat || pressed.isComposing) return undefined;
  switch (pressed.key) {
    case "n": return { do: "new" };
    case "f": return { do: "next-person" };
    case "/": return { do: "filter" };
    case "u": return { do: "undo" };
    case "b": return { do: "blank" };
    case "?": return { do: "help" };
  }
  return /^[1-9]$/.test(pressed.key) ? { do: "person", at: Number(pressed.key) - 1 } : undefined;
}

/** The person after the one who is forward; nobody after the last. */
export function nextPerson(family: string[], forward: string | undefined): string | undefined {
  return family[forward === undefined ? 0 : family.indexOf(forward) + 1];
}
