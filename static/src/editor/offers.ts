// Offers the cards and colleagues that a note can name: those that every reader
// of it may see, as the server says. What is offered to nobody stays words.
import { autocompletion, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import { code } from "../ids.ts";
import type { Aims } from "../protocol.ts";
import { called, type Table } from "../state/table.ts";
import { plain } from "../naming/tokens.ts";
import { t } from "../words/words.ts";

const fresh = 10_000; // milliseconds that an answer is good for: rights and cards change
const patience = 3_000; // without a connection nothing is offered

export function offers(table: Table, card: string): Extension {
  let asked: { at: number; aims: Promise<Aims | undefined> } | undefined;
  const aims = () => {
    if (asked && performance.now() - asked.at < fresh) return asked.aims;
    const { id, told } = table.live.targets(card);
    const answer = Promise.race([told, late(() => table.live.forget(id))]);
    asked = { at: performance.now(), aims: answer };
    void answer.then((aims) => { if (!aims) asked = undefined; });
    return answer;
  };
  const source = async (context: CompletionContext): Promise<CompletionResult | null> => {
    const typed = context.matchBefore(/(?:^|(?<=[\s(]))[#@][\p{L}\p{N}'’-]{0,40}/u);
    if (!typed || (!context.explicit && typed.text === "#")) return null; // a heading begins so
    const told = await aims();
    if (!told || told.error || context.aborted) return null;
    const said = plain(typed.text.slice(1));
    const options = (typed.text[0] === "#" ? cards(table, told) : users(table, told)).filter((offer) => offer.found.some((word) => word.includes(said)));
    return { from: typed.from, options: options.slice(0, 50).map(({ option }) => option), filter: false };
  };
  return autocompletion({ override: [source], defaultKeymap: false, icons: false, aboveCursor: false, maxRenderedOptions: 50, optionClass: () => "offer" });
}

interface Offer { option: Completion; found: string[] }

function cards(table: Table, told: Aims): Offer[] {
  return told.cards.flatMap((id) => {
    const card = table.card(id);
    if (!card || card.title.redacted) return [];
    const person = table.person(card.person), from = person ? t("card.from", { name: called(person) }) : t("card.from_professional");
    return { option: { label: `#${code(id)}`, detail: `${card.title.body} · ${from}`, apply: `#${code(id)} ` }, found: [code(id), card.title.body, from].map(plain) };
  });
}

function users(table: Table, told: Aims): Offer[] {
  return told.users.flatMap((user) => {
    const member = table.member(user);
    if (!member || member.ended) return [];
    return { option: { label: `@${member.name}`, detail: t(`role.${member.role}`), apply: `@${member.name} ` }, found: [plain(member.name)] };
  });
}

function late(forget: () => void): Promise<undefined> {
  return new Promise((settle) => setTimeout(() => {
    forget();
    settle(undefined);
  }, patience));
}
