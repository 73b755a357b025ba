import type { Failure } from "../protocol.ts";
import { reasonOf, t, tOr } from "../words/words.ts";
import "./refusal.css";

/** Why something was refused, beside where it happened: the reason first, then the rule of the policy. */
export function Refusal({ error }: { error: Failure | undefined }) {
  return (
    <div role="alert" class="refusal-place">
      {error && (
        <div class="refusal" data-reason={error.reason}>
          <p>{tOr(`reason.${error.reason}`, "reason.other")}</p>
          {error.why && <Rule rule={error.rule} why={error.why} />}
        </div>
      )}
    </div>
  );
}

/** The rule of the policy that refused, and its reason. */
export function Rule({ rule, why }: { rule: string | undefined; why: string }) {
  const { words, lang } = reasonOf(rule, why);
  return <p class="why"><span>{rule && t("refusal.rule", { rule })}</span> <q lang={lang}>{words}</q></p>;
}
