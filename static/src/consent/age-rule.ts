// The age rules as a hint, for a jurist to confirm before real use: under 12
// who has custody decides and the child is heard, from 12 both do, from 16 the
// child itself.
import { age } from "../words/words.ts";

type AgeRule = "under12" | "from12" | "from16" | "unknown";

export interface AgeHint {
  rule: AgeRule;
  /** The rule before or after it, when a clock that is a day off would make it that one. */
  nearly?: AgeRule;
}

export function ageHint(born: string | undefined, now: Date): AgeHint {
  const rule = ruleAt(born, now);
  const nearly = [-1, 1].map((days) => ruleAt(born, daysOn(now, days))).find((other) => other !== rule);
  return nearly ? { rule, nearly } : { rule };
}

/** A birth date to come (a wrong clock, a slip of the pen) tells no age. */
function ruleAt(born: string | undefined, now: Date): AgeRule {
  const years = age(born, now);
  if (years === undefined) return "unknown";
  return years < 12 ? "under12" : years < 16 ? "from12" : "from16";
}

function daysOn(from: Date, days: number): Date { return new Date(from.getFullYear(), from.getMonth(), from.getDate() + days) }
