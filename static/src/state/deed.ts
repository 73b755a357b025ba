// Doing one command from one place on the page: busy while it is unanswered,
// and the refusal stays beside the place where it was done.
import { useSignal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { Answer, CommandName, Commands, Failure } from "../protocol.ts";
import { useTable } from "./table.ts";

export interface Deed {
  busy: ReadonlySignal<boolean>;
  error: Signal<Failure | undefined>;
  run<C extends CommandName>(cmd: C, given: Commands[C]): Promise<Answer>;
}

export function useDeed(): Deed {
  const table = useTable();
  const busy = useSignal(false);
  const error = useSignal<Failure | undefined>(undefined);
  return {
    busy, error,
    async run(cmd, given) {
      busy.value = true;
      error.value = undefined;
      const answer = await table.live.do(cmd, given);
      busy.value = false;
      error.value = answer.error;
      return answer;
    },
  };
}
