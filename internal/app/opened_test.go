package app_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/policies"
)

// Under a policy that lets a chair open the cards of others, the author hears of it,
// and of nothing that opened nothing.
func TestAuthorHearsOfAShareByAnother(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	old := []byte("chair, shield|lend|bar, *, *, shared|confidential|safety, *")
	lines := bytes.Replace(policies.Lines, old, bytes.Replace(old, []byte("shield|"), []byte("share|shield|"), 1), 1)
	if bytes.Equal(lines, policies.Lines) {
		t.Fatal("the policy has no such line")
	}
	if err := c.PublishPolicy(t.Context(), policies.Model, lines, app.SourceFile); err != nil {
		t.Fatal(err)
	}
	noor := casework.PersonID(c.made(t, "hanneke", "add_person", with{"kind": "parent", "class": "shared", "name": "Noor"}))
	c.place(t, "daan", casework.AmbulantWorker, noor)
	card := c.card(t, "daan", "Kaart", with{"class": "confidential", "person": noor})
	if answer := c.ask(t, "daan", "share_card", with{"card": card, "class": "shared"}); answer.Refusal != nil {
		t.Fatal(answer.Refusal)
	}
	if answer := c.ask(t, "hanneke", "shield_card", with{"card": card, "class": "confidential"}); answer.Refusal != nil {
		t.Fatal(answer.Refusal)
	}
	if told := c.notices(t, c.as(t, "daan")); len(told) != 0 {
		t.Errorf("the own share and a shield are told: %+v", told)
	}
	if answer := c.ask(t, "hanneke", "share_card", with{"card": card, "class": "shared"}); answer.Refusal != nil {
		t.Fatal(answer.Refusal)
	}
	if told := c.notices(t, c.as(t, "daan")); len(told) != 1 || told[0].Kind != store.NoticeShared || told[0].Card != card || told[0].By != "hanneke" {
		t.Errorf("Daan is told %+v", told)
	}
	if told := c.notices(t, c.as(t, "iris")); len(told) != 0 {
		t.Errorf("Iris is told %+v", told)
	}
}

// A card that comes under a standing lend of a person is told to its author as one
// that was there when it was lent.
func TestAuthorHearsOfALendThatStood(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	noor := casework.PersonID(c.made(t, "hanneke", "add_person", with{"kind": "parent", "class": "shared", "name": "Noor"}))
	c.place(t, "daan", casework.AmbulantWorker, noor)
	if _, err := c.Lend(t.Context(), c.as(t, "hanneke"), c.id, app.Gift{To: c.users["iris"], Person: noor, Until: c.clock.Now().Add(time.Hour), Reason: "Voor het gesprek."}); err != nil {
		t.Fatal(err)
	}
	c.card(t, "daan", "Voor iedereen", with{"class": "shared", "person": noor})
	if told := c.notices(t, c.as(t, "daan")); len(told) != 0 {
		t.Errorf("what Iris reads anyhow is told: %+v", told)
	}
	card := c.card(t, "daan", "In vertrouwen", with{"class": "confidential", "person": noor})
	if told := c.notices(t, c.as(t, "daan")); len(told) != 1 || told[0].Kind != store.NoticeLent || told[0].Card != card || told[0].By != "hanneke" {
		t.Errorf("Daan is told %+v", told)
	}
}
