// What time it is. The clock of the browser may be wrong by a day; the page says
// what time it was at the server when it was made.

const made = typeof document === "undefined" ? NaN : Number(document.body.dataset.now);
const ahead = Number.isFinite(made) ? made - Date.now() : 0; // milliseconds that the server's clock is ahead of ours

export function now(): Date { return new Date(Date.now() + ahead) }
