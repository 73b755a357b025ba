import { CloudOff, LoaderCircle } from "lucide";
import { Icon } from "../icon/icon.tsx";
import type { Line } from "../live/live.ts";
import { count, hour, t } from "../words/words.ts";
import "./connection.css";

// Joining for the first time is being offline with other words.
const shown: Record<Line, "live" | "saving" | "offline" | "ended"> = { joining: "offline", live: "live", saving: "saving", offline: "offline", ended: "ended" };

interface Props {
  line: Line;
  /** Since when there is no connection. */
  lost?: Date | undefined;
  /** All stands still, as nothing can be put on the record now. */
  unrecorded?: boolean;
  /** How many of my changes have no answer yet. */
  waiting?: number;
  onRetry: () => void;
}

/** Whether everything is saved, always readable. */
export function Connection({ line, lost, unrecorded = false, waiting = 0, onRetry }: Props) {
  const state = unrecorded ? "offline" : shown[line];
  const why = unrecorded || (line === "offline" && lost);
  return (
    <div class="line">
      <p class={`connection ${state}`} data-state={state} role="status">
        {state === "live" ? <i class="dot" /> : <Icon of={!unrecorded && (line === "saving" || line === "joining") ? LoaderCircle : CloudOff} />}
        <span><span class="visually-hidden">{t("connection.label")}: </span>{why ? offline(lost, unrecorded, waiting) : t(`connection.${line}`)}</span>
      </p>
      {line === "offline" && <button type="button" class="btn small" data-act="retry" onClick={onRetry}>{t("connection.retry")}</button>}
    </div>
  );
}

function offline(lost: Date | undefined, unrecorded: boolean, waiting: number): string {
  const why = unrecorded || !lost ? t("connection.unrecorded") : t("connection.since", { time: hour(lost) });
  return `${why} · ${waiting > 0 ? count("connection.waiting", waiting) : t("connection.kept")}`;
}
