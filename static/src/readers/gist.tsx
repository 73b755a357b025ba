// The readers that matter most, in a sentence before the lists: whether the
// partner's side reads along.
import type { Member, Readers } from "../protocol.ts";
import { useTable } from "../state/table.ts";
import { count, list, t } from "../words/words.ts";

/** Who works for the partner; what is for safety never reaches them. */
export function partnersSide(member: Member | undefined): boolean { return member?.role === "perpetrator_support" }

export function Gist({ readers }: { readers: Readers }) {
  const table = useTable();
  const me = table.me.value?.user;
  const those = (users: string[]) => users.filter((user) => user !== me && partnersSide(table.member(user)));
  const can = those(readers.can);
  if (can.length > 0) {
    const names = list(can.map((user) => table.nameOf(user)));
    return <p class="gist" data-gist="partner" translate={false}>{count("readers.partner", can.length, { names })}</p>;
  }
  return those(readers.cannot).length > 0 ? <p class="gist" data-gist="no-partner">{t("readers.partner_not")}</p> : null;
}

/** How many people other than me. */
export function others(users: string[], me: string | undefined): number { return users.filter((user) => user !== me).length }
