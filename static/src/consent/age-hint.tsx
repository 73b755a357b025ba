// What the age of a child asks, and who has custody: a hint, to think with.
import type { Person } from "../protocol.ts";
import { called, useTable } from "../state/table.ts";
import { now } from "../words/clock.ts";
import { list, t } from "../words/words.ts";
import { ageHint } from "./age-rule.ts";
import { custodians } from "./records.ts";

export function AgeHint({ person }: { person: Person }) {
  const model = useTable().model.value;
  if (person.kind !== "child" || !model) return null;
  const name = called(person);
  const { rule, nearly } = ageHint(person.born, now());
  const holders = custodians(model, person.id).map(called);
  return (
    <div class="age-hint" data-age-rule={rule} translate={false}>
      <p><strong>{t("consent.hint")}</strong> {t(`consent.age.${rule}`, { name })}{nearly && ` ${t("consent.age.nearly")}`}</p>
      <p>{holders.length > 0 ? t("custody.held", { name, names: list(holders) }) : t("custody.none", { name })}</p>
      <p class="soft small">{t("consent.hint_jurist")}</p>
    </div>
  );
}
