import assert from "node:assert/strict";
import { test } from "node:test";
import { News } from "./news.ts";

const words = { single: "1 nieuwe regel", several: "{n} nieuwe regels" };
const lines = (...ids: string[]) => JSON.stringify({ count: ids.length, rows: ids.map((id) => `<li>${id}</li>`).join("") });

test("lines wait newest first, and are counted in words", () => {
  const news = new News("a", words);
  assert.equal(news.counted, "0 nieuwe regels");
  news.hear(lines("one"), "b");
  assert.equal(news.counted, "1 nieuwe regel");
  news.hear(lines("three", "two"), "c");
  assert.equal(news.counted, "3 nieuwe regels");
  assert.equal(news.take(), "<li>three</li><li>two</li><li>one</li>");
});

test("what was taken is not given again, and following goes on from the last place", () => {
  const news = new News("a", words);
  news.hear(lines("one"), "b");
  news.take();
  assert.equal(news.take(), "");
  assert.equal(news.counted, "0 nieuwe regels");
  assert.equal(news.place, "b");
  news.hear(lines("two"), "c");
  assert.equal(news.take(), "<li>two</li>");
});

test("what cannot be read changes nothing", () => {
  const news = new News("a", words);
  news.hear(lines("one"), "b");
  assert.throws(() => news.hear("{", "c"));
  assert.equal(news.place, "b");
  assert.equal(news.counted, "1 nieuwe regel");
});

test("a page without words says nothing", () => {
  assert.equal(new News("a", {}).counted, "");
});
