// The case itself: its name, closing and opening it again, and the archive.
import { useSignal } from "@preact/signals";
import { label } from "../card/place-forms.tsx";
import { Dialog, DialogForm } from "../dialog/dialog.tsx";
import { TextField } from "../dialog/field.tsx";
import { Refusal } from "../refusal/refusal.tsx";
import { useDeed } from "../state/deed.ts";
import { archived } from "../state/model.ts";
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";

export function CaseDialog() {
  const table = useTable();
  const model = table.model.value, rights = table.rights.value;
  if (!model || !rights) return null;
  return (
    <Dialog title={t("case.title")} returnTo="[data-act=case]">
      {rights.may("lead") && model.case.status === "open" && <RenameForm name={model.case.name} />}
      {rights.may("close") && model.case.status === "open" && <StatusForm cmd="close_case" />}
      {rights.may("reopen") && model.case.status === "closed" && (model.case.practice ? <StatusForm cmd="reopen_case" /> : <SecondPerson id={model.case.id} />)}
      {rights.may("redact") && model.case.name && <RedactForm />}
    </Dialog>
  );
}

/** Whether the dialog would hold anything for this reader. */
export function useMayCase(): boolean {
  const rights = useTable().rights.value;
  if (!rights) return false;
  return rights.may("redact") || (rights.status === "open" ? rights.may("lead") || rights.may("close") : rights.may("reopen"));
}

function RenameForm({ name: now }: { name: string }) {
  const deed = useDeed();
  const name = useSignal(now);
  const save = async () => { if ((await deed.run("rename_case", { name: name.value })).ok) deed.leave(); };
  return (
    <section data-form="rename-case">
      <DialogForm deed={deed} onSubmit={() => void save()} confirm={t("case.rename")}><TextField name="name" label={t("case.name")} value={name} required max={200} /></DialogForm>
    </section>
  );
}

function StatusForm({ cmd }: { cmd: "close_case" | "reopen_case" }) {
  const deed = useDeed();
  const closing = cmd === "close_case";
  const save = async () => { if ((await deed.run(cmd, {})).ok) deed.leave(); };
  return (
    <section data-form={closing ? "close-case" : "reopen-case"}>
      <DialogForm deed={deed} onSubmit={() => void save()} confirm={t(closing ? "case.close" : "case.reopen")} tone={closing ? "plain" : "primary"}><p>{t(closing ? "case.close_text" : "case.reopen_text")}</p></DialogForm>
    </section>
  );
}

/** A closed case opens again by the yes of a second person: that is asked on a page of its own. */
function SecondPerson({ id }: { id: string }) {
  return (
    <section data-form="reopen-case">
      <p>{t("case.reopen_second")}</p>
      <p><a class="btn primary" href={`/cases/${id}/seconds`}>{t("second.ask")}</a></p>
    </section>
  );
}

function RedactForm() {
  const deed = useDeed();
  const save = async () => { if ((await deed.run("redact", {})).ok) deed.leave(); };
  return (
    <section data-form="redact-case">
      <h3>{t("case.redact")}</h3>
      <DialogForm deed={deed} onSubmit={() => void save()} confirm={t("case.redact")} tone="danger"><p class="soft">{t("case.redact_text")}</p></DialogForm>
    </section>
  );
}

export function ArchiveDialog() {
  const table = useTable(), deed = useDeed();
  const cards = table.model.value ? archived(table.model.value) : [];
  return (
    <Dialog title={t("archive.title")} returnTo="[data-act=archive-list]">
      <Refusal error={deed.error.value} />
      {cards.length === 0 && <p>{t("archive.none")}</p>}
      <ul class="list">
        {cards.map((card) => (
          <li key={card.id} data-archived={card.id}>
            <button type="button" class="link" data-act="open" translate={false} onClick={() => table.show({ what: "card", card: card.id, task: "view" })}>{label(card)}</button>
            {table.rights.value?.mayCard("archive", card) && (
              <button type="button" class="btn" data-act="restore" onClick={() => void deed.run("restore_card", { card: card.id })}>{t("card.restore")}</button>
            )}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
