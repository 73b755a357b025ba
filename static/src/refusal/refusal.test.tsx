import assert from "node:assert/strict";
import { test } from "node:test";
import { render } from "preact-render-to-string";
import { Refusal } from "./refusal.tsx";

test("the reason is said first, then the rule in its own words", () => {
  const html = render(<Refusal error={{ kind: "denied", reason: "not_allowed", rule: "D-07", why: "Never opened up" }} />);
  assert.match(html, /role="alert".*Dit mag je hier niet\..*Regel D-07.*Never opened up/s);
});

test("a reason that the program came with is told in the language of the page", () => {
  const own = "A safety or private card is never opened up: write a new card without the secret";
  assert.match(render(<Refusal error={{ kind: "denied", reason: "not_allowed", rule: "D-07", why: own }} />), /<q lang="nl">Een kaart over veiligheid/);
  assert.match(render(<Refusal error={{ kind: "denied", reason: "not_allowed", rule: "D-07", why: "Zo is het bij ons" }} />), /<q lang="en">Zo is het bij ons/);
});

test("an unknown reason still says something", () => {
  assert.match(render(<Refusal error={{ kind: "internal", reason: "what_is_this" }} />), /Dit lukte niet\./);
});

test("without an error there is a silent place for one", () => {
  assert.equal(render(<Refusal error={undefined} />), '<div role="alert" class="refusal-place"></div>');
});
