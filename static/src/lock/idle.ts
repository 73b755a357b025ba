// How long a page has been left alone.

/**
 * Goes by the monotonic clock of the page and by the clock of the machine,
 * whichever counts more: the first stands still on some machines while they
 * sleep, the second may be set back.
 */
export class IdleClock {
  #mono = 0;
  #wall = 0;

  /** limit: milliseconds; 0 is never. */
  constructor(readonly limit: number, readonly mono = () => performance.now(), readonly wall = () => Date.now()) { this.touch() }

  touch(): void {
    this.#mono = this.mono();
    this.#wall = this.wall();
  }

  /** Whether it was left alone for too long. */
  due(): boolean { return this.limit > 0 && Math.max(this.mono() - this.#mono, this.wall() - this.#wall) >= this.limit }
}
