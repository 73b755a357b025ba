// The place at the table is gone: says so calmly, and gives back what I typed, to
// me: whoever sits here now may have signed in after me.
import { CopyableText } from "../dialog/field.tsx";
import { closed } from "../protocol.ts";
import { useTable } from "../state/table.ts";
import { t } from "../words/words.ts";

export function Ended({ code }: { code: number }) {
  const table = useTable();
  const why = code === closed.signedOut ? "4100" : code === closed.noSuchCase ? "4101" : code === closed.tooMany ? "4103" : "other";
  const own = table.stillMe.value ? table.ownWords() : [];
  const home = why === "4100" || why === "4101";
  return (
    <main class="page" id="content" data-ended={code}>
      <h2>{t(`ended.${why}.title`)}</h2>
      <p>{t(`ended.${why}.text`)}</p>
      <p>
        {home ? <a class="btn primary" href="/">{t(`ended.${why}.act`)}</a>
          : <button type="button" class="btn primary" data-act="reload" onClick={() => location.reload()}>{t(`ended.${why}.act`)}</button>}
      </p>
      {own.length > 0 && (
        <section class="stack">
          <h3>{t("ended.own.title")}</h3>
          <p>{t("ended.own.text")}</p>
          {own.map((text, i) => <CopyableText key={i} label={t("conflict.mine")} text={text} />)}
        </section>
      )}
    </main>
  );
}
