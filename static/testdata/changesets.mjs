// Prints random changes of random texts, and what the library that the editor
// uses makes of them: a line of JSON for each. internal/note is held to these.
//   node changesets.mjs SEED HOW_MANY
import { ChangeSet, Text } from "@codemirror/state";

const [seed, howMany] = process.argv.slice(2).map(Number);
if (!Number.isInteger(seed) || !Number.isInteger(howMany)) throw new Error("usage: changesets.mjs SEED HOW_MANY");

// mulberry32, so that a seed gives the same cases everywhere.
let state = seed >>> 0;
const random = () => {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};
const below = (n) => Math.floor(random() * n);
const oneOf = (all) => all[below(all.length)];
const chance = (p) => random() < p;

const alphabets = [
  () => String.fromCharCode(97 + below(26)),
  () => oneOf([..."eaoni \n \n,."]),
  () => oneOf([..."éëïöüàçñß\u0301\u00ad\u200d\u200e\ufeff\u2028\u2029\t\0\x7f\"\\/<&"]),
  () => oneOf(["😀", "👩‍👧‍👦", "🇳🇱", "👍🏽", "𝒩", "مرحبا", "שלום", "漢字", "한글"]),
  () => {
    // any character at all; a pair's halves and CR are none
    for (;;) {
      const code = chance(0.5) ? below(0x110000) : below(0x3000);
      if (code !== 13 && (code < 0xd800 || code > 0xdfff)) return String.fromCodePoint(code);
    }
  },
];

const words = (length) => {
  const sign = oneOf(alphabets);
  let out = "";
  while (out.length < length) out += chance(0.8) ? sign() : oneOf(alphabets)();
  return out;
};

const size = () => (chance(0.1) ? 0 : chance(0.02) ? below(6000) : chance(0.3) ? below(300) : below(30));

const splits = (text, at) => at > 0 && at < text.length && (text.codePointAt(at - 1) ?? 0) > 0xffff;

// somewhere is a position between two characters; anywhere at all when free.
const somewhere = (text, free) => {
  const at = below(text.length + 1);
  return !free && splits(text, at) ? at - 1 : at;
};

const change = (text, free) => {
  const from = somewhere(text, free);
  let to = chance(0.4) ? from : Math.min(text.length, from + below(chance(0.1) ? text.length + 1 : 12));
  if (!free && splits(text, to)) to -= 1;
  return { from, to, insert: chance(0.25) ? "" : words(1 + below(chance(0.05) ? 200 : 6)) };
};

// changes are sometimes of one place, sometimes of many, which may overlap.
const changes = (text, free = false) => {
  const all = [];
  for (let n = chance(0.05) ? below(60) : below(5); n > 0; n--) all.push(change(text, free));
  if (chance(0.5)) all.sort((a, b) => a.from - b.from);
  return ChangeSet.of(all, text.length);
};

const applied = (set, text) => set.apply(Text.of(text.split("\n"))).toString();

const lines = [];
for (let i = 0; i < howMany; i++) {
  const text = words(size());
  const free = chance(0.05);
  const a = changes(text, free);
  let split = false;
  a.iterChanges((from, to) => (split ||= splits(text, from) || splits(text, to)), true);
  if (split) {
    lines.push({ text, a, split });
    continue;
  }
  const after = applied(a, text);
  const b = changes(text);
  const c = changes(after);
  const composed = a.compose(c);
  const positions = [];
  for (let n = 0; n < 4; n++) {
    const [pos, assoc] = [below(text.length + 1), oneOf([-1, 0, 1])];
    positions.push([pos, assoc, a.mapPos(pos, assoc)]);
  }
  lines.push({
    text, a, b, c, after, composed, positions,
    mapped: a.map(b), mappedBefore: a.map(b, true),
    composedMapped: composed.map(b), composedMappedBefore: composed.map(b, true),
    overComposed: b.map(composed), inverted: a.invert(Text.of(text.split("\n"))),
  });
  if (lines.length > 200) process.stdout.write(lines.splice(0).map((line) => JSON.stringify(line) + "\n").join(""));
}
process.stdout.write(lines.map((line) => JSON.stringify(line) + "\n").join(""));
