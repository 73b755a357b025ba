// Identifiers as the server makes them: 16 characters that people can read
// aloud, 80 random bits.

export const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const length = 16;
const codeLength = 5;

/** Draws an identifier for a command or a question. */
export function newId(): string {
  const random = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(random, (byte) => alphabet[byte % alphabet.length]).join("");
}

/** What people call a card by, such as "K7QF2". */
export function code(card: string): string { return card.slice(0, codeLength) }
