// Who is in the meeting room, and whether the Scherm is shown there. The chair
// keeps the list and shows or blanks; everybody else reads in a word that it is on.
import { Monitor, MonitorOff, UserCheck } from "lucide";
import { useEffect } from "preact/hooks";
import { Icon } from "../icon/icon.tsx";
import { Refusal } from "../refusal/refusal.tsx";
import { useDeed } from "../state/deed.ts";
import { useTable } from "../state/table.ts";
import { count, list, t } from "../words/words.ts";
import "./attendance.css";

export function Attendance() {
  const table = useTable();
  const model = table.model.value, rights = table.rights.value;
  if (!model || !rights) return null;
  if (rights.may("lead")) return <Lead />;
  return model.attendance.screen ? <p class="screen-on" data-screen-on=""><Icon of={Monitor} /> {t("attendance.screen_on")}</p> : null;
}

function Lead() {
  const table = useTable(), showing = useDeed(), blanking = useDeed();
  const { members, guests, screen } = table.model.value!.attendance;
  // Never held back by anything else that is under way.
  const blank = () => { if (!blanking.busy.peek()) void blanking.run("blank_screen", {}); };
  useEscape(screen, blank);
  return (
    <div class="lead">
      <button type="button" class="btn" data-act="attendance" onClick={() => table.show({ what: "attendance" })}>
        <Icon of={UserCheck} /> {t("attendance.open", { n: members.length + guests.length })}
      </button>
      {screen
        ? <button key="blank" type="button" class="btn primary" data-act="blank-screen" aria-keyshortcuts="b Escape" title={t("attendance.blank_hint")} onClick={blank}><Icon of={MonitorOff} /> {t("attendance.blank")}</button>
        : members.length + guests.length > 0 && (
          <button key="show" type="button" class="btn" data-act="show-screen" onClick={() => { if (!showing.busy.peek()) void showing.run("show_screen", {}); }}><Icon of={Monitor} /> {t("attendance.show")}</button>
        )}
      <Refusal error={blanking.error.value ?? showing.error.value} />
      <Unlisted />
      <Held />
    </div>
  );
}

/** Escape blanks the Scherm from anywhere on the board, as long as it means nothing else there. */
function useEscape(screen: boolean, blank: () => void) {
  const table = useTable();
  useEffect(() => {
    if (!screen) return;
    const press = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.closest("input, textarea, select, [contenteditable], [data-filters]");
      if (event.key === "Escape" && !typing && !table.open.peek() && !event.defaultPrevented) blank();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  });
}

/** Who sits at the table by now without being on the list: because of them the Scherm went blank. */
function Unlisted() {
  const table = useTable(), deed = useDeed();
  const { members, guests } = table.model.value!.attendance;
  const me = table.me.value?.user;
  const inUse = members.length + guests.length > 0;
  const late = table.here.value.map((h) => h.user).filter((user) => inUse && user !== me && !members.includes(user) && !table.member(user)?.ended);
  const names = late.map((user) => table.nameOf(user));
  return (
    <div class="unlisted" role="status">
      {late.length > 0 && (
        <p data-unlisted="">
          <span translate={false}>{count("attendance.late", late.length, { names: list(names) })}</span>
          <button type="button" class="btn small" data-act="tick-late" onClick={() => void (async () => { for (const member of late) await deed.run("tick_member", { member }); })()}>{t("attendance.tick_late")}</button>
        </p>
      )}
      <Refusal error={deed.error.value} />
    </div>
  );
}

/** Those on the list who left the case: nobody sees anything because of them. */
function Held() {
  const table = useTable();
  const { held, screen } = table.model.value!.attendance;
  if (!held?.length) return null;
  const names = list(held.map((user) => table.nameOf(user)));
  return <p class="held" role="status" data-held="" translate={false}>{t(screen ? "attendance.held_on" : "attendance.held", { names })}</p>;
}
