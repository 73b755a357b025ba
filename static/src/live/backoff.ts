// How long to wait before trying again: growing, and jittered so that a
// restarted server is not met by everybody at once.

const first = 500; // milliseconds
const longest = 8_000;

export function delay(attempt: number, random: number = Math.random()): number {
  return Math.min(longest, first * 2 ** attempt) * (0.5 + random / 2);
}
