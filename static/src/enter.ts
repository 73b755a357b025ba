// Entry point of the one-time sign-in link: the token stands behind the # so
// that it is in no log, and is handed over in the body of a form. The page has
// a [data-enter=busy], and hidden a [data-enter=failed] for a link that is spent and a
// [data-enter=later] with a button for one that could not be tried.
const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname);

function show(what: "busy" | "failed" | "later") {
  for (const part of document.querySelectorAll<HTMLElement>("[data-enter]")) part.hidden = part.dataset["enter"] !== what;
}

async function enter() {
  show("busy");
  const answer = await fetch("/enter", { method: "POST", body: new URLSearchParams({ token }), redirect: "manual" }).catch(() => undefined);
  if (answer?.ok || answer?.type === "opaqueredirect") return location.replace("/start");
  show(answer?.status === 403 ? "failed" : "later");
  document.querySelector<HTMLElement>("[data-act=try]")?.focus();
}

document.querySelector("[data-act=try]")?.addEventListener("click", enter);
await enter();

export {};
