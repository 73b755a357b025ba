// The hints of the first minute. The account keeps which ones were put away, so
// that they stay away on the next computer too; nothing is kept in the browser.
import { signal } from "@preact/signals";

export const hintNames = ["focus", "draft", "readers"] as const;
type Hint = (typeof hintNames)[number];

/** Tells the server; what it cannot keep now is shown once more next time. */
type Tell = (form: URLSearchParams) => void;

export class Hints {
  /** Those that are left, in order. */
  readonly left = signal<Hint[]>([]);

  constructor(left: string, readonly tell: Tell = post) {
    const words = left.split(" ");
    this.left.value = hintNames.filter((hint) => words.includes(hint));
  }

  putAway(hints: Hint[]): void {
    this.left.value = this.left.value.filter((hint) => !hints.includes(hint));
    this.tell(new URLSearchParams(hints.map((hint) => ["seen", hint])));
  }

  showAgain(): void {
    this.left.value = [...hintNames];
    this.tell(new URLSearchParams({ again: "1" }));
  }
}

function post(form: URLSearchParams): void {
  void fetch("/hints", { method: "POST", body: form, redirect: "manual" }).catch(() => undefined);
}
