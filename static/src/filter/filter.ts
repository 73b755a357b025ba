// Which cards of what this reader has are shown: quick filters. Pure; nothing
// of it leaves the tab, and every count is of what this reader sees.
import { classes, domains, kinds, roles } from "../protocol.ts";
import type { Card, Person } from "../protocol.ts";

export const facets = ["person", "kind", "class", "discipline", "domain"] as const;
export type Facet = (typeof facets)[number];

/** What is chosen of each facet; of an empty one everything passes. */
export type Filter = Readonly<Record<Facet, readonly string[]>>;

/** The value of a card that says nothing: no person (professional), or no life domain. */
export const unsaid = "";

export const everything: Filter = { person: [], kind: [], class: [], discipline: [], domain: [] };

type Sifted = Pick<Card, "person" | "kind" | "class" | "role" | "domain">;

const valueOf: Record<Facet, (card: Sifted) => string> = {
  person: (card) => card.person ?? unsaid,
  kind: (card) => card.kind,
  class: (card) => card.class,
  discipline: (card) => card.role,
  domain: (card) => card.domain ?? unsaid,
};

export function isOn(filter: Filter): boolean { return facets.some((facet) => filter[facet].length > 0) }

export function passes(filter: Filter, card: Sifted): boolean {
  return facets.every((facet) => filter[facet].length === 0 || filter[facet].includes(valueOf[facet](card)));
}

/** Chooses a value that was not chosen, or lets go of it. */
export function toggle(filter: Filter, facet: Facet, value: string): Filter {
  const chosen = filter[facet];
  return { ...filter, [facet]: chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value] };
}

/** The filter without the persons who are not, or no longer, in this reader's family. */
export function among(filter: Filter, family: readonly Person[]): Filter {
  const known = filter.person.filter((id) => id === unsaid || family.some((person) => person.id === id));
  return known.length === filter.person.length ? filter : { ...filter, person: known };
}

interface Option { value: string; cards: number; chosen: boolean }

/**
 * The values of a facet that occur, and those that are chosen, in their usual
 * order. Each counts the cards that it would show beside what the other facets
 * have chosen.
 */
export function options(filter: Filter, facet: Facet, cards: readonly Sifted[], family: readonly Person[]): Option[] {
  const beside: Filter = { ...filter, [facet]: [] };
  const occurs = new Set<string>(filter[facet]), counts = new Map<string, number>();
  for (const card of cards) {
    const value = valueOf[facet](card);
    occurs.add(value);
    if (passes(beside, card)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return usualOrder(facet, family).filter((value) => occurs.has(value))
    .map((value) => ({ value, cards: counts.get(value) ?? 0, chosen: filter[facet].includes(value) }));
}

function usualOrder(facet: Facet, family: readonly Person[]): readonly string[] {
  switch (facet) {
    case "person": return [...family.map((person) => person.id), unsaid];
    case "kind": return kinds;
    case "class": return classes;
    case "discipline": return roles;
    case "domain": return [...domains, unsaid];
  }
}
