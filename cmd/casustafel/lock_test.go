package main

import (
	"net/url"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/liveclient"
)

// A lock closes the boards that are open under the session on every node, before
// anything that comes after it is delivered; unlocking lets them back.
func TestLockClosesBoardsOnEveryNode(t *testing.T) {
	t.Parallel()
	tb, first := newTable(t)
	second := tb.node("second")
	iris := tb.browser(first, "Iris")
	there := *iris // the same cookies at the other node
	there.Base = second.origins[0]
	here, elsewhere := joinWith(t, tb, iris), joinWith(t, tb, &there)
	daan := tb.sit(second, "Daan")

	post := func(path string) {
		t.Helper()
		answer, err := iris.Post(t.Context(), path, url.Values{})
		if err != nil || answer.StatusCode != 303 {
			t.Fatalf("%s: %v %v", path, answer, err)
		}
		answer.Body.Close() //nolint:errcheck // nothing is in it
	}
	post("/lock")
	card := ask(t, daan, "draft_card", map[string]any{"column": daan.State.Columns[0].ID, "title": "Na het slot", "class": "shared", "kind": "question"}).Made
	ask(t, daan, "table_card", map[string]any{"card": card})
	for name, c := range map[string]*liveclient.Client{"this node": here, "the other node": elsewhere} {
		for {
			m, err := c.Next()
			if err != nil {
				if liveclient.CloseCode(err) != 4105 {
					t.Errorf("on %s the board ended with %v", name, err)
				}
				break
			}
			if strings.Contains(string(m.Raw), "Na het slot") {
				t.Errorf("on %s the board goes on after the lock", name)
				break
			}
		}
	}
	locked, err := iris.Dial(within(t), tb.id, "", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := locked.Next(); liveclient.CloseCode(err) != 4105 {
		t.Errorf("a locked session joins: %v", err)
	}
	post("/unlock") // of the demo, without a password
	again := joinWith(t, tb, iris)
	for {
		if _, ok := cardTitled(again.State, "Na het slot"); ok {
			return // what came meanwhile is there
		}
		if _, err := again.Next(); err != nil {
			t.Fatal(err)
		}
	}
}

// joinWith opens the board in a browser that is signed in already.
func joinWith(t *testing.T, tb *table, b *liveclient.Browser) *liveclient.Client {
	t.Helper()
	c, err := b.Dial(within(t), tb.id, "", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() }) //nolint:errcheck // may be closed already
	until(t, c, isHello)
	return c
}
