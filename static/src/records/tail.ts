// Follows the access log: tells of new lines as they come, and puts them on the page
// when asked, so that nothing moves under who reads.
import * as lock from "../lock/events.ts";

/** Where new lines come from; an EventSource. */
export interface Stream {
  addEventListener(name: string, hear: (event: MessageEvent<string>) => void): void;
  close(): void;
}

interface Lines { count: number; rows: string }

/** Makes the buttons in a box work; `open` begins to follow from a place on. */
export function following(box: HTMLElement, list: () => HTMLElement, open: (place: string) => Stream): void {
  const toggle = box.querySelector<HTMLButtonElement>("[data-act=tail]");
  const fresh = box.querySelector<HTMLButtonElement>("[data-act=fresh]");
  const status = box.querySelector<HTMLElement>("[role=status]");
  if (!toggle || !fresh || !status) return;
  const words = status.dataset;
  let place = box.dataset.tail ?? "", stream: Stream | undefined, waiting = "", count = 0;

  const counted = () => (count === 1 ? words.single : words.several)?.replace("{n}", String(count)) ?? "";
  const stop = (says: string) => {
    stream?.close();
    stream = undefined;
    toggle.setAttribute("aria-pressed", "false");
    status.textContent = says;
  };
  const start = () => {
    stream = open(place);
    toggle.setAttribute("aria-pressed", "true");
    status.textContent = words.began ?? "";
    stream.addEventListener("lines", (event) => {
      const lines = JSON.parse(event.data) as Lines;
      place = event.lastEventId;
      waiting = lines.rows + waiting;
      count += lines.count;
      fresh.textContent = `${words.show}: ${counted()}`;
      fresh.hidden = false;
      status.textContent = counted();
    });
    stream.addEventListener("ended", () => stop(words.ended ?? ""));
  };
  toggle.addEventListener("click", () => stream ? stop("") : start());
  fresh.addEventListener("click", () => {
    const template = document.createElement("template");
    template.innerHTML = waiting; // lines as the server renders them on the page
    const first = template.content.querySelector<HTMLElement>("li");
    list().prepend(template.content);
    waiting = "";
    count = 0;
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
