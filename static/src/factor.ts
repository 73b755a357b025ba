// Entry point of the pages on which somebody shows or makes a second factor.
import "./page.css";
import "./factor/factor.css";
import { ready } from "./factor/forms.ts";

ready();
const print = document.querySelector<HTMLButtonElement>("[data-act=print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
