// Entry point of every page of who is signed in: locks it after some quiet
// minutes or when asked to, and takes everything off a page that the browser
// keeps for the way back. The words stand in template#lock; a page that was
// locked when it was loaded has them in place.
import { ask as askPasskey } from "./factor/forms.ts";
import { answer, known } from "./factor/passkey.ts";
import * as events from "./lock/events.ts";
import { Guard, type Outcome, type Page, type Proof, type Saying, type Told } from "./lock/guard.ts";
import { IdleClock } from "./lock/idle.ts";

const { user = "", lockAfter = "0" } = document.body.dataset;
const asLoaded = document.querySelector<HTMLElement>("[data-lock]");
const checkEvery = 1_000; // milliseconds

// What is off the screen lives on here: forms keep what was typed in them.
let kept: DocumentFragment | undefined;
let focused: Element | null = null;

function takeAway(): void {
  if (kept) return;
  focused = document.activeElement;
  kept = document.createDocumentFragment();
  kept.append(...document.body.childNodes);
  document.dispatchEvent(new Event(events.hidden));
}

const page: Page = {
  hide() {
    if (asLoaded) return;
    takeAway();
    const lock = kept?.querySelector<HTMLTemplateElement>("template#lock")?.content.cloneNode(true);
    if (lock) document.body.append(lock);
    const screen = document.querySelector<HTMLElement>("[data-lock]");
    if (screen) ready(screen);
  },
  show() {
    if (!kept) {
      location.reload(); // it was locked when it was loaded
      return;
    }
    document.body.replaceChildren(kept);
    kept = undefined;
    document.dispatchEvent(new Event(events.shown));
    if (focused instanceof HTMLElement) focused.focus();
  },
  say(what: Saying | undefined) {
    for (const line of document.querySelectorAll<HTMLElement>("[data-lock-says]")) line.hidden = line.dataset.lockSays !== what;
  },
  restart() {
    restarting = true;
    location.reload();
  },
};

let restarting = false;
addEventListener("beforeunload", (event) => { if (restarting) event.stopImmediatePropagation(); }, { capture: true });

const states: Record<number, Outcome["state"]> = { 200: "open", 403: "locked", 401: "over" };

async function ask(path: string, init: RequestInit): Promise<Outcome> {
  try {
    const answer = await fetch(path, { ...init, headers: { Accept: "text/plain" }, cache: "no-store", signal: AbortSignal.timeout(15_000) });
    return { state: states[answer.status] ?? "unreachable", user: await answer.text() };
  } catch {
    return { state: "unreachable", user: "" };
  }
}

const server = {
  async lock() {
    const answer = await fetch("/lock", { method: "POST", headers: { Accept: "text/plain" }, keepalive: true, signal: AbortSignal.timeout(15_000) }).catch(() => undefined);
    return answer?.ok ?? false;
  },
  unlock: (proof: Proof) => typeof proof === "string"
    ? ask("/unlock", { method: "POST", body: new URLSearchParams({ password: proof }) })
    : ask("/unlock/passkey", { method: "POST", body: new URLSearchParams(proof) }),
  state: () => ask("/session", {}),
};

/** The other tabs of this browser; without them each tab is for itself. */
function otherTabs(): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel("casustafel");
  } catch {
    return undefined;
  }
}

const tabs = otherTabs();
const guard = new Guard(user, new IdleClock(Number(lockAfter)), page, server, (told) => tabs?.postMessage(told));
tabs?.addEventListener("message", (event: MessageEvent<Told>) => guard.heard(event.data));

/** Makes the lock on the screen work. */
function ready(screen: HTMLElement): void {
  const form = screen.querySelector<HTMLFormElement>("form[action='/unlock']");
  const password = form?.querySelector<HTMLInputElement>("[name=password]") ?? undefined;
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    void guard.unlock(password?.value ?? "").then((opened) => {
      if (opened || !password) return;
      password.value = "";
      password.focus();
    });
  });
  (password ?? form?.querySelector("button"))?.focus();
  const passkey = screen.querySelector<HTMLFormElement>("form[data-unlock-passkey]");
  if (!passkey || !known()) return;
  passkey.hidden = false;
  passkey.addEventListener("submit", (event) => {
    event.preventDefault();
    void askPasskey("proof").then(async ({ options, token }) => {
      await guard.unlock({ question: token, answer: JSON.stringify(await answer("proof", options)) });
    }).catch(() => page.say("failed"));
  });
}

if (asLoaded) {
  guard.told();
  ready(asLoaded);
} else {
  tabs?.postMessage({ word: "unlocked", user } satisfies Told); // here is a session that is open
  void whose(); // unless another signed in while the page came
}

const late = (event: Event, inTime = guard.touched()) => {
  if (inTime) return;
  event.preventDefault();
  event.stopImmediatePropagation();
};
for (const sign of ["keydown", "pointerdown", "click"]) addEventListener(sign, (event) => late(event), { capture: true });
for (const sign of ["touchstart", "input"]) addEventListener(sign, (event) => late(event), { capture: true, passive: true });
addEventListener("wheel", (event) => late(event, guard.moved()), { capture: true, passive: true });
// What moves under a pointer that lies still moves no pointer.
let lay = "";
addEventListener("pointermove", (event) => {
  const lies = `${event.screenX} ${event.screenY}`;
  if (lies !== lay) late(event, guard.moved());
  lay = lies;
}, { capture: true, passive: true });
// Keys on the lock are no shortcuts of the page behind it.
addEventListener("keydown", (event) => { if (guard.locked) event.stopImmediatePropagation(); }, { capture: true });
setInterval(() => guard.check(), checkEvery);
// After the machine slept, or the tab was away: before anything else.
for (const sign of ["focus", "pageshow", "online"]) addEventListener(sign, () => look());
for (const sign of ["visibilitychange", "resume"]) document.addEventListener(sign, () => look());

function look(): void {
  guard.check();
  if (document.visibilityState === "visible") void whose();
}

/** Asks the server who is signed in, and tells the page when it is still its own person. */
async function whose(): Promise<void> {
  if (await guard.look()) document.dispatchEvent(new Event(events.mine));
}

document.addEventListener(events.told, () => guard.told());
document.addEventListener(events.whose, () => void whose());
document.addEventListener(events.inUse, () => guard.inUse());
addEventListener("submit", (event) => {
  if (!(event.target instanceof HTMLFormElement) || event.target.getAttribute("action") !== "/lock") return;
  event.preventDefault();
  const { after } = event.target.dataset; // where to unlock
  void guard.lock().then((told) => { if (told && after) location.assign(after); });
});

// A page that the browser keeps for the way back shows nothing, and starts anew.
addEventListener("pagehide", () => {
  guard.left();
  if (!guard.locked) takeAway();
});
addEventListener("pageshow", (event) => { if (event.persisted) page.restart(); });
