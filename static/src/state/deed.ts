// Doing one command from one place on the page: busy while it is unanswered,
// and the refusal stays beside the place where it was done.
import { useSignal, type ReadonlySignal, type Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Answer, CommandName, Commands, Failure } from "../protocol.ts";
import { useTable, type Open } from "./table.ts";

export interface Deed {
  busy: ReadonlySignal<boolean>;
  error: Signal<Failure | undefined>;
  run<C extends CommandName>(cmd: C, given: Commands[C]): Promise<Answer>;
  /** Leaves the dialog it was done in, unless that was left already. */
  leave(next?: Open): void;
}

export function useDeed(): Deed {
  const table = useTable();
  const busy = useSignal(false);
  const error = useSignal<Failure | undefined>(undefined);
  const opened = useRef(table.open.peek()), here = useRef(true);
  useEffect(() => () => { here.current = false; }, []);
  return {
    busy, error,
    leave(next) { if (table.open.peek() === opened.current) table.show(next); },
    async run(cmd, given) {
      busy.value = true;
      error.value = undefined;
      const answer = await table.live.do(cmd, given);
      busy.value = false;
      error.value = answer.error;
      // Refused after its place was left, say after a lost connection: told on the board.
      if (answer.error) table.refused[here.current ? "drop" : "list"](answer.id);
      return answer;
    },
  };
}
