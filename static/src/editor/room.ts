// How much a text holds, in the bytes that the server counts.

export const most = 16 * 1024;

export function bytes(text: string): number { return new TextEncoder().encode(text).length }
