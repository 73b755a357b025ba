// Finding one of one's own cases by name. The list is on the page already, so
// nothing that is typed leaves it.

/** A name as it is compared: without case, accents and extra spaces. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
}

/** Whether each of the names holds every word that was typed. */
export function matches(names: string[], typed: string): boolean[] {
  const words = plain(typed).split(" ");
  return names.map((name) => words.every((word) => plain(name).includes(word)));
}

/** Lets the field narrow the rows, and says how many are left. */
export function narrow(field: HTMLInputElement, rows: HTMLElement[], said: HTMLElement): void {
  const apply = () => {
    const found = matches(rows.map((row) => row.dataset.name ?? ""), field.value);
    rows.forEach((row, i) => { row.hidden = !found[i]; });
    const n = found.filter(Boolean).length;
    const words = n === 0 ? said.dataset.foundNone : n === 1 ? said.dataset.foundOne : said.dataset.foundOther;
    said.textContent = plain(field.value) === "" ? "" : (words ?? "").replace("{n}", String(n));
  };
  field.addEventListener("input", apply);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || field.value === "") return;
    event.preventDefault();
    field.value = "";
    apply();
  });
  apply(); // a browser may bring back what was typed before
}
