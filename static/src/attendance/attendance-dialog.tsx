// The list of who is in the meeting room: the team, and guests without an account.
import { ExternalLink, X } from "lucide";
import { Dialog, DialogForm } from "../dialog/dialog.tsx";
import { TextField } from "../dialog/field.tsx";
import { Icon } from "../icon/icon.tsx";
import { Refusal } from "../refusal/refusal.tsx";
import { useDeed } from "../state/deed.ts";
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";

export function AttendanceDialog() {
  const table = useTable();
  const model = table.model.value;
  if (!model) return null;
  return (
    <Dialog title={t("attendance.title")} returnTo="[data-act=attendance]">
      <p class="soft">{t("attendance.text")}</p>
      <Members />
      <Guests />
      <NewGuest />
      <p class="row">
        <a class="btn" data-act="open-screen" href={`/cases/${table.live.caseId}/screen`} target="_blank" rel="noopener">
          <Icon of={ExternalLink} /> {t("attendance.open_screen")}
        </a>
      </p>
    </Dialog>
  );
}

function Members() {
  const table = useTable(), deed = useDeed();
  const { team, attendance: { members, held } } = table.model.value!;
  const listed = team.filter((member) => !member.ended || members.includes(member.user));
  const toggle = (user: string) => { if (!deed.busy.peek()) void deed.run(members.includes(user) ? "untick_member" : "tick_member", { member: user }); };
  return (
    <fieldset class="field checks" aria-busy={deed.busy.value}>
      <legend>{t("attendance.team")}</legend>
      {listed.map((member) => (
        <label key={member.user} translate={false}>
          <input type="checkbox" name="attends" value={member.user} checked={members.includes(member.user)} aria-disabled={deed.busy.value}
            onClick={(event) => { event.preventDefault(); toggle(member.user); }} />
          {t("attendance.member", { name: member.name, role: t(`role.${member.role}`) })}
          {held?.includes(member.user) && <span class="held"> {t("attendance.gone")}</span>}
        </label>
      ))}
      <Refusal error={deed.error.value} />
    </fieldset>
  );
}

function Guests() {
  const table = useTable(), deed = useDeed();
  const { guests } = table.model.value!.attendance;
  if (guests.length === 0) return null;
  return (
    <section>
      <h3>{t("attendance.guests")}</h3>
      <ul class="list">
        {guests.map((guest) => {
          const name = guest.redacted ? t("attendance.guest_redacted") : guest.name;
          return (
            <li key={guest.id} data-guest={guest.id}>
              <span translate={false}>{guest.from ? t("attendance.guest", { name, from: guest.from }) : name}</span>
              <button type="button" class="btn plain" data-act="remove-guest" aria-label={t("attendance.remove_guest", { name })} title={t("attendance.remove_guest", { name })}
                onClick={() => void deed.run("remove_guest", { guest: guest.id })}><Icon of={X} /></button>
            </li>
          );
        })}
      </ul>
      <Refusal error={deed.error.value} />
    </section>
  );
}

function NewGuest() {
  const table = useTable(), deed = useDeed();
  const name = table.typed.begin("guest name").text, from = table.typed.begin("guest from").text;
  const add = async () => {
    if (!(await deed.run("add_guest", { name: name.value, from: from.value })).ok) return;
    name.value = from.value = "";
  };
  return (
    <section data-form="add-guest">
      <DialogForm deed={deed} onSubmit={() => void add()} confirm={t("attendance.add_guest")} tone="plain">
        <TextField name="guest" label={t("attendance.guest_name")} value={name} required max={200} hint={t("attendance.guest_hint")} />
        <TextField name="from" label={t("attendance.guest_from")} value={from} max={200} />
      </DialogForm>
    </section>
  );
}
