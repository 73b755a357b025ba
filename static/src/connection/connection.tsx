import { CloudOff, LoaderCircle } from "lucide";
import { Icon } from "../icon/icon.tsx";
import type { Line } from "../live/live.ts";
import { t } from "../words/words.ts";
import "./connection.css";

// Joining for the first time is being offline with other words.
const shown: Record<Line, "live" | "saving" | "offline" | "ended"> = { joining: "offline", live: "live", saving: "saving", offline: "offline", ended: "ended" };

/** Whether everything is saved, always readable. */
export function Connection({ line, onRetry }: { line: Line; onRetry: () => void }) {
  return (
    <div class="line">
      <p class={`connection ${shown[line]}`} data-state={shown[line]} role="status">
        {line === "live" ? <i class="dot" /> : <Icon of={line === "saving" || line === "joining" ? LoaderCircle : CloudOff} />}
        <span><span class="visually-hidden">{t("connection.label")}: </span>{t(`connection.${line}`)}</span>
      </p>
      {line === "offline" && <button type="button" class="btn small" data-act="retry" onClick={onRetry}>{t("connection.retry")}</button>}
    </div>
  );
}
