// The beginning of somebody's words, where a sentence of the page quotes them.

const most = 40; // characters

/** On one line, cut after a whole word where that can be. */
export function short(words: string, length = most): string {
  const characters = [...words.replace(/\s+/g, " ").trim()];
  if (characters.length <= length) return characters.join("");
  const head = characters.slice(0, length).join("");
  const whole = head.replace(/\s\S*$/, "");
  return `${whole.length > head.length / 2 ? whole : head}…`;
}
