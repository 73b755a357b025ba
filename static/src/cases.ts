// Entry point of the page of one's own cases. The page is whole without it; it
// puts moments into this machine's own time and lets one search by name.
import "./page.css";
import "./cases/cases.css";
import { narrow } from "./cases/search.ts";
import { when } from "./cases/when.ts";
import { now } from "./words/clock.ts";

for (const time of document.querySelectorAll<HTMLTimeElement>("time[datetime]")) {
  const at = new Date(time.dateTime);
  time.title = time.textContent ?? "";
  time.textContent = when(at, now(), document.documentElement.lang);
}

const search = document.querySelector<HTMLElement>("[data-search]");
const field = search?.querySelector("input"), said = search?.querySelector<HTMLElement>("[role=status]");
if (search && field && said) {
  search.hidden = false;
  narrow(field, [...document.querySelectorAll<HTMLElement>("li[data-name]")], said);
}
