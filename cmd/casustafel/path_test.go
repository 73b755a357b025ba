package main

import (
	"testing"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/liveclient"
	"github.com/casustafel/casustafel/internal/view"
)

var chair = audit.Actor{Door: "test"}

func cardTitled(p view.Projection, title string) (view.Card, bool) {
	for _, c := range p.Cards {
		if c.Title.Body == title {
			return c, true
		}
	}
	return view.Card{}, false
}

// Each person of the demo reads exactly what DOMAIN.md says: cards by number.
func TestDemoTableIsReadAsWritten(t *testing.T) {
	tb, n := newTable(t)
	for name, want := range map[string]int{"Iris": 13, "Daan": 14, "Mirthe": 12, "Ruben": 11, "Hanneke": 15} {
		c := tb.sit(n, name)
		if got := len(c.State.Cards); got != want {
			t.Errorf("%s sees %d cards, want %d", name, got, want)
		}
	}
}

// The story of the path: Iris drafts a card, puts it on the table, moves it,
// shields it and shares another; Ruben sees exactly what he may, live.
func TestTwoPeopleOneBoard(t *testing.T) {
	tb, n := newTable(t)
	iris, ruben := tb.sit(n, "Iris"), tb.sit(n, "Ruben")
	column := iris.State.Columns[0].ID
	fenna := personNamed(t, iris, "Fenna")

	made := ask(t, iris, "draft_card", map[string]any{"column": column, "title": "Tekende een huis", "person": fenna, "class": "shared", "kind": "fact"}).Made
	card := casework.CardID(made)
	ask(t, iris, "table_card", map[string]any{"card": card})
	until(t, ruben, func(liveclient.Message) bool { _, ok := ruben.State.Cards[card]; return ok })

	first := ruben.State.Order[column][0]
	ask(t, iris, "move_card", map[string]any{"card": card, "column": column, "after": first})
	until(t, ruben, func(liveclient.Message) bool { return ruben.State.Order[column][1] == card })

	ask(t, iris, "shield_card", map[string]any{"card": card, "class": "confidential"})
	until(t, ruben, func(liveclient.Message) bool { _, ok := ruben.State.Cards[card]; return !ok })

	ask(t, iris, "share_card", map[string]any{"card": card, "class": "shared"})
	until(t, ruben, func(liveclient.Message) bool { _, ok := ruben.State.Cards[card]; return ok })
}

func personNamed(t *testing.T, c *liveclient.Client, name string) casework.PersonID {
	t.Helper()
	for _, p := range c.State.Family {
		if p.Name == name {
			return p.ID
		}
	}
	t.Fatalf("no person %s", name)
	return ""
}

func ask(t *testing.T, c *liveclient.Client, command string, with any) liveclient.Message {
	t.Helper()
	m, err := c.Ask(command, with)
	if err != nil || !m.OK {
		t.Fatalf("%s: %s %v", command, m.Raw, err)
	}
	return m
}

func until(t *testing.T, c *liveclient.Client, holds func(liveclient.Message) bool) {
	t.Helper()
	if _, err := c.Until(holds); err != nil {
		t.Fatal(err)
	}
}
