// A tick box under passwords that shows what is typed, as nobody has to type
// them twice here. They are hidden again before they are sent, so that no browser
// keeps them as ordinary words.

/** Puts the box before the buttons of a form that has passwords. */
export function reveal(form: HTMLFormElement, words: string): void {
  const fields = [...form.querySelectorAll<HTMLInputElement>("input[type=password]")];
  const last = fields.at(-1)?.closest(".field");
  if (!last) return;
  const box = document.createElement("input");
  box.type = "checkbox";
  const label = document.createElement("label");
  label.className = "reveal";
  label.append(box, words);
  last.after(label);
  const show = (shown: boolean) => { for (const field of fields) field.type = shown ? "text" : "password"; };
  box.addEventListener("change", () => show(box.checked));
  form.addEventListener("submit", () => show(false));
}
