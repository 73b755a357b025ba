// A link whose token stands behind the #: no server, log or proxy sees it. The
// page hands it over in the body of a form, and takes it out of the address.

/** Hands the token over; a page without one says that its link does not work. */
export function handOver(form: HTMLFormElement, said: (word: "busy" | "failed") => HTMLElement | null): void {
  const token = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  const field = form.querySelector<HTMLInputElement>("[name=token]");
  if (token && field) {
    field.value = token;
    form.submit();
    return;
  }
  said("busy")?.setAttribute("hidden", "");
  said("failed")?.removeAttribute("hidden");
}
