// A card that somebody writes for a colleague: marked as such until that
// colleague has answered, and the answer.
import { Refusal } from "../refusal/refusal.tsx";
import { useDeed } from "../state/deed.ts";
import type { KnownCard } from "../state/model.ts";
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";

/** What stands above a draft: whose it is, and whether it waits for somebody. */
export function DraftMark({ card }: { card: KnownCard }) {
  const table = useTable();
  const words = card.for === undefined
    ? card.declined === undefined ? t("card.draft") : t("asked.declined", { name: table.nameOf(card.declined) })
    : card.for === table.me.value?.user ? t("asked.me", { name: table.nameOf(card.by) }) : t("asked.writer", { name: table.nameOf(card.for) });
  return <p class="mark" translate={false} {...(card.for !== undefined && { "data-asked": card.for })}>{words}</p>;
}

/** On an opened card: what waiting means, and what can be done about it. */
export function AskedActs({ card }: { card: KnownCard }) {
  const table = useTable(), deed = useDeed();
  if (card.for === undefined) return null;
  const mine = card.for === table.me.value?.user;
  const done = async (cmd: "decline_card" | "withdraw_card") => { if ((await deed.run(cmd, { card: card.id })).ok) deed.leave(); };
  const confirm = async () => {
    const answer = await deed.run("confirm_card", {
      card: card.id, title: card.title.base, text: card.text.base, class: card.class, kind: card.kind,
      ...(card.person !== undefined && { person: card.person }), ...(card.domain && { domain: card.domain }), ...(card.seen && { seen: card.seen }),
    });
    if (answer.ok) deed.leave();
  };
  return (
    <section class="asked-acts" data-asked-acts="">
      <p class="soft" translate={false}>{mine ? t("asked.me_text") : t("asked.writer_text", { name: table.nameOf(card.for) })}</p>
      <Refusal error={deed.error.value} />
      <div class="row">
        {mine && <button type="button" class="btn primary" data-act="confirm-card" aria-disabled={deed.busy.value} onClick={() => { if (!deed.busy.value) void confirm(); }}>{t("asked.confirm")}</button>}
        {mine && <button type="button" class="btn" data-act="decline-card" aria-disabled={deed.busy.value} onClick={() => { if (!deed.busy.value) void done("decline_card"); }}>{t("asked.decline")}</button>}
        {!mine && <button type="button" class="btn" data-act="withdraw-card" aria-disabled={deed.busy.value} onClick={() => { if (!deed.busy.value) void done("withdraw_card"); }}>{t("asked.withdraw")}</button>}
      </div>
    </section>
  );
}
