package app_test

import (
	"bytes"
	"testing"

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
