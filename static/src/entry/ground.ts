import type { Table } from "../state/table.ts";
import type { Ground } from "./stance.ts";

/** What stances are made from; undefined before the first answer. */
export function groundOf(table: Table): Ground | undefined {
  const rights = table.rights.value, model = table.model.value, me = table.me.value;
  return rights && model && me && { rights, family: model.family, cards: Object.values(model.cards), me: me.user };
}
