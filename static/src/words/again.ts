// What is called out in a place that holds one sentence at a time.

/** A sentence after the one before it: the same twice must differ to be called out twice. */
export function again(before: string, sentence: string): string { return sentence === before && sentence !== "" ? `${sentence}\u00a0` : sentence }
