// What the page and its worker say to each other. Nothing of it goes further.

export type Asked = { id: number; check: string[] } | { id: number; suggest: string };
/** wrong: those that the list does not know; instead: what could be meant. */
export type Told = { ready: boolean } | { id: number; wrong: string[] } | { id: number; instead: string[] };
