import type { Failure } from "../protocol.ts";
import { t, tOr } from "../words/words.ts";
import "./refusal.css";

/** Why something was refused, beside where it happened: the reason first, then the rule of the policy. */
export function Refusal({ error }: { error: Failure | undefined }) {
  return (
    <div role="alert" class="refusal-place">
      {error && (
        <div class="refusal" data-reason={error.reason}>
          <p>{tOr(`reason.${error.reason}`, "reason.other")}</p>
          {error.why && <p class="why"><span>{error.rule && t("refusal.rule", { rule: error.rule })}</span> <q lang="en">{error.why}</q></p>}
        </div>
      )}
    </div>
  );
}
