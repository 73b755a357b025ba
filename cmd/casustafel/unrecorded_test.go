package main

import (
	"cmp"
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/liveclient"
	"github.com/casustafel/casustafel/internal/store/storetest"
)

// unrecorded is the code by which a connection ends that may tell nothing more, as the
// access log cannot be written.
const unrecorded = 4004

// While the access log cannot be written, nobody comes to a table by the live door and
// nobody at it is told or changes anything that would be on record; each hears why.
// Once the log works again, the same goes on.
func TestNoFrameWithoutARecord(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	log := storetest.BreakableLog(t, tb.sql().DB)
	hanneke := tb.browser(n, "Hanneke")
	daan, ruben := tb.watch(n, "Daan"), tb.watch(n, "Ruben")
	card := daan.note(t, nil)
	ruben.until(t, "the card", func() bool { return ruben.state.Cards[card].ID != "" })
	daan.writeMore(t, card, " En meer.")
	var version casework.TextID
	for _, line := range daan.question(t, "history", map[string]any{"card": card}).Lines {
		version = cmp.Or(line.Version, version)
	}
	nowhere := "AAAAAAAAAAAAAAAA"
	questions := []struct {
		kind string
		with map[string]any
		done bool
	}{
		{"do", map[string]any{"cmd": "retitle_card", "with": map[string]any{"card": card, "title": "Kanariegeel", "base": daan.sees().Cards[card].Title.Base}}, true},
		{"do", map[string]any{"cmd": "close_case", "with": map[string]any{}}, false}, // denied
		{"do", map[string]any{"cmd": "archive_card", "with": map[string]any{"card": nowhere}}, false},
		{"history", map[string]any{"card": card}, true},
		{"history", map[string]any{"card": nowhere}, false},
		{"version", map[string]any{"card": card, "version": version}, true},
		{"version", map[string]any{"card": card, "version": nowhere}, false},
	}
	// enters gives the code with which a look at the table is refused; 0: it came in.
	enters := func(as string) int {
		t.Helper()
		c, err := hanneke.Open(within(t))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close() //nolint:errcheck // may be closed already
		if err := c.Send(map[string]any{"t": "join", "case": tb.id, "as": as}); err != nil {
			t.Fatal(err)
		}
		m, err := c.Next()
		if err != nil {
			return liveclient.CloseCode(err)
		}
		if !isHello(m) {
			t.Errorf("as %q: %s", as, m.Raw)
		}
		return 0
	}
	eyes := []string{"", onScreen, string(tb.users["Iris"])}
	for _, fault := range storetest.LogFaults {
		log.Breaks(fault)
		for _, as := range eyes {
			if code := enters(as); code != unrecorded {
				t.Errorf("the log says %s, and a look as %q is ended with %d", fault, as, code)
			}
		}
		for _, q := range questions {
			m := daan.question(t, q.kind, q.with)
			if m.OK || m.Error == nil || m.Error.Reason != casework.NotRecorded || m.Error.Why != "" || m.Made != "" || len(m.Lines) > 0 || m.Body != "" {
				t.Errorf("the log says %s, and to %v %v: %s", fault, q.kind, q.with, m.Raw)
			}
		}
		log.Works()
	}
	for _, as := range eyes {
		if code := enters(as); code != 0 {
			t.Errorf("the log works, and a look as %q is ended with %d", as, code)
		}
	}
	if ruben.got("Kanariegeel") {
		t.Error("Ruben was told of a change that is not on the record")
	}
	for _, q := range questions {
		if m := daan.question(t, q.kind, q.with); (m.Error == nil) != q.done || m.Error != nil && m.Error.Reason == casework.NotRecorded {
			t.Errorf("the log works, and to %v %v: %s", q.kind, q.with, m.Raw)
		}
	}
	ruben.until(t, "the change", func() bool { return ruben.state.Cards[card].Title.Body == "Kanariegeel" })

	// What makes a view wider is on the record before it goes out: here it cannot be.
	chairs := tb.sat(hanneke, "Hanneke", tb.id, nil)
	log.Breaks("53100", "view")
	if _, err := chairs.client.Do("add_person", map[string]any{"name": "Kanarievogel", "kind": "network", "class": "shared"}); err != nil {
		t.Fatal(err)
	}
	for _, w := range []*watcher{ruben, chairs} {
		if code := w.closedWith(t); code != unrecorded || w.got("Kanarievogel") {
			t.Errorf("%s's connection ended with %d, and told of it: %v", w.name, code, w.got("Kanarievogel"))
		}
	}
	log.Works()
	if again := tb.sat(tb.browser(n, "Ruben"), "Ruben", tb.id, nil); !again.got("Kanarievogel") {
		t.Error("Ruben is not told of it afterwards")
	}
}
