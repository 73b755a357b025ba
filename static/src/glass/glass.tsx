// A broken glass on the board: whoever broke it sees until when it lets them read
// more and how to end it, whoever leads the case sees who broke it. Nobody else gets it.
import { LockKeyholeOpen } from "lucide";
import { Icon } from "../icon/icon.tsx";
import { useTable } from "../state/table.ts";
import { hour, t } from "../words/words.ts";
import "./glass.css";

export function BrokenGlasses() {
  const table = useTable();
  const broken = (table.model.value?.given ?? []).filter((one) => one.kind === "glass");
  const me = table.me.value?.user;
  return (
    <>
      {broken.map((one) => {
        const own = one.user === me;
        const until = one.until === undefined ? "" : hour(new Date(one.until));
        return (
          <section key={one.id} class="notice glass" data-glass={own ? "own" : one.user} aria-label={t("glass_board.title")}>
            <p>
              <Icon of={LockKeyholeOpen} />{" "}
              {own ? t("glass_board.own", { hour: until }) : t("glass_board.by", { name: table.member(one.user)?.name ?? t("said.someone"), hour: until })}
            </p>
            <a class="btn small" href={glassOf(table.live.caseId)} data-act={own ? "end-glass" : "see-glass"}>{t(own ? "glass_board.end" : "glass_board.see")}</a>
          </section>
        );
      })}
    </>
  );
}

/** The way to breaking the glass, for whom the policy lets. In the practice case there is no danger. */
export function GlassLink() {
  const table = useTable();
  const model = table.model.value, me = table.me.value?.user;
  if (!model || model.case.practice || table.as || !table.rights.value?.may("glass")) return null;
  if (model.given?.some((one) => one.kind === "glass" && one.user === me)) return null;
  return <a class="btn plain" data-act="glass" href={glassOf(table.live.caseId)} title={t("glass_board.open")}><Icon of={LockKeyholeOpen} /> <span class="wide">{t("glass_board.open")}</span></a>;
}

function glassOf(caseId: string): string { return `/cases/${caseId}/glass`; }
