package main

import (
	"bytes"
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
)

// untouched opens a case in which nobody but Iris ever did anything.
func untouched(t *testing.T) (*table, *node) {
	tb, n := newTable(t)
	tb.id = tb.openCase(n, "Iris")
	for _, name := range []string{"Hanneke", "Mirthe"} {
		tb.member(n, tb.users[name], casework.Member{Role: secretTeam[name]})
	}
	return tb, n
}

// A card that is asked of somebody who never acted comes to that window at once,
// and goes from it when it is taken back or its person is hidden: not only when
// somebody else does something that has nothing to do with it.
func TestAskedOfWhoNeverActed(t *testing.T) {
	t.Parallel()
	tb, n := untouched(t)
	iris, mirthe := tb.watch(n, "Iris"), tb.watch(n, "Mirthe")
	noor := iris.must(t, "add_person", map[string]any{"kind": "parent", "class": "shared", "name": "Noor"})
	ask := func(person string) casework.CardID {
		return cardOf(iris.must(t, "ask_card", map[string]any{"column": iris.sees().Columns[0].ID, "title": "Sliep door", "person": person,
			"class": "shared", "kind": "question", "for": tb.users["Mirthe"]}))
	}
	has := func(card casework.CardID) func() bool {
		return func() bool { _, has := mirthe.state.Cards[card]; return has }
	}
	gone := func(card casework.CardID) func() bool { return func() bool { return !has(card)() } }

	card := ask("")
	mirthe.until(t, "what is asked", has(card))
	iris.must(t, "withdraw_card", map[string]any{"card": card})
	mirthe.until(t, "what was taken back to go", gone(card))
	card = ask(noor)
	mirthe.until(t, "what is asked about Noor", has(card))
	iris.must(t, "reclass_person", map[string]any{"person": noor, "kind": "parent", "class": "safety"})
	mirthe.until(t, "what hangs on Noor to go", gone(card))
}

// Who looks along with others hears nothing of what those do unseen, be it the
// first thing that they do, nor of a card that is for one of them alone.
func TestWhoLooksAlongHearsOfNothingUnseen(t *testing.T) {
	t.Parallel()
	tb, n := untouched(t)
	iris, hanneke, mirthe := tb.watch(n, "Iris"), tb.watch(n, "Hanneke"), tb.watch(n, "Mirthe")
	hanneke.must(t, "tick_member", map[string]any{"member": tb.users["Mirthe"]})
	hanneke.must(t, "show_screen", map[string]any{})
	column := iris.sees().Columns[0].ID
	browser := tb.browser(n, "Hanneke")
	var along []*watcher
	for _, as := range []string{onScreen, string(tb.users["Mirthe"])} {
		w, err := tb.lookAs(browser, "Hanneke", as)
		if err != nil {
			t.Fatal(err)
		}
		along = append(along, w)
	}
	write := func(w *watcher, with map[string]any, table bool) casework.CardID {
		with["column"], with["title"], with["kind"] = column, "Kaart", "question"
		card := w.must(t, "draft_card", with)
		if table {
			w.must(t, "table_card", map[string]any{"card": card})
		}
		return cardOf(card)
	}
	write(iris, map[string]any{"class": "named", "named": []casework.UserID{tb.users["Mirthe"]}}, true)
	iris.must(t, "ask_card", map[string]any{"column": column, "title": "Kaart", "kind": "question", "class": "shared", "for": tb.users["Mirthe"]})
	write(mirthe, map[string]any{"class": "private"}, false)
	open := write(iris, map[string]any{"class": "shared"}, true)
	for _, w := range along {
		w.until(t, "the open card", func() bool { _, has := w.state.Cards[open]; return has })
		w.mu.Lock()
		for _, f := range w.frames {
			if bytes.Contains(f, []byte(`"t":"me"`)) || bytes.Contains(f, []byte(`"t":"change"`)) && !bytes.Contains(f, []byte(open)) {
				t.Errorf("%s hears %s", w.name, f)
			}
		}
		w.mu.Unlock()
	}
}
