// Forms that a passkey answers: form[data-passkey], hidden where the browser has
// none. The server says what to ask; the answer goes with the form, as if typed.
import { answer, known, type Asked, type Wanted } from "./passkey.ts";

/** Makes the forms for passkeys on the page work. */
export function ready(): void {
  if (!known()) return;
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) work(form, form.dataset.passkey as Wanted);
}

function work(form: HTMLFormElement, wanted: Wanted): void {
  const button = form.querySelector("button"), failed = form.querySelector<HTMLElement>("[data-passkey-failed]");
  form.hidden = false;
  let busy = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    if (failed) failed.hidden = true;
    void ask(wanted).then(async (asked) => {
      put(form, "question", asked.token);
      put(form, "answer", JSON.stringify(await answer(wanted, asked.options)));
      form.submit();
    }).catch(() => {
      busy = false;
      if (failed) failed.hidden = false;
      button?.focus();
    });
  });
}

/** What the server wants a passkey for this to be asked. */
export async function ask(wanted: Wanted): Promise<Asked> {
  const said = await fetch("/passkey", { method: "POST", body: new URLSearchParams({ for: wanted }), cache: "no-store", signal: AbortSignal.timeout(15_000) });
  if (said.redirected) location.assign(said.url); // to show a second factor first
  if (!said.ok || said.redirected) throw new Error(`asking was answered with ${said.status}`);
  return await said.json() as Asked;
}

function put(form: HTMLFormElement, name: string, value: string): void {
  const field = form.querySelector<HTMLInputElement>(`input[name=${name}]`) ?? document.createElement("input");
  field.type = "hidden";
  field.name = name;
  field.value = value;
  form.append(field);
}
