package main

import (
	"slices"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/liveclient"
)

// mine is the demo case in somebody's own list.
func (tb *table) mine(n *node, name string) app.CaseListing {
	tb.t.Helper()
	list, err := n.app.MyCases(tb.t.Context(), tb.users[name])
	if err != nil || len(list) != 1 {
		tb.t.Fatalf("cases of %s: %v, %v", name, list, err)
	}
	return list[0]
}

// lookedAt is when somebody's last look was kept; zero: none was.
func (tb *table) lookedAt(n *node, name string) time.Time { return tb.mine(n, name).Since }

// misses tells whether somebody is not at the table, as far as the watcher heard.
func (w *watcher) misses(user casework.UserID) func() bool {
	return func() bool {
		return !slices.ContainsFunc(w.here, func(p liveclient.Present) bool { return p.User == user })
	}
}

// What somebody was shown is no news any more, once it is sure that it arrived:
// by a pong, or by a goodbye. A line that breaks takes back nothing but calls
// new what came at its end.
func TestLooksFollowWhatArrived(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	other := tb.node("other")
	iris := tb.watch(n, "Iris")
	draft := func(title, class string) {
		t.Helper()
		card := iris.must(t, "draft_card", map[string]any{"column": iris.sees().Columns[0].ID, "title": title, "class": class, "kind": casework.Question})
		iris.must(t, "table_card", map[string]any{"card": card})
	}
	is := func(what string, fresh int) {
		t.Helper()
		for _, at := range []*node{n, other} {
			if news := tb.mine(at, "Daan").News; news.First || news.Fresh != fresh || news.Changed != 0 {
				t.Errorf("%s: %+v", what, news)
			}
		}
	}
	if !tb.mine(n, "Daan").News.First {
		t.Error("Daan has looked before he came")
	}
	daan := tb.watch(n, "Daan")
	daan.until(t, "the pong that proves hello", func() bool { return !tb.lookedAt(n, "Daan").IsZero() })
	is("at the table", 0)

	// The line breaks: what came since the last proof is new.
	draft("Kwam aan, maar dat is niet zeker", "shared")
	daan.until(t, "the card", func() bool { _, ok := cardTitled(daan.state, "Kwam aan, maar dat is niet zeker"); return ok })
	if err := daan.client.Kill(); err != nil {
		t.Fatal(err)
	}
	iris.until(t, "Daan to be gone", iris.misses(tb.users["Daan"]))
	is("after the line broke", 1)

	// He comes back and goes with a goodbye: everything was seen.
	first := tb.lookedAt(n, "Daan")
	daan = tb.watch(other, "Daan")
	draft("Terwijl Daan er is", "shared")
	daan.until(t, "the card", func() bool { _, ok := cardTitled(daan.state, "Terwijl Daan er is"); return ok })
	if err := daan.client.SayGoodbye(); err != nil {
		t.Fatal(err)
	}
	daan.until(t, "the last look", func() bool { return tb.mine(n, "Daan").News.Fresh == 0 })
	is("after a goodbye", 0)
	if !tb.lookedAt(n, "Daan").After(first) {
		t.Error("the look has no later time")
	}

	// Away, he gets two cards, one of which is hidden from him.
	draft("Voor iedereen", "shared")
	draft("Alleen voor kinderwerk", "private")
	is("while he was away", 1)
}
