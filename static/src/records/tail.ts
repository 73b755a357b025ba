// Follows the access log: tells of new lines as they come, and puts them on the page
// when asked, so that nothing moves under who reads.
import * as lock from "../lock/events.ts";
import { News } from "./news.ts";

/** Where new lines come from; an EventSource. */
export interface Stream {
  addEventListener(name: string, hear: (event: MessageEvent<string>) => void): void;
  close(): void;
}

/** Makes the buttons in a box work; `open` begins to follow from a place on. */
export function following(box: HTMLElement, list: () => HTMLElement, open: (place: string) => Stream): void {
  const toggle = box.querySelector<HTMLButtonElement>("[data-act=tail]");
  const fresh = box.querySelector<HTMLButtonElement>("[data-act=fresh]");
  const status = box.querySelector<HTMLElement>("[role=status]");
  if (!toggle || !fresh || !status) return;
  const words = status.dataset;
  const news = new News(box.dataset.tail ?? "", words);
  let stream: Stream | undefined;

  const stop = (says: string) => {
    stream?.close();
    stream = undefined;
    toggle.setAttribute("aria-pressed", "false");
    status.textContent = says;
  };
  const start = () => {
    stream = open(news.place);
    toggle.setAttribute("aria-pressed", "true");
    status.textContent = words.began ?? "";
    stream.addEventListener("lines", (event) => {
      news.hear(event.data, event.lastEventId);
      fresh.textContent = `${words.show}: ${news.counted}`;
      fresh.hidden = false;
      status.textContent = news.counted;
    });
    stream.addEventListener("ended", () => stop(words.ended ?? ""));
  };
  toggle.addEventListener("click", () => stream ? stop("") : start());
  fresh.addEventListener("click", () => {
    const template = document.createElement("template");
    template.innerHTML = news.take(); // lines as the server renders them on the page
    const first = template.content.querySelector<HTMLElement>("li");
    list().prepend(template.content);
    fresh.hidden = true;
    status.textContent = stream ? words.began ?? "" : "";
    if (first) {
      first.tabIndex = -1;
      first.focus();
    }
  });
  document.addEventListener(lock.hidden, () => { if (stream) stop(words.ended ?? ""); });
  box.hidden = false;
}
