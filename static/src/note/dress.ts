// What the page adds to a text that the server rendered: the names of its blocks in
// the reader's language, buttons for the cards and names for the people it points to,
// and for a task its box in place of a bullet.

export interface Pointed {
  /** What a card is called, unless it is here no longer. */
  card(id: string): string | undefined;
  /** Who somebody is. */
  user(id: string): string | undefined;
  kind(kind: string): string;
}

export function dress(html: string, pointed: Pointed): DocumentFragment {
  const template = document.createElement("template");
  template.innerHTML = html;
  const { content } = template;
  for (const block of content.querySelectorAll<HTMLElement>("[data-kind]")) {
    const name = document.createElement("p");
    name.className = "block-name";
    name.textContent = pointed.kind(block.dataset.kind!);
    block.prepend(name);
  }
  for (const item of content.querySelectorAll("li")) if (/^\s*[☐☑] /.test(item.textContent)) item.className = "task";
  for (const link of content.querySelectorAll<HTMLElement>("a[data-card]")) {
    const id = link.dataset.card!, called = pointed.card(id);
    link.replaceWith(called === undefined ? link.textContent! : button(link.textContent!, id, called));
  }
  for (const mention of content.querySelectorAll<HTMLElement>("span[data-user]")) {
    const called = pointed.user(mention.dataset.user!);
    if (called === undefined) mention.replaceWith(mention.textContent!);
    else {
      mention.className = "mention";
      mention.title = called;
    }
  }
  return content;
}

function button(words: string, card: string, called: string): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link";
  button.dataset.act = "follow";
  button.dataset.to = card;
  button.textContent = words;
  button.title = called;
  button.setAttribute("aria-label", `${words}: ${called}`);
  return button;
}

/** Puts blocks in place of those that are there; what stays the same stays, with its focus and what is marked in it. */
export function lay(note: HTMLElement, content: DocumentFragment): void {
  const was = [...note.childNodes], now = [...content.childNodes];
  let before = 0, after = 0;
  while (before < Math.min(was.length, now.length) && was[before]!.isEqualNode(now[before]!)) before++;
  while (after < Math.min(was.length, now.length) - before && was.at(-1 - after)!.isEqualNode(now.at(-1 - after)!)) after++;
  const end = was[was.length - after] ?? null;
  for (const old of was.slice(before, was.length - after)) old.remove();
  for (const fresh of now.slice(before, now.length - after)) note.insertBefore(fresh, end);
}
