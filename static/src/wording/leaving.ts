// Where the focus goes when a line of the list below a field goes: to the line
// after it or before it, or to the field.
import type { RefObject } from "preact";

/** Does what takes away the line that has the focus, of the list in this place. */
export function leaving(place: RefObject<HTMLElement | null>): (act: () => void) => void {
  return (act) => {
    const focus = next(place.current);
    act();
    requestAnimationFrame(() => (focus?.isConnected ? focus : fieldBefore(place.current))?.focus());
  };
}

function next(place: HTMLElement | null): HTMLElement | null | undefined {
  const line = document.activeElement?.closest("li");
  if (!line || !place?.contains(line)) return undefined;
  return [line.nextElementSibling, line.previousElementSibling].map((other) => other?.querySelector("button")).find((button) => button);
}

/** The field that a list is about. */
export function fieldBefore(place: HTMLElement | null): HTMLElement | null {
  for (let before = place?.previousElementSibling; before; before = before.previousElementSibling) {
    const fields = before.matches("input, textarea, [contenteditable=true]") ? [before] : [...before.querySelectorAll("input, textarea, [contenteditable=true]")];
    if (fields[0]) return fields[0] as HTMLElement;
  }
  return null;
}
