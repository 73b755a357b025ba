// Asks what was done with a card, and again when there may be more to tell.
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { Happened, Told } from "../protocol.ts";
import type { KnownCard } from "../state/model.ts";
import { useTable } from "../state/table.ts";

// Milliseconds after a text changed: to look back is on the record, and who
// writes changes it many times a second.
const patience = 15_000;

export function useHistory(card: KnownCard): { told: Happened | undefined; again: () => void } {
  const table = useTable();
  const told = useSignal<Happened | undefined>(undefined), times = useSignal(0);
  const { text, changed: _changed, ...others } = card;
  useEffect(() => {
    let current = true;
    const asked = table.live.history(card.id);
    void asked.told.then((answer) => { if (current) told.value = answer; });
    return () => {
      current = false;
      table.live.forget(asked.id);
    };
  }, [JSON.stringify(others), times.value]);
  const again = () => { times.value++; };
  const first = useMemo(() => text.base, []); // what is asked about at once
  const later = useSignal<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    if (text.base !== first && later.peek() === undefined) later.value = setTimeout(() => { later.value = undefined; again(); }, patience);
  }, [text.base]);
  useEffect(() => () => clearTimeout(later.peek()), []);
  return { told: told.value, again };
}

/** The text of a version, once it is there; asked for once. */
export function useVersion(card: string, version: string | undefined): Told | undefined {
  const table = useTable();
  const told = useSignal<Told | undefined>(undefined);
  useEffect(() => {
    if (version === undefined) return;
    let current = true;
    const asked = table.live.version(card, version);
    void asked.told.then((answer) => { if (current) told.value = answer; });
    return () => {
      current = false;
      table.live.forget(asked.id);
    };
  }, [card, version]);
  return told.value?.version === version ? told.value : undefined;
}
