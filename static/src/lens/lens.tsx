// "Kijk als": the board as a colleague and I may both read it. It stands in a
// frame, says whose eyes these are, and has a way back.
import { Glasses } from "lucide";
import { Dialog } from "../dialog/dialog.tsx";
import { Icon } from "../icon/icon.tsx";
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";
import "./lens.css";

export function LensBanner() {
  const table = useTable();
  const as = table.as && table.member(table.as);
  if (!table.as || table.endedBy.value !== undefined) return null;
  return (
    <section class="lens" data-lens={table.as} aria-label={t("lens.title")}>
      <Icon of={Glasses} />
      <p translate={false}>{as ? t("lens.banner", { name: as.name, role: t(`role.${as.role}`) }) : t("lens.title")}</p>
      <a class="btn" data-act="leave-lens" href={`/cases/${table.live.caseId}`}>{t("lens.leave")}</a>
    </section>
  );
}

/** Whose eyes I can look through along with my own: every colleague who is at this table now. */
export function LensDialog() {
  const table = useTable();
  const me = table.me.value?.user;
  const others = (table.model.value?.team ?? []).filter((member) => !member.ended && member.user !== me);
  return (
    <Dialog title={t("lens.title")} returnTo="[data-act=look-as]">
      <p class="soft">{t("lens.text")}</p>
      {others.length === 0 && <p>{t("lens.nobody")}</p>}
      <ul class="list lenses">
        {others.map((member) => (
          <li key={member.user}>
            <a class="btn" data-as={member.user} href={`/cases/${table.live.caseId}/as/${member.user}`} translate={false}>
              <Icon of={Glasses} /> {t("lens.as", { name: member.name })}
            </a>
            <span class="soft">{t(`role.${member.role}`)}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** There is nothing to look at through these eyes, or no more. */
export function LensEnded() {
  const table = useTable();
  return (
    <main class="page" id="content" data-ended="lens">
      <h2>{t("lens.ended")}</h2>
      <p>{t("lens.ended_text")}</p>
      <p><a class="btn primary" href={`/cases/${table.live.caseId}`}>{t("lens.leave")}</a></p>
    </main>
  );
}
