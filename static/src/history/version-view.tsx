// One version of a card's text: what is different in another one, and the way to
// bring it back.
import { useSignal } from "@preact/signals";
import { Undo2 } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { Difference } from "../difference/difference.tsx";
import { Select } from "../dialog/field.tsx";
import { Icon } from "../icon/icon.tsx";
import type { Line } from "../protocol.ts";
import { Refusal } from "../refusal/refusal.tsx";
import { useDeed } from "../state/deed.ts";
import type { KnownCard } from "../state/model.ts";
import { useTable, type Table } from "../state/table.ts";
import { moment, t } from "../words/words.ts";
import { putBack } from "./put-back.ts";
import { useVersion } from "./use-history.ts";
import { versions, type Version } from "./versions.ts";

/** against: another version; undefined: the text of now. */
interface Look { version: string; against?: string | undefined }
interface Props { card: KnownCard; lines: Line[]; look: Look; onBack: () => void; onChanged: () => void }

const now = "now", alone = "alone";

export function VersionView({ card, lines, look, onBack, onChanged }: Props) {
  const table = useTable(), deed = useDeed();
  const all = versions(lines);
  const chosen = useSignal<string>(look.against ?? now);
  const against = chosen.value === alone || all.some(({ id }) => id === chosen.value) ? chosen.value : now;
  const told = useVersion(card.id, look.version), other = useVersion(card.id, against === now || against === alone ? undefined : against);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const version = all.find(({ id }) => id === look.version)!;
  const body = told && !told.error ? told.body : undefined;
  const place = (id: string) => (id === now ? all.length : all.findIndex((one) => one.id === id));
  const text = against === now ? card.text.body : other && !other.error ? other.body : undefined;
  const [was, later] = place(against) < place(look.version) ? [text, body] : [body, text];

  async function restore(words: string) {
    if (await putBack(table, deed, card, words, lines)) return;
    table.tell(t("version.put_back_done"));
    onChanged();
    onBack();
  }
  return (
    <div class="stack version" data-looked={look.version}>
      <h3 tabIndex={-1} ref={heading} translate={false}>{label(version, table)}</h3>
      <Select name="against" label={t("version.against")} value={against} content onChange={(value) => { chosen.value = value; }} choices={[
        { value: now, label: t("version.now") }, { value: alone, label: t("version.alone") },
        ...all.filter(({ id }) => id !== look.version).reverse().map((one) => ({ value: one.id, label: label(one, table) })),
      ]} />
      {(told?.error ?? other?.error) && <Refusal error={told?.error ?? other?.error} />}
      {body === undefined && !told?.error && <p class="soft" role="status">{t(table.connection.value === "offline" ? "readers.offline" : "version.busy")}</p>}
      {against === alone ? body !== undefined && <p class="note typed" data-body="" translate={false}>{body}</p>
        : was !== undefined && later !== undefined && (was === later ? <p class="soft" data-equal="">{t("version.equal")}</p> : <Difference was={was} now={later} />)}
      <Refusal error={deed.error.value} />
      <div class="row">
        {body !== undefined && body !== card.text.body && table.rights.value?.mayWriteIn(card) && (
          <button type="button" class="btn" data-act="put-back" aria-disabled={deed.busy.value} onClick={() => { if (!deed.busy.value) void restore(body); }}>
            <Icon of={Undo2} /> {t(deed.busy.value ? "act.sending" : "version.put_back")}
          </button>
        )}
        <button type="button" class="btn" data-act="to-history" onClick={onBack}>{t("version.back")}</button>
      </div>
    </div>
  );
}

function label(version: Version, table: Table): string {
  if (version.name !== undefined) return t("version.named", { name: version.name, when: moment(version.at) });
  return t("version.before", { name: table.nameOf(version.user), when: moment(version.at) });
}
