import type { Sharing } from "../protocol.ts";
import { t } from "../words/words.ts";

/** With whom something is shared, as it is called on screen. */
export function sharingName(sharing: Sharing): string {
  return sharing === "table" || sharing === "outside" ? t(`consent.sharing.${sharing}`) : t(`role.${sharing}`);
}
