// Entry point of the Scherm: the page on the projector of a meeting room.
import "./page.css";
import { render } from "preact";
import { Screen } from "./screen/screen.tsx";
import { sitDown } from "./sit-down.ts";

const { root, table } = sitDown();
render(<Screen table={table} />, root);
table.live.connect();
