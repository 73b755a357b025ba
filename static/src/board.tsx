// Entry point of the board page.
import "./page.css";
import { render } from "preact";
import { Page } from "./board/board.tsx";
import { Hints } from "./hints/state.ts";
import { sitDown } from "./sit-down.ts";
import { Spelling } from "./spelling/state.ts";
import { Wording } from "./wording/state.ts";

const { root, table } = sitDown();
table.hints = new Hints(root.dataset.hints ?? "");
table.wording = new Wording(root.dataset.wording);
const worker = root.dataset.spelling;
table.spelling = new Spelling(worker ? () => new Worker(worker, { type: "module" }) : undefined, root.dataset.licences);
render(<Page table={table} signOut={root.dataset.signout ?? "/sign-out"} />, root);
table.live.connect();
