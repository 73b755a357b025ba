// Follows the access log: tells of new lines as they come, and puts them on the page
// when asked, so that nothing moves under who reads.
import * as lock from "../lock/events.ts";
import { Follow } from "./follow.ts";
import type { Stream } from "./follow.ts";
import { inWords, News } from "./news.ts";

// Who listens to the page hears at once that there is something new, and of what more
// comes no oftener than this.
const quiet = 30_000; // milliseconds

/** Makes the buttons in a box work; `open` begins to follow from a place on. */
export function following(box: HTMLElement, list: () => HTMLElement, open: (place: string) => Stream): void {
  const toggle = box.querySelector<HTMLButtonElement>("[data-act=tail]");
  const fresh = box.querySelector<HTMLButtonElement>("[data-act=fresh]");
  const status = box.querySelector<HTMLElement>("[data-stands]");
  const heard = box.querySelector<HTMLElement>("[data-heard]");
  if (!toggle || !fresh || !status || !heard) return;
  const words = status.dataset;
  const news = new News(box.dataset.tail ?? "", words);
  const says = { on: words.began ?? "", lost: words.lost ?? "", over: words.ended ?? "" };
  let told = 0;
  const follow = new Follow(news, open, (how) => {
    toggle.setAttribute("aria-pressed", String(how !== "over"));
    status.textContent = says[how];
  }, () => {
    if (fresh.hidden || performance.now() - told > quiet) {
      heard.textContent = news.counted;
      told = performance.now();
    }
    fresh.textContent = `${words.show}: ${news.counted}`;
    fresh.hidden = false;
  });
  const stop = (said: string) => {
    follow.stop();
    toggle.setAttribute("aria-pressed", "false");
    status.textContent = said;
  };
  toggle.addEventListener("click", () => {
    if (follow.active) {
      stop("");
      return;
    }
    toggle.setAttribute("aria-pressed", "true");
    follow.start();
  });
  fresh.addEventListener("click", () => {
    const template = document.createElement("template");
    template.innerHTML = news.take(); // lines as the server renders them on the page
    const first = template.content.querySelector<HTMLElement>("li");
    const lines = list();
    lines.prepend(template.content);
    recount(lines);
    fresh.hidden = true;
    heard.textContent = "";
    if (first) {
      first.tabIndex = -1;
      first.focus();
    }
  });
  document.addEventListener(lock.hidden, () => { if (follow.active) stop(says.over); });
  box.hidden = false;
}

/** Says again how many lines are on the page. */
function recount(lines: HTMLElement): void {
  const count = document.querySelector<HTMLElement>("[data-count]");
  if (count) count.textContent = inWords(lines.childElementCount, count.dataset);
}
