package main

import (
	"bytes"
	"slices"
	"testing"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/liveclient"
)

// What was shown and hidden again while somebody was away is never sent to who
// comes back.
func TestComingBackShowsNothingHiddenSince(t *testing.T) {
	tb, n := newTable(t)
	iris, ruben := tb.sit(n, "Iris"), tb.sit(n, "Ruben")
	cursor, seat := ruben.Cursor, ruben.Seat
	if err := ruben.Close(); err != nil {
		t.Fatal(err)
	}
	card := casework.CardID(ask(t, iris, "draft_card", map[string]any{"column": iris.State.Columns[0].ID, "title": "Lindelaan zeven",
		"person": personNamed(t, iris, "Fenna"), "class": "shared", "kind": "fact"}).Made)
	ask(t, iris, "table_card", map[string]any{"card": card})
	ask(t, iris, "shield_card", map[string]any{"card": card, "class": "confidential"})
	other := casework.CardID(ask(t, iris, "draft_card", map[string]any{"column": iris.State.Columns[0].ID, "title": "Ging mee naar het park",
		"person": personNamed(t, iris, "Fenna"), "class": "shared", "kind": "fact"}).Made)
	ask(t, iris, "table_card", map[string]any{"card": other})

	back, err := tb.browser(n, "Ruben").Dial(within(t), tb.id, cursor, seat)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { back.Close() }) //nolint:errcheck // only to look
	back.State = ruben.State
	for _, m := range upToNow(t, back) {
		if m.Type == "hello" && m.Whole != nil {
			t.Error("who comes back in time gets everything anew")
		}
		if bytes.Contains(m.Raw, []byte("Lindelaan")) || bytes.Contains(m.Raw, []byte(card)) {
			t.Errorf("what was hidden since is sent: %s", m.Raw)
		}
	}
	if _, ok := back.State.Cards[other]; !ok {
		t.Error("who comes back lacks what is new")
	}
}

// A line that breaks again between the greeting and what was missed loses nothing.
func TestComingBackTwice(t *testing.T) {
	tb, n := newTable(t)
	iris, ruben := tb.sit(n, "Iris"), tb.sit(n, "Ruben")
	known := ruben.State
	if err := ruben.Close(); err != nil {
		t.Fatal(err)
	}
	card := casework.CardID(ask(t, iris, "draft_card", map[string]any{"column": iris.State.Columns[0].ID, "title": "Ging mee naar het park",
		"person": personNamed(t, iris, "Fenna"), "class": "shared", "kind": "fact"}).Made)
	ask(t, iris, "table_card", map[string]any{"card": card})

	browser, cursor, seat := tb.browser(n, "Ruben"), ruben.Cursor, ruben.Seat
	for range 2 {
		back, err := browser.Dial(within(t), tb.id, cursor, seat)
		if err != nil {
			t.Fatal(err)
		}
		back.State = known
		greeted, err := back.Until(isHello)
		if err != nil || greeted.Whole != nil {
			t.Fatalf("who comes back: %s %v", greeted.Raw, err)
		}
		cursor, seat = back.Cursor, back.Seat
		if err := back.Kill(); err != nil {
			t.Fatal(err)
		}
	}
	back, err := browser.Dial(within(t), tb.id, cursor, seat)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { back.Close() }) //nolint:errcheck // only to look
	back.State = known
	upToNow(t, back)
	if _, ok := back.State.Cards[card]; !ok {
		t.Error("who was greeted twice lacks what is new")
	}
}

// To be named on a card that one does not see changes nothing for the one who is
// named; on the table it does.
func TestBeingNamedIsHeardWithTheCard(t *testing.T) {
	tb, n := newTable(t)
	sanne, err := n.app.AddUser(t.Context(), app.NewUser{Login: "sanne@demo.example", Name: "Sanne", Discipline: casework.ResidentialWorker, Organisation: "Elders", Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	tb.users["Sanne"] = sanne
	tb.member(n, sanne, casework.Member{Role: casework.ResidentialWorker})
	iris, named := tb.sit(n, "Iris"), tb.sit(n, "Sanne")
	upToNow(t, named)
	card := casework.CardID(ask(t, iris, "draft_card", map[string]any{"column": iris.State.Columns[0].ID, "title": "Alleen voor Sanne",
		"class": "named", "named": []casework.UserID{sanne}, "kind": "fact"}).Made)
	for _, m := range upToNow(t, named) {
		if m.Type == "me" || m.Type == "change" {
			t.Errorf("a hidden draft is heard of: %s", m.Raw)
		}
	}
	ask(t, iris, "table_card", map[string]any{"card": card})
	until(t, named, func(liveclient.Message) bool { _, ok := named.State.Cards[card]; return ok })
}

// Nobody is shown to look at a card that they may not see, whatever they claim.
func TestNobodyLooksAtWhatTheyDoNotSee(t *testing.T) {
	tb, n := newTable(t)
	daan, ruben := tb.sit(n, "Daan"), tb.sit(n, "Ruben")
	safety, ok := cardTitled(daan.State, "Is oma's adres bekend bij Joris?")
	if !ok {
		t.Fatal("no safety card")
	}
	shared, ok := cardTitled(ruben.State, "Kwam naar drie van vijf gesprekken.")
	if !ok {
		t.Fatal("no shared card")
	}
	// Who is where is told at its own pace, so each look waits until the one before
	// was told: from the safety card Ruben is shown to look at nothing.
	for _, look := range []struct{ at, told casework.CardID }{{shared.ID, shared.ID}, {safety.ID, ""}, {shared.ID, shared.ID}} {
		if err := ruben.Send(map[string]any{"t": "focus", "card": look.at}); err != nil {
			t.Fatal(err)
		}
		until(t, daan, func(m liveclient.Message) bool {
			return slices.ContainsFunc(m.Here, func(p liveclient.Present) bool {
				if p.User == tb.users["Ruben"] && p.Card == safety.ID {
					t.Fatal("Ruben is shown to look at a safety card")
				}
				return p.User == tb.users["Ruben"] && p.Card == look.told
			})
		})
	}
}

// upToNow reads what has been sent to a client up to the answer to a question of
// its own, which is not among it.
func upToNow(t *testing.T, c *liveclient.Client) []liveclient.Message {
	t.Helper()
	const question = "QUESTQUESTQUEST2"
	if err := c.Send(map[string]any{"t": "who", "id": question, "class": "shared"}); err != nil {
		t.Fatal(err)
	}
	var all []liveclient.Message
	for {
		m, err := c.Next()
		if err != nil {
			t.Fatal(err)
		}
		if m.ID == question {
			return all
		}
		all = append(all, m)
	}
}
