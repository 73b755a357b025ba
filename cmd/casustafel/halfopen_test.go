package main

import (
	"slices"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/liveclient"
)

// A connection that never joins, and one whose other side fell silent, are ended
// by the server; who sits at the table sees the silent one go.
func TestHalfOpenConnectionsAreEnded(t *testing.T) {
	tb, first := newTable(t)
	limits := unlimited
	limits.JoinWithin, limits.PongWithin = 300*time.Millisecond, 2*time.Second
	n := tb.startAs(serveCmd{Node: "impatient", limits: limits}, tb.db())
	t.Cleanup(func() {
		if err := n.close(); err != nil {
			t.Error("close a node:", err)
		}
	})

	silent, err := tb.browser(n, "Mirthe").Open(within(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := silent.Next(); liveclient.CloseCode(err) != 4000 {
		t.Errorf("who never joins is ended with %v", err)
	}

	// Daan watches from the other node, where nobody is impatient.
	daan := tb.sit(first, "Daan")
	tb.sit(n, "Iris") // reads hello and no more: no pong, no frame
	iris := func(p liveclient.Present) bool { return p.User == tb.users["Iris"] }
	until(t, daan, func(liveclient.Message) bool { return slices.ContainsFunc(daan.Here, iris) })
	until(t, daan, func(liveclient.Message) bool { return !slices.ContainsFunc(daan.Here, iris) })
	ask(t, daan, "draft_card", map[string]any{"column": daan.State.Columns[0].ID, "title": "Nog steeds hier", "class": "shared", "kind": casework.Question})
}
