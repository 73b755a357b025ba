package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/liveclient"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// lookAs opens the demo through other eyes: onScreen, or those of a colleague.
func (tb *table) lookAs(b *liveclient.Browser, name, as string) (*watcher, error) {
	ctx, cancel := context.WithTimeout(tb.t.Context(), time.Minute)
	defer cancel()
	c, err := b.Open(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.Send(map[string]any{"t": "join", "case": tb.id, "as": as}); err != nil {
		return nil, err
	}
	if _, err := c.Until(isHello); err != nil {
		c.Close() //nolint:errcheck // it was refused
		return nil, err
	}
	return watch(tb.t, name+" as "+as, c), nil
}

const onScreen = "screen"

// everybody is what the Scherm may show at most: every card that each of those
// on the list, and who opened it, reads in a projection of its own.
func (tb *table) everybody(n *node, opener string) (may map[casework.CardID]bool, want view.Projection) {
	tb.t.Helper()
	ctx := tb.t.Context()
	access, err := n.app.Access(ctx, tb.id)
	if err != nil {
		tb.t.Fatal(err)
	}
	commit, err := n.app.CatchUp(ctx, casework.NewState(tb.id))
	if err != nil {
		tb.t.Fatal(err)
	}
	moment := view.Moment{State: commit.State, Access: access, At: time.Now()}
	reader, ok := view.Eyes{Screen: true}.Reader(tb.users[opener], moment)
	if !ok {
		tb.t.Fatal("no Scherm for", opener)
	}
	may = map[casework.CardID]bool{}
	for id, c := range commit.State.Cards {
		may[id] = commit.State.Screen && !c.Draft() && (len(commit.State.Guests) == 0 || c.Class == casework.Shared)
	}
	for _, user := range append([]casework.UserID{tb.users[opener]}, commit.State.Attends...) {
		own, seated := fresh(tb.t, n, tb.id, user)
		for id := range may {
			if _, reads := own.Cards[id]; !seated || !reads {
				delete(may, id)
			}
		}
	}
	return may, view.Project(commit.State, access, reader, moment.At)
}

// The Scherm at one node never has more than everybody on the list may read,
// while people come and go, leave the case, stand beside others, and cards are
// written at the other node. What is written after somebody was ticked comes
// only after the chair shows it again.
func TestSchermShowsWhatEverybodyReads(t *testing.T) {
	t.Parallel()
	tb, a := newTable(t)
	b := tb.node("second")
	hanneke := tb.watch(a, "Hanneke")
	screen, err := tb.lookAs(at(b, tb.browser(a, "Hanneke")), "Hanneke", onScreen)
	if err != nil {
		t.Fatal(err)
	}
	random := newWhim(*seed)
	names := []string{"Iris", "Daan", "Mirthe", "Ruben"}
	writers := map[string]*watcher{}
	for _, name := range names {
		writers[name] = tb.watch(a, name)
	}
	members := map[string]casework.Member{}
	access, err := a.app.Access(t.Context(), tb.id)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range access.Team {
		members[m.Name] = m.Member
	}
	lit := 0
	for step := range 60 {
		name := one(random, names)
		switch r := random.IntN(20); {
		case r < 5:
			hanneke.ask(within(t), "tick_member", map[string]any{"member": tb.users[name]})
		case r < 7:
			hanneke.ask(within(t), "untick_member", map[string]any{"member": tb.users[name]})
		case r < 8:
			hanneke.must(t, "add_guest", map[string]any{"name": "Wijkagent Piet"})
		case r < 9:
			for _, g := range hanneke.sees().Attendance.Guests {
				hanneke.must(t, "remove_guest", map[string]any{"guest": g.ID})
			}
		case r < 16:
			hanneke.ask(within(t), "show_screen", map[string]any{})
		case r < 18:
			m := members[name]
			m.Role = one(random, casework.CaseRoles[:8]) // also a guest, who does not enter
			if err := a.app.SetMember(t.Context(), chair, tb.id, store.Membership{Member: m, Ground: "test"}); err != nil {
				t.Fatal(err)
			}
		default:
			if err := a.app.SetMember(t.Context(), chair, tb.id, store.Membership{Member: members[name], Ground: "test"}); err != nil {
				t.Fatal(err)
			}
		}
		hanneke.ask(within(t), "draft_card", map[string]any{"column": hanneke.sees().Columns[0].ID, "title": fmt.Sprint("kaart ", step), "class": "shared", "kind": "fact"})
		may, want := tb.everybody(a, "Hanneke")
		screen.until(t, fmt.Sprintf("step %d", step), func() bool { return screen.err != nil || encoded(t, screen.state) == encoded(t, want) })
		if err := screen.failed(); err != nil {
			t.Fatal(err)
		}
		for id := range screen.sees().Cards {
			if !may[id] {
				t.Fatalf("step %d: the Scherm has card %s, which not everybody reads", step, id)
			}
		}
		if len(screen.sees().Cards) > 0 {
			lit++
		}
	}
	if lit < 5 {
		t.Errorf("cards lay on the Scherm %d times: too dark to tell anything", lit)
	}
}

// Whoever comes late blanks the Scherm before anything else, ticked by the chair
// or by sitting down; and it only looks.
func TestLatecomerBlanksTheScherm(t *testing.T) {
	t.Parallel()
	tb, a := newTable(t)
	b := tb.node("second")
	hanneke := tb.watch(a, "Hanneke")
	screen, err := tb.lookAs(at(b, tb.browser(a, "Hanneke")), "Hanneke", onScreen)
	if err != nil {
		t.Fatal(err)
	}
	is := func(shown bool) {
		t.Helper()
		screen.until(t, fmt.Sprintf("the Scherm to be shown: %v", shown), func() bool {
			return screen.state.Attendance.Screen == shown && len(screen.state.Cards) > 0 == shown && len(screen.state.Columns) > 0 == shown
		})
	}
	if m, _ := hanneke.ask(within(t), "show_screen", map[string]any{}); m.OK || m.Error.Reason != "attendance_empty" {
		t.Errorf("shown to nobody: %s", m.Raw)
	}
	hanneke.must(t, "tick_member", map[string]any{"member": tb.users["Daan"]})
	hanneke.must(t, "show_screen", map[string]any{})
	is(true)
	confidential := func() bool {
		for _, c := range screen.sees().Cards {
			if c.Class == casework.Confidential {
				return true
			}
		}
		return false
	}
	if !confidential() {
		t.Error("what Hanneke and Daan both read in confidence is not on their Scherm")
	}
	screen.mu.Lock()
	count := len(screen.frames)
	screen.mu.Unlock()
	hanneke.must(t, "tick_member", map[string]any{"member": tb.users["Ruben"]})
	is(false)
	// The first thing that changed is that all of it went.
	screen.mu.Lock()
	for _, f := range screen.frames[count:] {
		if bytes.Contains(f, []byte(`"t":"change"`)) {
			if !bytes.Contains(f, []byte(`"columns":[]`)) || bytes.Contains(f, []byte(`"cards"`)) {
				t.Errorf("before it went blank came %s", f)
			}
			break
		}
	}
	screen.mu.Unlock()
	hanneke.must(t, "show_screen", map[string]any{})
	is(true)
	if confidential() {
		t.Error("a confidential card lies before Ruben")
	}
	// Iris sits down at the other node, and is not on the list.
	iris := tb.watch(b, "Iris")
	if iris.sees().Attendance.Screen {
		t.Error("Iris sits down while the Scherm is on still")
	}
	is(false)
	hanneke.must(t, "show_screen", map[string]any{})
	is(true)
	iris.must(t, "take_seat", map[string]any{}) // as if she came back
	is(false)

	// A right that ends leaves nothing, and says because of whom, but not to the Scherm.
	hanneke.must(t, "show_screen", map[string]any{})
	is(true)
	if err := a.app.EndMember(t.Context(), chair, tb.id, tb.users["Ruben"]); err != nil {
		t.Fatal(err)
	}
	is(false)
	hanneke.until(t, "Ruben to be held", func() bool {
		return len(hanneke.state.Attendance.Held) == 1 && hanneke.state.Attendance.Held[0] == tb.users["Ruben"]
	})
	if screen.got(`"held"`) || screen.got(`"guests":[{`) {
		t.Error("the Scherm tells who is on the list")
	}

	// It only looks, and nobody sees it at the table.
	for _, frame := range []any{
		map[string]any{"t": "do", "id": "MADDCLUMN2222222", "cmd": "add_column", "with": map[string]any{"title": "x"}},
		map[string]any{"t": "who", "id": "WNEW222222222222", "class": "shared"},
	} {
		if err := screen.client.Send(frame); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []casework.CommandID{"MADDCLUMN2222222", "WNEW222222222222"} {
		if m, ok := screen.answerTo(within(t), id); !ok || m.OK || m.Error == nil || m.Error.Reason != "read_only" {
			t.Errorf("the Scherm is answered %s", m.Raw)
		}
	}
	var onRecord int
	if err := tb.sql().Get(&onRecord, `SELECT count(*) FROM record WHERE event = 'command' AND action = 'U' AND outcome = 'refused' AND detail->>'reason' = 'read_only'
		AND object = '' AND account = '`+string(tb.users["Hanneke"])+`' AND relation = 'team'`); err != nil || onRecord != 1 {
		t.Errorf("%d refusals of a command through the Scherm are on the record: %v", onRecord, err)
	}
	if err := a.app.EndMember(t.Context(), chair, tb.id, tb.users["Hanneke"]); err != nil {
		t.Fatal(err)
	}
	if code := screen.closedWith(t); code != 4101 {
		t.Errorf("the Scherm of who left ends with %d", code)
	}
}

// Kijk als shows what both read, and is refused as if there were no case. Each
// look, change of eyes and refusal is on the record, with ids and without names.
func TestKijkAls(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	browser := tb.browser(n, "Hanneke")
	hanneke, ruben, iris := tb.watch(n, "Hanneke"), tb.watch(n, "Ruben"), tb.watch(n, "Iris")
	draft := hanneke.must(t, "draft_card", map[string]any{"column": hanneke.sees().Columns[0].ID, "title": "Concept", "class": "shared", "kind": "question"})
	lens, err := tb.lookAs(browser, "Hanneke", string(tb.users["Ruben"]))
	if err != nil {
		t.Fatal(err)
	}
	both := 0
	for id := range ruben.sees().Cards {
		if _, mine := hanneke.sees().Cards[id]; mine {
			both++
		}
	}
	for id := range lens.sees().Cards {
		_, hers := hanneke.sees().Cards[id]
		_, his := ruben.sees().Cards[id]
		if !hers || !his || id == cardOf(draft) {
			t.Errorf("Hanneke as Ruben sees %s", id)
		}
	}
	if got := len(lens.sees().Cards); got != both || got == len(hanneke.sees().Cards) {
		t.Errorf("Hanneke as Ruben sees %d cards, both read %d", got, both)
	}
	// What is shielded goes, also from under the lens.
	shielded := cardOf(iris.must(t, "draft_card", map[string]any{"column": iris.sees().Columns[0].ID, "title": "Open", "class": "shared", "kind": "question"}))
	iris.must(t, "table_card", map[string]any{"card": shielded})
	lens.until(t, "a new card", func() bool { _, has := lens.state.Cards[shielded]; return has })
	iris.must(t, "shield_card", map[string]any{"card": shielded, "class": "private"})
	lens.until(t, "it to go", func() bool { _, has := lens.state.Cards[shielded]; return !has })
	// Ruben is at the table once, and Hanneke too.
	hanneke.until(t, "who is here", func() bool { return len(hanneke.here) == 3 })

	for what, c := range map[string]struct {
		browser *liveclient.Browser
		as      string
	}{
		"Iris looks as Ruben": {tb.browser(n, "Iris"), string(tb.users["Ruben"])}, "Iris opens the Scherm": {tb.browser(n, "Iris"), onScreen},
		"as a stranger": {browser, "AAAAAAAAAAAAAAAA"}, "as nothing that is": {browser, "nobody"},
	} {
		if _, err := tb.lookAs(c.browser, "somebody", c.as); liveclient.CloseCode(err) != 4101 {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := n.app.EndMember(t.Context(), chair, tb.id, tb.users["Ruben"]); err != nil {
		t.Fatal(err)
	}
	if code := lens.closedWith(t); code != 4101 {
		t.Errorf("the lens on who left ends with %d", code)
	}
	db := sqlx.MustOpen("postgres", server.DSN(tb.database))
	defer db.Close() //nolint:errcheck // only to look
	var details []string
	if err := db.Select(&details, `SELECT outcome || ' ' || detail::text FROM record WHERE event IN ('join', 'view') AND (detail->>'eyes' IS NOT NULL OR outcome = 'refused') ORDER BY at`); err != nil {
		t.Fatal(err)
	}
	told := strings.Join(details, "\n")
	together := fmt.Sprintf(`"together": "%s %s"`, tb.users["Hanneke"], tb.users["Ruben"])
	if !strings.Contains(told, together) || !strings.Contains(told, `"eyes": "as"`) || strings.Count(told, "refused") != 3 || strings.Contains(told, "Ruben") {
		t.Errorf("on the record:\n%s\nwant %s", told, together)
	}
}
