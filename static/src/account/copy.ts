// A button that puts what stands in a field on the clipboard, where browsers let it.

/** Shows the button of a row and lets it copy the field. */
export function copying(row: HTMLElement, field: HTMLInputElement): void {
  const button = row.querySelector("button"), said = row.querySelector<HTMLElement>("[role=status]");
  if (!navigator.clipboard || !button || !said) return;
  row.hidden = false;
  button.addEventListener("click", () => {
    void navigator.clipboard.writeText(field.value).then(() => { said.hidden = false; }, () => field.select());
  });
}
