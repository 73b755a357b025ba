// What happens to a line that is being typed when the table changes under it.
import type { Kind } from "../protocol.ts";
import type { Held } from "./entries.ts";
import { firstStance, holds, narrowest, type Ground } from "./stance.ts";

/**
 * What the line becomes now. While something is typed, or was chosen by hand, it
 * stays as it is. When that can be no longer, because somebody took the person
 * off the table or my rights changed, it becomes what the fewest can read, and
 * wants to be seen before it is sent. When I bring another person forward it
 * follows, and never gets wider by it.
 */
export function settle(ground: Ground, held: Held | undefined, forward: string | undefined, wished: Kind | undefined, typing: boolean): Held | undefined {
  const fresh = firstStance(ground, forward, wished);
  const begin = fresh && { stance: fresh, forward, byHand: false };
  if (!held || !(typing || held.byHand)) return begin;
  if (!holds(ground, held.stance)) {
    const stance = typing ? narrowest(ground, held.stance) : undefined;
    return typing ? stance && { stance, forward, byHand: held.byHand, shifted: true } : begin;
  }
  if (forward === undefined || held.forward === forward) return held;
  if (!typing) return begin;
  const stance = firstStance(ground, forward, held.stance.kind, held.stance.class);
  return stance && { ...held, stance, forward, byHand: false };
}
