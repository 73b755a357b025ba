// Entry point of the board page.
import "./page.css";
import { render } from "preact";
import { Page } from "./board/board.tsx";
import { sitDown } from "./sit-down.ts";

const { root, table } = sitDown();
render(<Page table={table} signOut={root.dataset.signout ?? "/sign-out"} />, root);
table.live.connect();
