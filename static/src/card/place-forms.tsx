// Labels and links of a card.
import { useSignal } from "@preact/signals";
import { code } from "../ids.ts";
import { DialogForm } from "../dialog/dialog.tsx";
import { Select } from "../dialog/field.tsx";
import type { Domain, Kind, Seen } from "../protocol.ts";
import { kinds } from "../protocol.ts";
import { useDeed } from "../state/deed.ts";
import type { KnownCard } from "../state/model.ts";
import { actOf } from "../state/rights.ts";
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";
import { DomainField, KindField, SeenField } from "./card-fields.tsx";

interface Props { card: KnownCard; onBack: () => void; onDone: () => void }

export function LabelForm({ card, onBack, onDone }: Props) {
  const deed = useDeed(), rights = useTable().rights.value;
  const kind = useSignal<Kind>(card.kind);
  // A question turned into a fact is a fact put down for somebody.
  const may = (to: Kind) => actOf(to) === actOf(card.kind) || (rights?.mayWrite(to, card.person, card.class) ?? false);
  const domain = useSignal<Domain | "">(card.domain ?? ""), seen = useSignal<Seen | "">(card.seen ?? "");

  async function save() {
    const answer = await deed.run("label_card", {
      card: card.id, kind: kind.value, ...(domain.value && { domain: domain.value }), ...(seen.value && { seen: seen.value }),
    });
    if (answer.ok) onDone();
  }
  return (
    <DialogForm deed={deed} onSubmit={() => void save()} confirm={t("act.save")} onBack={onBack}>
      <KindField value={kind} among={kinds.filter(may)} />
      <DomainField value={domain} />
      <SeenField value={seen} />
    </DialogForm>
  );
}

export function LinkForm({ card, onBack, onDone }: Props) {
  const table = useTable(), deed = useDeed();
  const others = Object.values(table.model.value?.cards ?? {})
    .filter((other) => other.id !== card.id && other.tabled && !other.archived && !card.links?.includes(other.id))
    .sort((a, b) => label(a).localeCompare(label(b)));
  const to = useSignal(others[0]?.id ?? "");

  async function save() {
    const answer = await deed.run("link_card", { card: card.id, to: to.value });
    if (answer.ok) onDone();
  }
  return (
    <DialogForm deed={deed} onSubmit={() => void save()} confirm={t("card.link")} ready={to.value !== ""} onBack={onBack}>
      {others.length === 0 ? <p>{t("card.link_none")}</p> : (
        <Select name="to" label={t("card.link_to")} value={to.value} content onChange={(v) => { to.value = v; }}
          choices={others.map((other) => ({ value: other.id, label: label(other) }))} />
      )}
    </DialogForm>
  );
}

/** What a card is called in a list: its title and the code that people say. */
export function label(card: KnownCard): string {
  const title = card.title.redacted ? t("card.redacted") : card.title.body;
  return `${title.length > 70 ? `${title.slice(0, 69)}…` : title} (${code(card.id)})`;
}
