// Entry point of the board page. The shell names the case and the way out;
// everything else comes over the socket.
import "./page.css";
import { render } from "preact";
import { Page } from "./board/board.tsx";
import { subprotocol } from "./protocol.ts";
import * as lock from "./lock/events.ts";
import { Table } from "./state/table.ts";

const root = document.getElementById("board");
if (!root) throw new Error("no #board on this page");

const scheme = location.protocol === "https:" ? "wss" : "ws";
const table = new Table(root.dataset.case ?? "", () => new WebSocket(`${scheme}://${location.host}/live`, subprotocol));

render(<Page table={table} signOut={root.dataset.signout ?? "/sign-out"} />, root);
table.live.connect();

// The wait for a next try ends when there may be a network, or somebody looks.
addEventListener("online", () => table.live.retry());
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") table.live.connect(); });
addEventListener("beforeunload", (event) => { if (table.unsaved()) event.preventDefault(); });
// The lock takes the page off the screen; what is known of the case goes too.
document.addEventListener(lock.hidden, () => table.lock());
document.addEventListener(lock.shown, () => table.unlock());
table.onLocked = () => document.dispatchEvent(new Event(lock.told));
table.onStranger = () => location.reload();
