// CodeMirror writes its styles into a style element, which our content policy
// does not let in. A sheet that a document adopts is made by a script that is let
// in already, so the policy stays as strict as it is.
import { StyleModule } from "style-mod";

const adopted = new Map<StyleModule, CSSStyleSheet>();

StyleModule.mount = (_root, modules) => {
  const sheets = [modules].flat().map((module) => {
    const known = adopted.get(module);
    if (known) return known;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(module.getRules());
    adopted.set(module, sheet);
    return sheet;
  });
  const others = document.adoptedStyleSheets.filter((sheet) => !sheets.includes(sheet));
  document.adoptedStyleSheets = [...others, ...sheets];
};
