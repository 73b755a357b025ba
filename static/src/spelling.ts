// Entry point of the worker that holds the Dutch list of words. It asks for
// nothing but that list, and tells what it is told to nobody but its page.
import list from "../node_modules/@cspell/dict-nl-nl/Dutch.trie.gz";
import { Dictionary } from "./spelling/dictionary.ts";
import type { Asked, Told } from "./spelling/messages.ts";

const dictionary = read();
dictionary.then(() => tell({ ready: true }), () => tell({ ready: false }));

addEventListener("message", ({ data }: MessageEvent<Asked>) => {
  void dictionary.then((known) => {
    if ("check" in data) tell({ id: data.id, wrong: data.check.filter((word) => !known.knows(word)) });
    else tell({ id: data.id, instead: known.suggest(data.suggest) });
  }).catch(() => tell({ ready: false })); // a page that waits for an answer does not wait for ever
});

async function read(): Promise<Dictionary> {
  const answer = await fetch(new URL(list, import.meta.url));
  if (!answer.ok || !answer.body) throw new Error(`the list of words: ${answer.status}`);
  return new Dictionary(new Uint8Array(await new Response(answer.body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer()));
}

function tell(told: Told): void { self.postMessage(told) }
