// What every page of a case begins with: the shell names the case and through
// whose eyes to look; everything else comes over the socket.
import * as lock from "./lock/events.ts";
import { subprotocol } from "./protocol.ts";
import { Table } from "./state/table.ts";

export function sitDown(): { root: HTMLElement; table: Table } {
  const root = document.getElementById("board");
  if (!root) throw new Error("no #board on this page");

  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const table = new Table(root.dataset.case ?? "", () => new WebSocket(`${scheme}://${location.host}/live`, subprotocol), root.dataset.as);

  // The wait for a next try ends when there may be a network, or somebody looks.
  addEventListener("online", () => table.live.retry());
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") table.live.connect(); });
  addEventListener("beforeunload", (event) => { if (table.unsaved()) event.preventDefault(); });
  // The lock takes the page off the screen; what is known of the case goes too.
  document.addEventListener(lock.hidden, () => table.lock());
  document.addEventListener(lock.shown, () => table.unlock());
  table.onLocked = () => document.dispatchEvent(new Event(lock.told));
  document.addEventListener(lock.mine, () => { table.stillMe.value = true; });
  table.onEnded = () => document.dispatchEvent(new Event(lock.whose));
  table.onStranger = () => location.reload();
  return { root, table };
}
