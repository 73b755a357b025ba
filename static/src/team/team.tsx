// The colleagues at this table: who is here now, in which discipline, and
// which card they look at, when this reader may see it.
import { Phone } from "lucide";
import { Icon } from "../icon/icon.tsx";
import { code } from "../ids.ts";
import type { Member } from "../protocol.ts";
import { called, useTable } from "../state/table.ts";
import { initials, list, t } from "../words/words.ts";
import "./team.css";

export function Team() {
  const table = useTable();
  const here = new Map(table.here.value.map((h) => [h.user, h.card]));
  const me = table.me.value?.user;
  const members = (table.model.value?.team ?? []).filter((member) => !member.ended || here.has(member.user));
  // Through other eyes I sit nowhere, and am here all the same.
  const looks = (member: Member) => table.as !== undefined && member.user === me;
  const present = (member: Member) => here.has(member.user) || looks(member);
  const rank = (member: Member) => (present(member) ? 0 : 1);
  return (
    <section class="team" aria-labelledby="team-title">
      <h2 id="team-title"><a href={`/cases/${table.live.caseId}/team`} data-act="team">{t("team.title")}</a></h2>
      <ul tabIndex={0} aria-labelledby="team-title">
        {[...members].sort((a, b) => rank(a) - rank(b)).map((member) => (
          <Seat key={member.user} member={member} present={present(member)} looks={looks(member)} card={here.get(member.user)} me={member.user === me} />
        ))}
      </ul>
    </section>
  );
}

function Seat({ member, present, looks, card, me }: { member: Member; present: boolean; looks: boolean; card: string | undefined; me: boolean }) {
  const table = useTable();
  const beside = member.beside.flatMap((id) => table.person(id) ?? []).map(called);
  const title = [member.org_name, beside.length > 0 && t("team.beside", { names: list(beside) })].filter(Boolean).join(", ");
  return (
    <li class={present ? "seat here" : "seat"} title={title} data-member={member.user} {...(present && { "data-here": member.user })}>
      <span class="initials" aria-hidden="true" translate={false}>{initials(member.name, 2)}</span>
      <span>
        <span class="name" translate={false}>{member.name}{me && <span class="soft"> ({t("team.you")})</span>}</span>
        {member.contact && <span class="contact" title={t("team.contact")}> <Icon of={Phone} /><span class="visually-hidden">{t("team.contact")}</span></span>}
        <small>
          {t(member.function ? `team_chair.${member.function}` : `role.${member.role}`)}
          <span class="visually-hidden">, {title}, {t(present ? "team.here" : "team.away")}</span>
          {looks && <span class="looks"> · {t("team.looks_along")}</span>}
          {card && !me && table.card(card) && <span class="looks"> · {t("team.looks", { code: code(card) })}</span>}
        </small>
      </span>
    </li>
  );
}
