// Follows the access log: tells of new lines as they come, and puts them on the page
// when asked, so that nothing moves under who reads.
import * as lock from "../lock/events.ts";
import { Follow } from "./follow.ts";
import type { Stream } from "./follow.ts";
import { News } from "./news.ts";

/** Makes the buttons in a box work; `open` begins to follow from a place on. */
export function following(box: HTMLElement, list: () => HTMLElement, open: (place: string) => Stream): void {
  const toggle = box.querySelector<HTMLButtonElement>("[data-act=tail]");
  const fresh = box.querySelector<HTMLButtonElement>("[data-act=fresh]");
  const status = box.querySelector<HTMLElement>("[role=status]");
  if (!toggle || !fresh || !status) return;
  const words = status.dataset;
  const news = new News(box.dataset.tail ?? "", words);
  const says = { on: words.began ?? "", lost: words.lost ?? "", over: words.ended ?? "" };
  const follow = new Follow(news, open, (how) => {
    toggle.setAttribute("aria-pressed", String(how !== "over"));
    status.textContent = how === "on" && !fresh.hidden ? news.counted : says[how];
  }, () => {
    fresh.textContent = `${words.show}: ${news.counted}`;
    fresh.hidden = false;
    status.textContent = news.counted;
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
    list().prepend(template.content);
    fresh.hidden = true;
    status.textContent = follow.active ? says.on : "";
    if (first) {
      first.tabIndex = -1;
      first.focus();
    }
  });
  document.addEventListener(lock.hidden, () => { if (follow.active) stop(says.over); });
  box.hidden = false;
}
