// The words of a text without its marks, for where it stands small and short.
// Only the look of it: what it means is the server's renderer to say.

const marks: [RegExp, string][] = [
  [/^\s*:{3,}\s*(?:feit|interpretatie|woorden)?\s*$/i, ""], // where a block of our own begins and ends
  [/^(?:\s*>)+ ?/, ""], // quotation
  [/^\s*#{1,6} +/, ""], // heading
  [/^\s*(?:[-*+]|\d{1,9}[.)]) +\[ \] +/, "☐ "], [/^\s*(?:[-*+]|\d{1,9}[.)]) +\[[xX]\] +/, "☑ "], // task
  [/^\s*[-*+] +/, "· "], // list
  [/^\s*(?:```+|~~~+).*$|^\s*(?:[-*_] *){3,}$/, ""], // fence, rule
  [/!?\[([^\][]*)\]\([^()\s]*\)/g, "$1"], // link, picture
  [/\*\*(\S(?:[^*]*\S)?)\*\*/g, "$1"], [/~~(\S(?:[^~]*\S)?)~~/g, "$1"], // strong, struck
  [/(^|\s)[*_](\S(?:[^*_]*\S)?)[*_](?=$|[\s.,;:!?])/g, "$1$2"], // emphasis
];

export function plain(text: string): string {
  return text.split("\n").map((line) => marks.reduce((words, [mark, instead]) => words.replace(mark, instead), line)).filter((line) => line.trim()).join("\n");
}
