// Gives the text as it stands now a name, so that it can be found back.
import { useSignal } from "@preact/signals";
import { Bookmark } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { DialogForm } from "../dialog/dialog.tsx";
import { TextField } from "../dialog/field.tsx";
import { Icon } from "../icon/icon.tsx";
import { useDeed } from "../state/deed.ts";
import type { KnownCard } from "../state/model.ts";
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";
import type { Version } from "./versions.ts";

const longest = 80; // characters

export function NameVersion({ card, all, onNamed }: { card: KnownCard; all: Version[]; onNamed: () => void }) {
  const table = useTable(), deed = useDeed();
  const open = useSignal(false), name = useSignal("");
  const button = useRef<HTMLButtonElement>(null), was = useRef(false);
  useEffect(() => {
    if (was.current && !open.value) button.current?.focus();
    was.current = open.value;
  }, [open.value]);
  const named = all.some((version) => version.name !== undefined && version.id === card.text.base);
  if (!table.rights.value?.mayWriteIn(card) || card.text.body === "" || named) return null;
  const close = () => { name.value = ""; open.value = false; };
  const save = async () => {
    if (!(await deed.run("name_version", { card: card.id, name: name.value })).ok) return;
    close();
    onNamed();
  };
  if (!open.value) {
    return <div class="row"><button type="button" class="btn small" data-act="name-version" ref={button} onClick={() => { open.value = true; }}><Icon of={Bookmark} /> {t("version.name_now")}</button></div>;
  }
  return (
    <DialogForm deed={deed} onSubmit={() => void save()} confirm={t("version.name_confirm")} tone="plain" onBack={close}>
      <TextField name="version-name" label={t("version.name")} hint={t("version.name_hint")} value={name} required max={longest} autofocus />
    </DialogForm>
  );
}
