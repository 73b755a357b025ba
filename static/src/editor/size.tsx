// How long a text is: quiet until it is nearly full.
import { bytes, most } from "./room.ts";
import { count, t } from "../words/words.ts";

const near = 2 * 1024; // bytes that are left when it says so

export function Size({ text }: { text: string }) {
  const words = text.match(/[\p{L}\p{N}]+(?:['’.-][\p{L}\p{N}]+)*/gu)?.length ?? 0;
  const left = most - bytes(text);
  return (
    <span class={left < near ? "size small near" : "size small soft"} data-left={left}>
      {count("editor.words", words)}
      {left < near && <> · {left > 0 ? count("editor.left", left) : t("editor.full")}</>}
    </span>
  );
}
