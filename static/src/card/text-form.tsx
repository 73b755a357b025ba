// Editing the title, and the text of a draft, each over the version that is on
// the screen. When somebody was first both texts are shown and nothing is lost.
// On the table many write in the text at once: it has an editor of its own.
import { PencilLine } from "lucide";
import { useEffect, useMemo } from "preact/hooks";
import { DialogForm } from "../dialog/dialog.tsx";
import { CopyableText, TextArea, TextField } from "../dialog/field.tsx";
import { Icon } from "../icon/icon.tsx";
import { NamingWarning } from "../naming/naming-warning.tsx";
import type { Text } from "../protocol.ts";
import { useDeed } from "../state/deed.ts";
import type { KnownCard } from "../state/model.ts";
import { useTable } from "../state/table.ts";
import type { Typed } from "../state/typed.ts";
import { WordingHints } from "../wording/wording-hints.tsx";
import { t } from "../words/words.ts";

export function TextForm({ card, onBack }: { card: KnownCard; onBack: () => void }) {
  const table = useTable(), deed = useDeed();
  const key = `card.${card.id}.`;
  const restored = useMemo(() => table.typed.dirty(key), [key]);
  const title = useEdited(`${key}title`, card.title), text = useEdited(`${key}text`, card.text);
  const dirty = title.changed || (text.changed && !card.tabled);
  const clash = !deed.busy.value && (title.clash || (text.clash && !card.tabled));

  async function save() {
    if (title.changed) {
      const answer = await deed.run("retitle_card", { card: card.id, title: title.typed.text.value, base: card.title.base });
      if (!answer.ok) return;
      title.accept({ base: card.title.base, body: title.typed.text.value });
    }
    if (text.changed && !card.tabled) {
      const answer = await deed.run("edit_card", { card: card.id, text: text.typed.text.value, base: card.text.base });
      if (!answer.ok) return;
    }
    leave();
  }

  function leave() {
    table.typed.forget(key);
    onBack();
  }

  return (
    <DialogForm deed={deed} onSubmit={() => void save()} confirm={t(clash ? "conflict.save" : "act.save")}
      onBack={dirty ? undefined : onBack} onDiscard={dirty ? leave : undefined}>
      {restored && <p class="notice">{t("typed.kept")}</p>}
      {clash && (
        <div class="notice conflict" role="alert" data-conflict="">
          <strong>{t("conflict.title")}</strong>
          <p>{t("conflict.text")}</p>
        </div>
      )}
      <TextField name="title" label={clash && title.clash ? t("conflict.mine") : t("card.title")} value={title.typed.text} required max={200} autofocus />
      {clash && title.clash && <Current text={card.title} onKeep={() => title.accept(card.title)} />}
      {card.tabled ? <WriteInstead card={card} /> : <TextArea name="text" label={clash && text.clash ? t("conflict.mine") : t("card.text")} value={text.typed.text} />}
      <WordingHints texts={[title.typed.text.value, text.typed.text.value]} kind={card.kind} />
      {card.tabled && <NamingWarning texts={[title.typed.text.value, text.typed.text.value]} person={card.person} class={card.class} named={card.named} />}
      {clash && text.clash && <Current text={card.text} onKeep={() => text.accept(card.text)} />}
    </DialogForm>
  );
}

function WriteInstead({ card }: { card: KnownCard }) {
  const table = useTable();
  if (!table.rights.value?.mayWriteIn(card)) return null;
  return <div class="row"><button type="button" class="btn" data-act="write" onClick={() => table.write(card.id)}><Icon of={PencilLine} /> {t("editor.write_text")}</button></div>;
}

function Current({ text, onKeep }: { text: Text; onKeep: () => void }) {
  return (
    <CopyableText label={t("conflict.current")} text={text.body}>
      <button type="button" class="btn" data-act="keep" onClick={onKeep}>{t("conflict.keep")}</button>
    </CopyableText>
  );
}

interface Edited { typed: Typed; changed: boolean; clash: boolean; accept: (now: Text) => void }

/** My text over the one that is there now. What I did not touch follows what others write. */
function useEdited(key: string, now: Text): Edited {
  const table = useTable();
  const typed = useMemo(() => table.typed.begin(key, now.base, now.body), [key]);
  const mine = typed.text.value;
  const changed = mine !== typed.from;
  function accept(text: Text) {
    typed.base = text.base;
    typed.from = text.body;
    typed.text.value = text.body;
  }
  useEffect(() => { if (!changed && typed.base !== now.base) accept(now); }, [now.base, changed]);
  return { typed, changed, clash: changed && typed.base !== now.base && mine !== now.body, accept };
}
