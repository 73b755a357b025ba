package main

import (
	"slices"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/liveclient"
	"github.com/casustafel/casustafel/internal/room"
)

// A connection that never joins, and one whose other side fell silent, are ended
// by the server; who sits at the table sees the silent one go.
func TestHalfOpenConnectionsAreEnded(t *testing.T) {
	tb, first := newTable(t)
	// Each has a node of its own: whoever joins needs time for it on a busy machine.
	impatient := func(name string, change func(*room.Limits)) *node {
		limits := unlimited
		change(&limits)
		n := tb.startAs(serveCmd{Node: name, limits: limits}, tb.db())
		t.Cleanup(func() {
			if err := n.close(); err != nil {
				t.Error("close a node:", err)
			}
		})
		return n
	}

	hasty := impatient("hasty", func(l *room.Limits) { l.JoinWithin = 300 * time.Millisecond })
	silent, err := tb.browser(hasty, "Mirthe").Open(within(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := silent.Next(); liveclient.CloseCode(err) != 4000 {
		t.Errorf("who never joins is ended with %v", err)
	}

	// Daan watches from the first node, where nobody is impatient.
	n := impatient("attentive", func(l *room.Limits) { l.PongWithin = 2 * time.Second })
	daan := tb.sit(first, "Daan")
	tb.sit(n, "Iris") // reads hello and no more: no pong, no frame
	iris := func(p liveclient.Present) bool { return p.User == tb.users["Iris"] }
	until(t, daan, func(liveclient.Message) bool { return slices.ContainsFunc(daan.Here, iris) })
	until(t, daan, func(liveclient.Message) bool { return !slices.ContainsFunc(daan.Here, iris) })
	ask(t, daan, "draft_card", map[string]any{"column": daan.State.Columns[0].ID, "title": "Nog steeds hier", "class": "shared", "kind": casework.Question})
}
