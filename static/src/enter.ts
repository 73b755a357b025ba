// Entry point of the one-time sign-in link: the token stands behind the # so
// that it is in no log, and is handed over in the body of a form. The page has
// a [data-enter=busy] and a hidden [data-enter=failed].
const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname);

const answer = await fetch("/enter", { method: "POST", body: new URLSearchParams({ token }), redirect: "manual" }).catch(() => undefined);
if (answer && (answer.ok || answer.type === "opaqueredirect")) location.replace("/start");
else {
  document.querySelector("[data-enter=busy]")?.setAttribute("hidden", "");
  document.querySelector("[data-enter=failed]")?.removeAttribute("hidden");
}

export {};
