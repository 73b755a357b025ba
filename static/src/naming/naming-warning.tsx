// Says calmly, before something is read by more people than is safe, which
// words to look at again. Place it in any form that has texts and a circle.
import { useMemo } from "preact/hooks";
import type { Class } from "../protocol.ts";
import { called, useTable } from "../state/table.ts";
import { t } from "../words/words.ts";
import { warnings, type Warning } from "./naming.ts";
import "./naming.css";

interface Props { texts: string[]; person?: string | undefined; class: Class; named?: string[] | undefined }

export function NamingWarning({ texts, person, class: circle, named }: Props) {
  const model = useTable().model.value;
  const found = useMemo(
    () => (model ? warnings({ texts, person, class: circle, named }, model) : []),
    [texts.join("\n"), person, circle, named?.join(), model?.family, model?.team],
  );
  return (
    <div role="status" class="naming-place">
      {found.length > 0 && (
        <div class="naming" data-naming={found.length}>
          <strong>{t("naming.title")}</strong>
          <ul>{found.map((warning) => <li key={warning.what + warning.word} data-naming-what={warning.what} translate={false}>{words(warning)}</li>)}</ul>
          <p>{t("naming.hint")}</p>
        </div>
      )}
    </div>
  );
}

function words(warning: Warning): string {
  if (warning.what !== "person") return t(`naming.${warning.what}`, { word: warning.word });
  return t("naming.person", { word: warning.word, name: called(warning.person) });
}
