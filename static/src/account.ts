// Entry point of the pages about accounts. They are whole without it; it puts
// moments into this machine's own time and shows a password that is being typed.
import "./page.css";
import "./account/account.css";
import "./records/records.css";
import "./report/report.css";
import { copying } from "./account/copy.ts";
import { handOver } from "./account/fragment.ts";
import { reveal } from "./account/reveal.ts";
import { when } from "./cases/when.ts";
import { ready } from "./factor/forms.ts";
import { following } from "./records/tail.ts";
import { now } from "./words/clock.ts";

for (const time of document.querySelectorAll<HTMLTimeElement>("time[datetime]")) {
  const at = new Date(time.dateTime);
  time.title = time.textContent ?? "";
  time.textContent = when(at, now(), document.documentElement.lang);
}

ready();
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passwords]")) reveal(form, form.dataset.passwords ?? "");

const handing = document.querySelector<HTMLFormElement>("form[data-fragment]");
if (handing) handOver(handing, (word) => document.querySelector(`[data-handing=${word}]`));

for (const row of document.querySelectorAll<HTMLElement>("[data-copy]")) {
  const field = document.getElementById(row.dataset.copy ?? "");
  if (field instanceof HTMLInputElement) copying(row, field);
}

const tail = document.querySelector<HTMLElement>("[data-tail]");
if (tail) following(tail, log, (place) => new EventSource(`/records/tail?newer=${encodeURIComponent(place)}`));

/** The lines of the access log on the page; where there were none, a place for them. */
function log(): HTMLElement {
  const there = document.querySelector<HTMLElement>(".log");
  if (there) return there;
  const made = document.createElement("ul");
  made.className = "list log";
  document.querySelector(".records > .notice")?.replaceWith(made);
  return made;
}
