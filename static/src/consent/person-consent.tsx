// What a person of the family said about sharing: everything I may know, and my
// own record of it. In the person's dialog.
import { useSignal } from "@preact/signals";
import { DialogForm } from "../dialog/dialog.tsx";
import { Radios, Select } from "../dialog/field.tsx";
import { consentAnswers, type ConsentAnswer, type Person, type Sharing } from "../protocol.ts";
import { useDeed } from "../state/deed.ts";
import type { Rights } from "../state/rights.ts";
import { called, useTable } from "../state/table.ts";
import { t } from "../words/words.ts";
import { AgeHint } from "./age-hint.tsx";
import { classOf, consentsOf, mayRecord, sharingsOf } from "./records.ts";
import { Said } from "./said.tsx";
import { sharingName } from "./sharing-name.ts";
import "./consent.css";

/** Whether there is anything of consent for this reader to see or do. */
export function concerns(person: Person, rights: Rights, known: number): boolean {
  return known > 0 || consentAnswers.some((answer) => mayRecord(answer, person, rights));
}

/** main: it is the first form of its dialog. */
export function PersonConsent({ person, main }: { person: Person; main: boolean }) {
  const table = useTable();
  const model = table.model.value, rights = table.rights.value;
  if (!model || !rights || !concerns(person, rights, consentsOf(model, person.id).length)) return null;
  const all = sharingsOf(model, person.id);
  const answers = consentAnswers.filter((answer) => mayRecord(answer, person, rights));
  const mine = table.as ? [] : consentsOf(model, person.id).filter((one) => one.by === table.me.value?.user).map((one) => one.sharing);
  // Where nothing new can be put down, what I put down can still be taken back, but not through other eyes.
  const sharings = answers.length > 0 ? all : all.filter((sharing) => mine.includes(sharing));
  return (
    <section class="consent" data-form="record-consent">
      <h3>{t("consent.title")}</h3>
      <AgeHint person={person} />
      <Said person={person} sharings={all} />
      {sharings.length > 0 && <OwnAnswer person={person} answers={answers} sharings={sharings} main={main} />}
    </section>
  );
}

function OwnAnswer({ person, answers, sharings, main }: { person: Person; answers: ConsentAnswer[]; sharings: Sharing[]; main: boolean }) {
  const table = useTable(), deed = useDeed();
  const sharing = useSignal<Sharing>(sharings[0] ?? "table");
  const model = table.model.value, me = table.me.value?.user;
  const own = (model && consentsOf(model, person.id, sharing.value).find((one) => one.by === me))?.answer ?? "none";
  // What is chosen stays chosen until it is saved, whatever arrives meanwhile.
  const chosen = useSignal<ConsentAnswer | "none" | null>(null);
  const answer = chosen.value ?? own;
  const saved = useSignal(false);
  const choose = (one: ConsentAnswer | "none" | null) => {
    saved.value = false;
    chosen.value = one;
  };
  const save = async () => {
    const about = { person: person.id, sharing: sharing.value };
    const { ok } = answer === "none" ? await deed.run("take_back_consent", about) : await deed.run("record_consent", { ...about, answer });
    if (!ok || chosen.value !== null && chosen.value !== answer) return;
    chosen.value = null;
    saved.value = true;
  };
  const name = called(person);
  return (
    <DialogForm deed={deed} onSubmit={() => void save()} confirm={t("act.save")} tone={main ? "primary" : "plain"}>
      <Select name="sharing" label={t("consent.with_whom")} value={sharing.value} choices={sharings.map((one) => ({ value: one, label: sharingName(one) }))}
        onChange={(one) => { choose(null); sharing.value = one; }} />
      <Radios name="answer" legend={t("consent.heard", { name })} value={answer} onChange={choose}
        choices={[...consentAnswers.filter((one) => one === own || answers.includes(one)).map((one) => ({ value: one, label: t(`consent.${one}`) })), { value: "none", label: t("consent.none") }]}
        hint={answer === "none" ? t("consent.none_hint") : t(`class.${classOf(answer, person)}.hint`)} />
      <p class="saved" role="status">{saved.value && t("consent.saved")}</p>
    </DialogForm>
  );
}
