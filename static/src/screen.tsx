// Entry point of the Scherm: the page on the projector of a meeting room.
import "./page.css";
import { render } from "preact";
import { inUse } from "./lock/events.ts";
import { Screen } from "./screen/screen.tsx";
import { sitDown } from "./sit-down.ts";

const { root, table } = sitDown();
render(<Screen table={table} />, root);
table.live.connect();

// What it shows is looked at, though nobody touches it. An empty Scherm locks as any page does.
const sayEvery = 30_000; // milliseconds
setInterval(() => { if (document.visibilityState === "visible" && table.model.peek()?.attendance.screen) document.dispatchEvent(new Event(inUse)); }, sayEvery);
