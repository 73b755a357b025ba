// The versions of a card's text that its history names.
import type { Line, Person } from "../protocol.ts";
import type { KnownCard } from "../state/model.ts";

/** at: when it got its name, or when user began to write in it. */
export interface Version { id: string; at: string; user: string; name?: string }

/** Oldest first, each once. A name that somebody gave says more than who wrote on. */
export function versions(lines: Line[]): Version[] {
  const found = new Map<string, Version>();
  for (const { version, at, user, name } of lines) {
    if (version === undefined || (found.has(version) && name === undefined)) continue;
    found.set(version, { id: version, at, user, ...(name !== undefined && { name }) });
  }
  return [...found.values()];
}

/** The version that came after one; undefined: the text of now did. */
export function following(all: Version[], id: string): Version | undefined { return all[all.findIndex((version) => version.id === id) + 1] }

/**
 * For whom a card is. When that changes its history begins anew, and nothing of
 * what was told of it before stays.
 */
export function circle(card: KnownCard, person: Person | undefined): string {
  return JSON.stringify([card.id, card.class, card.named, card.person, person?.kind, person?.class, card.title.redacted, card.text.redacted]);
}

const stretch = 20 * 60_000; // milliseconds after which somebody who writes has surely begun anew, and left a version

/** Whether writing now would leave the text of now as a version of its own accord. */
export function leavesAVersion(lines: Line[], me: string, now: Date): boolean {
  const mine = lines.findLast((line) => line.what === "edited" && line.user === me);
  return mine === undefined || now.getTime() - new Date(mine.at).getTime() > stretch;
}
