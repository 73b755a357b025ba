// The filter of this tab. A card that I just made or changed myself and that
// the filter hides stays until the filter is changed: nothing of mine vanishes
// under my hands.
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { KnownCard, Model } from "../state/model.ts";
import { among, everything, isOn, passes, toggle, type Facet, type Filter } from "./filter.ts";

export class Sift {
  readonly #filter = signal(everything);
  /** The cards that stay although the filter hides them. */
  readonly kept = signal<ReadonlySet<string>>(new Set());
  readonly filter: ReadonlySignal<Filter>;
  readonly on: ReadonlySignal<boolean>;
  /** What is on the board, in no order, shown or not. */
  readonly cards: ReadonlySignal<readonly KnownCard[]>;
  readonly shown: ReadonlySignal<number>;

  constructor(model: ReadonlySignal<Model | undefined>) {
    const family = computed(() => model.value?.family ?? []), cards = computed(() => model.value?.cards ?? {});
    this.filter = computed(() => among(this.#filter.value, family.value));
    this.on = computed(() => isOn(this.filter.value));
    this.cards = computed(() => Object.values(cards.value).filter((card) => !card.archived));
    this.shown = computed(() => this.cards.value.filter((card) => this.shows(card)).length);
  }

  shows(card: KnownCard): boolean { return passes(this.filter.value, card) || this.kept.value.has(card.id) }

  /** Whether the card is there only because it is my own doing. */
  outside(card: KnownCard): boolean { return this.kept.value.has(card.id) && !passes(this.filter.value, card) }

  toggle(facet: Facet, value: string): void { this.#change(toggle(this.filter.peek(), facet, value)) }
  showAll(): void { this.#change(everything) }

  #change(filter: Filter): void {
    this.#filter.value = filter;
    if (this.kept.peek().size > 0) this.kept.value = new Set();
  }

  /** Takes note of cards that I made or changed just now. */
  mine(cards: KnownCard[]): void {
    const hidden = cards.filter((card) => !passes(this.filter.peek(), card)).map((card) => card.id);
    if (hidden.length > 0) this.kept.value = new Set([...this.kept.peek(), ...hidden]);
  }
}
