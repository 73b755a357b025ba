// What a person said about some sharings, as far as I may know: each that was
// spoken of with its records, the last one first, and the others in one line.
import { Check, Info, ShieldAlert, X } from "lucide";
import { ClassTag } from "../card/face.tsx";
import { Icon } from "../icon/icon.tsx";
import type { Consent, Person, Sharing } from "../protocol.ts";
import { called, useTable } from "../state/table.ts";
import { list, moment, t } from "../words/words.ts";
import { consentsOf } from "./records.ts";
import { sharingName } from "./sharing-name.ts";

/** advise: also say what a refusal asks of whoever shares. */
export function Said({ person, sharings, advise = false }: { person: Person; sharings: Sharing[]; advise?: boolean }) {
  const model = useTable().model.value;
  if (!model) return null;
  const spoken = sharings.map((sharing) => ({ sharing, records: consentsOf(model, person.id, sharing) }));
  const silent = spoken.filter(({ records }) => records.length === 0).map(({ sharing }) => sharingName(sharing));
  return (
    <>
      {spoken.filter(({ records }) => records.length > 0).map(({ sharing, records }) => (
        <div key={sharing} class="about" data-sharing={sharing}>
          <h4>{t("consent.with", { whom: sharingName(sharing) })}</h4>
          <ul>{records.map((one) => <Heard key={one.by} record={one} />)}</ul>
          {advise && <Advice name={called(person)} records={records} />}
        </div>
      ))}
      {silent.length > 0 && <p class="soft" data-consent="none">{t("consent.not_asked", { whom: list(silent) })}</p>}
    </>
  );
}

const icons = { informed: Info, agreed: Check, refused: X, unsafe: ShieldAlert } as const;

function Heard({ record }: { record: Consent }) {
  const table = useTable();
  const by = record.by === table.me.value?.user ? t("consent.by_me")
    : t("consent.by", { name: table.nameOf(record.by), role: t(`role.${record.role}`) });
  return (
    <li class={record.answer} data-consent={record.answer} data-by={record.by}>
      <strong><Icon of={icons[record.answer]} /> {t(`consent.${record.answer}`)}</strong>
      <span class="soft" translate={false}>{by} · {moment(record.at)}</span>
      {record.class === "safety" && <ClassTag of="safety" />}
    </li>
  );
}

function Advice({ name, records }: { name: string; records: Consent[] }) {
  const answered = (answer: Consent["answer"]) => records.some((one) => one.answer === answer);
  return (
    <>
      {answered("refused") && <p class="notice" data-consent-notice="refused" translate={false}>{t("consent.refused_notice", { name })}</p>}
      {answered("unsafe") && <p class="notice" data-consent-notice="unsafe" translate={false}>{t("consent.unsafe_notice", { name })}</p>}
    </>
  );
}
