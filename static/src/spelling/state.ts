// Whether the spelling of notes is looked at: off until somebody switches it on,
// for this tab alone. The list of words comes then, in a worker of its own, and
// goes when it is switched off.
import { signal } from "@preact/signals";
import type { Asked, Told } from "./messages.ts";

type Unnumbered<A> = A extends { id: number } ? Omit<A, "id"> : never;

export class Spelling {
  readonly state = signal<"off" | "loading" | "on" | "failed">("off");
  /** Words that somebody let stand. */
  readonly left = signal<ReadonlySet<string>>(new Set());
  #worker: Worker | undefined;
  #waiting = new Map<number, (told: string[]) => void>();
  #asked = 0;

  /** begin: starts the worker; undefined: this page has none. licences: where those of the list are to be read. */
  constructor(readonly begin: (() => Worker) | undefined, readonly licences?: string) {}

  /** On, or off; after a failure it tries again. */
  toggle(): void {
    if (this.state.peek() === "on" || this.state.peek() === "loading") this.#stop("off");
    else this.#start();
  }

  /** Those of the words that the list does not know; none while it is not there. */
  wrong(words: string[]): Promise<string[]> { return this.#ask({ check: words }) }

  /** What could be meant by a word. */
  instead(word: string): Promise<string[]> { return this.#ask({ suggest: word }) }

  /** Says no more of this word. */
  letStand(word: string): void { this.left.value = new Set([...this.left.peek(), word]) }

  /** Leaves nothing to who comes after me. */
  clear(): void {
    this.#stop("off");
    this.left.value = new Set();
  }

  #start(): void {
    this.state.value = "loading";
    try {
      const worker = this.begin!();
      this.#worker = worker;
      worker.onmessage = ({ data }: MessageEvent<Told>) => { if (worker === this.#worker) this.#told(data); };
      worker.onerror = () => { if (worker === this.#worker) this.#stop("failed"); };
    } catch {
      this.#stop("failed");
    }
  }

  #stop(state: "off" | "failed"): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const answer of this.#waiting.values()) answer([]);
    this.#waiting.clear();
    this.state.value = state;
  }

  #told(told: Told): void {
    if ("ready" in told) {
      if (told.ready) this.state.value = "on";
      else this.#stop("failed");
      return;
    }
    this.#waiting.get(told.id)?.("wrong" in told ? told.wrong : told.instead);
    this.#waiting.delete(told.id);
  }

  #ask(asked: Unnumbered<Asked>): Promise<string[]> {
    const worker = this.#worker;
    if (!worker || this.state.peek() !== "on") return Promise.resolve([]);
    const id = ++this.#asked;
    return new Promise((answer) => {
      this.#waiting.set(id, answer);
      worker.postMessage({ ...asked, id });
    });
  }
}
