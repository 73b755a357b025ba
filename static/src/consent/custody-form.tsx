// Who has custody of a child: the adults that I know of, to tick. Each tick is a
// command of its own, so nobody takes away a holder they do not know of.
import { useSignal } from "@preact/signals";
import { DialogForm } from "../dialog/dialog.tsx";
import { Checks } from "../dialog/field.tsx";
import type { Person } from "../protocol.ts";
import { useDeed } from "../state/deed.ts";
import { called, useTable } from "../state/table.ts";
import { t } from "../words/words.ts";
import { custodians } from "./records.ts";

export function CustodyForm({ child }: { child: Person }) {
  const table = useTable(), deed = useDeed();
  const model = table.model.value;
  const held = model ? custodians(model, child.id).map((person) => person.id) : [];
  const ticked = useSignal<string[]>(held);
  const saved = useSignal(false);
  const adults = (model?.family ?? []).filter((person) => person.kind !== "child" && (!person.removed || held.includes(person.id)));
  const save = async () => {
    saved.value = false;
    for (const adult of adults) {
      const gives = ticked.value.includes(adult.id);
      if (gives === held.includes(adult.id)) continue;
      const answer = await deed.run(gives ? "give_custody" : "take_custody", { child: child.id, person: adult.id });
      if (!answer.ok) return;
    }
    saved.value = true;
  };
  return (
    <section class="consent" data-form="custody">
      <h3>{t("custody.title")}</h3>
      {adults.length === 0 ? <p class="soft">{t("custody.no_adults")}</p> : (
        <DialogForm deed={deed} onSubmit={() => void save()} confirm={t("act.save")} tone="plain">
          <Checks name="custody" legend={t("custody.legend", { name: called(child) })} value={ticked} choices={adults.map((adult) => ({ value: adult.id, label: called(adult) }))} />
          <p class="saved" role="status">{saved.value && t("consent.saved")}</p>
        </DialogForm>
      )}
    </section>
  );
}
