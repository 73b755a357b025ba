// How a text goes on with what was written in it. Texts are counted in UTF-16
// units on the wire, as they are here.
import type { Changes, Text, Written } from "../protocol.ts";

/** The text after the steps that it does not hold yet. */
export function follow(text: Text, { from, steps }: Written): Text {
  const known = steps.findIndex((step) => step.base === text.base);
  if (known < 0 && from !== text.base) return text; // it is another text by now: that comes whole
  return steps.slice(known + 1).reduce((now, step) => ({ base: step.base, body: change(now.body, step.changes) }), text);
}

function change(body: string, changes: Changes): string {
  let at = 0, changed = "";
  for (const section of changes) {
    if (typeof section === "number") changed += body.slice(at, at += section);
    else {
      at += section[0];
      changed += section.slice(1).join("\n");
    }
  }
  return changed;
}
