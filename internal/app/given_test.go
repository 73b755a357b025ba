package app_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// sees tells whether somebody sees the card in the case as it is now.
func (c conference) sees(t *testing.T, name string, card casework.CardID) bool {
	t.Helper()
	access, err := c.Access(t.Context(), c.id)
	if err != nil {
		t.Fatal(err)
	}
	reader, ok := access.Reader(c.users[name], c.clock.Now())
	if !ok {
		return false
	}
	_, sees := view.SeatOf(reader, view.Moment{State: c.state(t, c.id), Access: access, At: c.clock.Now()}).Card(card)
	return sees
}

// lend is what Hanneke lends, for a day.
func (c conference) lend(to string, card casework.CardID) app.Gift {
	return app.Gift{To: c.users[to], Card: card, Until: c.clock.Now().Add(24 * time.Hour), Reason: "Voor het gesprek van morgen."}
}

// refused fails unless it was refused for that reason.
func refused(t *testing.T, what string, err error, reason string) {
	t.Helper()
	var refusal *casework.Error
	if !errors.As(err, &refusal) || refusal.Reason != reason {
		t.Errorf("%s: %v, not %s", what, err, reason)
	}
}

// A lent card is read until the lend is over, and a barred one is not there.
func TestLendAndBar(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	hanneke := c.as(t, "hanneke")
	card := c.card(t, "hanneke", "Afspraak van de tafel", with{"class": "confidential"})
	open := c.card(t, "daan", "Voor iedereen", nil)
	if c.sees(t, "ruben", card) {
		t.Fatal("Ruben reads it anyhow")
	}
	given, err := c.Lend(t.Context(), hanneke, c.id, c.lend("ruben", card))
	if err != nil || !c.sees(t, "ruben", card) || c.sees(t, "iris", card) {
		t.Fatalf("lent to Ruben: %v, %v, %v", err, c.sees(t, "ruben", card), c.sees(t, "iris", card))
	}
	if err := c.EndGiven(t.Context(), hanneke, c.id, given); err != nil || c.sees(t, "ruben", card) {
		t.Errorf("after the end: %v", err)
	}
	refused(t, "ending it again", c.EndGiven(t.Context(), hanneke, c.id, given), "not_found")
	if _, err := c.Lend(t.Context(), hanneke, c.id, c.lend("ruben", card)); err != nil {
		t.Fatal(err)
	}
	c.clock.turn(24*time.Hour - time.Second)
	if !c.sees(t, "ruben", card) {
		t.Error("the lend is over too early")
	}
	c.clock.turn(time.Second)
	if c.sees(t, "ruben", card) {
		t.Error("the lend outlasts its end")
	}

	bar, err := c.Bar(t.Context(), hanneke, c.id, app.Gift{To: c.users["iris"], Card: open, Reason: "Zij is familie van hem."})
	if err != nil || c.sees(t, "iris", open) || !c.sees(t, "ruben", open) {
		t.Fatalf("barred: %v", err)
	}
	answer, absent := c.ask(t, "iris", "archive_card", with{"card": open}), c.ask(t, "iris", "archive_card", with{"card": "AAAAAAAAAAAAAAAA"})
	if answer.Refusal == nil || answer.Refusal.Error() != absent.Refusal.Error() {
		t.Errorf("a barred card is not absent: %v, %v", answer.Refusal, absent.Refusal)
	}
	if err := c.EndGiven(t.Context(), hanneke, c.id, bar); err != nil || !c.sees(t, "iris", open) {
		t.Errorf("after the bar: %v", err)
	}
	if kept := one[string](t, c.door, `SELECT string_agg(given::text, ' ') FROM given`); strings.Contains(kept, "familie") {
		t.Errorf("the reason can be read: %s", kept)
	}
}

// What cannot be given is refused with what is wrong, gives nothing and is on the
// record.
func TestLendAndBarRefused(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	hanneke := c.as(t, "hanneke")
	noor := casework.PersonID(c.made(t, "hanneke", "add_person", with{"name": "Noor", "kind": "parent", "class": "shared"}))
	joris := casework.PersonID(c.made(t, "hanneke", "add_person", with{"name": "Joris", "kind": "partner", "class": "shared"}))
	own := c.card(t, "hanneke", "Afspraak", with{"class": "confidential"})
	open := c.card(t, "daan", "Voor iedereen", nil)
	private := c.card(t, "iris", "Werkaantekening", with{"class": "private"})
	safety := c.card(t, "hanneke", "Adres", with{"class": "safety"})
	draft := casework.CardID(c.made(t, "hanneke", "draft_card", with{"column": c.column(t), "title": "Nog niet", "class": "confidential", "kind": "question"}))
	with := func(change func(*app.Gift)) app.Gift {
		g := c.lend("ruben", own)
		change(&g)
		return g
	}
	for _, lend := range []struct {
		reason string
		gift   app.Gift
	}{
		{"given_to_self", with(func(g *app.Gift) { g.To = hanneke.Account.ID })},
		{"member_gone", with(func(g *app.Gift) { g.To = "AAAAAAAAAAAAAAAA" })},
		{"given_what", with(func(g *app.Gift) { g.Card = "" })},
		{"given_what", with(func(g *app.Gift) { g.Person = noor })},
		{"not_found", with(func(g *app.Gift) { g.Card = "AAAAAAAAAAAAAAAA" })},
		{"not_found", with(func(g *app.Gift) { g.Card = private })},
		{"given_draft", with(func(g *app.Gift) { g.Card = draft })},
		{"reason_empty", with(func(g *app.Gift) { g.Reason = "  " })},
		{"bad_reason", with(func(g *app.Gift) { g.Reason = strings.Repeat("a", 301) })},
		{"until_past", with(func(g *app.Gift) { g.Until = c.clock.Now() })},
		{"lend_too_long", with(func(g *app.Gift) { g.Until = time.Time{} })},
		{"lend_too_long", with(func(g *app.Gift) { g.Until = c.clock.Now().Add(14*24*time.Hour + time.Second) })},
		{"lend_needless", with(func(g *app.Gift) { g.Card = open })},
		{"lend_past_policy", with(func(g *app.Gift) { g.Card = safety })},
		{"lend_past_policy", with(func(g *app.Gift) { g.Card, g.Person = "", noor })},
		{"lend_past_policy", with(func(g *app.Gift) { g.Card, g.Person = "", joris })},
	} {
		_, err := c.Lend(t.Context(), hanneke, c.id, lend.gift)
		refused(t, "lend", err, lend.reason)
	}
	if _, err := c.Lend(t.Context(), hanneke, c.id, with(func(g *app.Gift) { g.Card, g.Person, g.To = "", noor, c.users["iris"] })); err != nil {
		t.Errorf("what is confidential about Noor cannot be lent to Iris: %v", err)
	}
	for _, bar := range []struct {
		reason string
		gift   app.Gift
	}{
		{"bar_chair", with(func(g *app.Gift) { g.To = hanneke.Account.ID })},
		{"bar_own_card", with(func(g *app.Gift) { g.To, g.Card = c.users["daan"], open })},
		{"not_found", with(func(g *app.Gift) { g.Card = private })},
	} {
		_, err := c.Bar(t.Context(), hanneke, c.id, bar.gift)
		refused(t, "bar", err, bar.reason)
	}
	if _, err := c.Bar(t.Context(), hanneke, c.id, with(func(*app.Gift) {})); err != nil {
		t.Fatal(err)
	}
	_, err := c.Bar(t.Context(), hanneke, c.id, with(func(*app.Gift) {}))
	refused(t, "bar twice", err, "bar_standing")
	_, err = c.Lend(t.Context(), hanneke, c.id, with(func(*app.Gift) {}))
	refused(t, "lend what is barred", err, "lend_barred")

	_, err = c.Lend(t.Context(), c.as(t, "iris"), c.id, c.lend("ruben", open))
	refused(t, "Iris lends", err, "not_allowed")
	mirthe := c.colleague(t, "mirthe@ggze.example", casework.MentalHealth, "GGzE")
	_, err = c.Lend(t.Context(), mirthe, c.id, c.lend("ruben", own))
	refused(t, "a stranger lends", err, "not_found")
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event IN ('lend', 'bar') AND outcome = 'refused'`); n != 16+3+2+2 {
		t.Errorf("%d refusals are on the record", n)
	}
	if rules := one[string](t, c.door, `SELECT string_agg(policy_rule, ' ' ORDER BY at, policy_rule) FROM record WHERE detail ->> 'reason' = 'lend_past_policy'`); rules != " D-01 D-02" {
		t.Errorf("refused by %s", rules)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE outcome = 'refused' AND event IN ('lend', 'bar') AND object <> ''`); n != 0 {
		t.Errorf("%d refusals name an object", n)
	}
}

// A lend goes with the place that it was given to; a bar stays.
func TestGivenAndThePlace(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	hanneke := c.as(t, "hanneke")
	card := c.card(t, "hanneke", "Afspraak", with{"class": "confidential"})
	open := c.card(t, "hanneke", "Voor iedereen", nil)
	if _, err := c.Lend(t.Context(), hanneke, c.id, c.lend("ruben", card)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Bar(t.Context(), hanneke, c.id, app.Gift{To: c.users["ruben"], Card: open, Reason: "Reden."}); err != nil {
		t.Fatal(err)
	}
	c.clock.turn(time.Minute)
	if err := c.EndPlace(t.Context(), hanneke, c.id, c.users["ruben"]); err != nil {
		t.Fatal(err)
	}
	c.clock.turn(time.Minute)
	c.seat(t, c.id, "ruben", casework.PerpetratorSupport)
	if c.sees(t, "ruben", card) || c.sees(t, "ruben", open) {
		t.Errorf("back at the table Ruben reads what was lent: %v, what was barred: %v", c.sees(t, "ruben", card), c.sees(t, "ruben", open))
	}
	_, err := c.Lend(t.Context(), hanneke, c.id, app.Gift{To: c.users["ruben"], Card: card, Until: c.clock.Now().Add(time.Hour), Reason: "Weer."})
	if err != nil || !c.sees(t, "ruben", card) {
		t.Errorf("lent anew: %v", err)
	}
}

// Who wrote what is lent hears of it, once, and nobody else does.
func TestAuthorsHearOfALend(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	hanneke := c.as(t, "hanneke")
	noor := c.made(t, "hanneke", "add_person", with{"name": "Noor", "kind": "parent", "class": "shared"})
	c.place(t, "daan", casework.AmbulantWorker, casework.PersonID(noor))
	card := c.card(t, "daan", "In vertrouwen", with{"class": "confidential", "person": noor})
	c.card(t, "daan", "Nog iets", with{"class": "confidential", "person": noor})
	if _, err := c.Lend(t.Context(), hanneke, c.id, c.lend("iris", card)); err != nil {
		t.Fatal(err)
	}
	told := c.notices(t, c.as(t, "daan"))
	if len(told) != 1 || told[0].Card != card || told[0].By != "hanneke" {
		t.Errorf("Daan is told %+v", told)
	}
	person := c.lend("iris", "")
	person.Person = casework.PersonID(noor)
	if _, err := c.Lend(t.Context(), hanneke, c.id, person); err != nil {
		t.Fatal(err)
	}
	if told = c.notices(t, c.as(t, "daan")); len(told) != 2 {
		t.Errorf("Daan is told %+v", told)
	}
	for _, name := range []string{"iris", "ruben", "hanneke"} {
		if told := c.notices(t, c.as(t, name)); len(told) != 0 {
			t.Errorf("%s is told %+v", name, told)
		}
	}
}

// place seats somebody anew, beside some of the family.
func (c conference) place(t *testing.T, name string, role casework.Role, beside ...casework.PersonID) {
	t.Helper()
	m := store.Membership{Ground: "treatment", Member: casework.Member{User: c.users[name], Role: role, From: c.clock.Now(), Beside: beside}}
	if err := c.SetMember(t.Context(), audit.Actor{User: c.users["hanneke"], Door: "test"}, c.id, m); err != nil {
		t.Fatal(err)
	}
}

// The page tells each member of the readers of what that member sees, and of what was
// given only what that member may know: of a bar chairs alone.
func TestSight(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	hanneke := c.as(t, "hanneke")
	card := c.card(t, "hanneke", "Afspraak van de tafel", with{"class": "confidential"})
	open := c.card(t, "daan", "Voor iedereen", nil)
	if _, err := c.Lend(t.Context(), hanneke, c.id, c.lend("ruben", card)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Bar(t.Context(), hanneke, c.id, app.Gift{To: c.users["iris"], Card: open, Reason: "Zij is familie van hem."}); err != nil {
		t.Fatal(err)
	}
	for _, look := range []struct {
		name     string
		card     casework.CardID
		of       string // somebody else
		reads    bool
		grant    casework.Grant
		standing int
	}{
		{"hanneke", card, "ruben", true, casework.GrantLend, 2},
		{"hanneke", open, "iris", false, casework.GrantBar, 2},
		{"ruben", card, "ruben", true, casework.GrantLend, 1},
		{"ruben", open, "iris", true, casework.NoGrant, 1},
		{"daan", open, "iris", true, casework.NoGrant, 0},
	} {
		sight, err := c.SightOf(t.Context(), c.as(t, look.name), c.id, app.Subject{Card: look.card})
		if err != nil {
			t.Fatal(look.name, err)
		}
		for _, r := range sight.Readings {
			if r.User == c.users[look.of] && (r.Reads != look.reads || r.Grant != look.grant || r.Allowed != look.reads) {
				t.Errorf("%s is told of %s: %+v", look.name, look.of, r)
			}
		}
		if len(sight.Readings) != len(roles) || len(sight.Standing) != look.standing {
			t.Errorf("%s is told of %d people and %+v", look.name, len(sight.Readings), sight.Standing)
		}
	}
	for _, hidden := range []struct {
		name string
		card casework.CardID
	}{{"iris", open}, {"daan", card}, {"daan", "AAAAAAAAAAAAAAAA"}} {
		_, err := c.SightOf(t.Context(), c.as(t, hidden.name), c.id, app.Subject{Card: hidden.card})
		refused(t, hidden.name, err, "not_found")
	}
	if sight, err := c.SightOf(t.Context(), c.as(t, "iris"), c.id, app.Subject{}); err != nil || len(sight.Standing)+len(sight.Past) != 0 {
		t.Errorf("Iris is told %+v, %v", sight.Standing, err)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'view_sight' AND object <> '' AND outcome = 'done'`); n != 6 {
		t.Errorf("%d looks are on the record", n)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'view_sight' AND object <> '' AND outcome = 'refused'`); n != 0 {
		t.Errorf("%d refused looks name what they were at", n)
	}
}

// Who is shut out of something is made no chair, and learns of it in no role.
func TestBarredChair(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	hanneke, iris := c.as(t, "hanneke"), c.users["iris"]
	noor := casework.PersonID(c.made(t, "hanneke", "add_person", with{"name": "Noor", "kind": "parent", "class": "shared"}))
	card := c.card(t, "daan", "Over Noor", with{"person": string(noor)})
	bar, err := c.Bar(t.Context(), hanneke, c.id, app.Gift{To: iris, Person: noor, Reason: "Zij is familie."})
	if err != nil || c.sees(t, "iris", card) {
		t.Fatalf("barred: %v", err)
	}
	_, err = c.ChangePlace(t.Context(), hanneke, c.id, iris, app.Place{Role: casework.Chair, Function: casework.ChairFunctions[0], Ground: "treatment"})
	refused(t, "a chair who is shut out", err, "chair_barred")

	c.clock.turn(time.Second)
	c.place(t, "iris", casework.Chair) // as by a yes to what was asked before
	moment, reader := c.now(t, "iris")
	if list := view.SeatOf(reader, moment).Given(); len(list) != 0 || c.sees(t, "iris", card) {
		t.Errorf("Iris is told %+v, and sees the card: %v", list, c.sees(t, "iris", card))
	}
	refused(t, "Iris ends her own bar", c.EndGiven(t.Context(), c.as(t, "iris"), c.id, bar), "not_found")
	if err := c.EndGiven(t.Context(), hanneke, c.id, bar); err != nil || !c.sees(t, "iris", card) {
		t.Errorf("Hanneke ends it: %v", err)
	}
}

// What is lent ends with the case that is closed, in the same transaction, and is
// lent no more when the case opens again; who was shut out stays so. The epoch of
// rights begins only where something ends.
func TestLendsEndWhenTheCaseCloses(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	hanneke, els := c.proven(c.as(t, "hanneke")), c.proven(c.person(t, "els@linde.example", casework.Manager))
	card := c.card(t, "hanneke", "Afspraak", with{"class": "confidential"})
	open := c.card(t, "daan", "Voor iedereen", nil)
	if _, err := c.Lend(t.Context(), hanneke, c.id, c.lend("ruben", card)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Bar(t.Context(), hanneke, c.id, app.Gift{To: c.users["iris"], Card: open, Reason: "Zij is familie van hem."}); err != nil {
		t.Fatal(err)
	}
	c.clock.turn(time.Minute)
	epoch := c.epoch(t)
	if a := c.ask(t, "iris", "close_case", nil); reason(a.Refusal) != "not_allowed" || c.epoch(t) != epoch {
		t.Errorf("who may not close: %v, %d epochs", a.Refusal, c.epoch(t)-epoch)
	}
	c.made(t, "hanneke", "close_case", nil)
	if c.epoch(t) != epoch+1 {
		t.Errorf("closing began %d epochs", c.epoch(t)-epoch)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM given g JOIN event e ON e.case_id = g.case_id AND e.xmin::text = g.xmin::text
		WHERE g.kind = 'lend' AND g.ended_at = e.at AND g.ended_by = e.actor AND e.actor = $1`, hanneke.Account.ID); n != 1 {
		t.Errorf("%d lends ended with the case", n)
	}
	if given := c.team(t, "hanneke").Given; len(given) != 1 || given[0].Kind != casework.GrantBar {
		t.Errorf("in force after the close: %+v", given)
	}

	second := c.asks(t, hanneke, casework.ActReopen, "mistake")
	if err := c.AnswerSecond(t.Context(), els, second, true); err != nil {
		t.Fatal(err)
	}
	if c.state(t, c.id).Status != casework.Open || c.sees(t, "ruben", card) || c.sees(t, "iris", open) {
		t.Errorf("opened again: Ruben reads what was lent: %v; Iris what she was shut out of: %v", c.sees(t, "ruben", card), c.sees(t, "iris", open))
	}
	if a := c.ask(t, "ruben", "archive_card", with{"card": card}); reason(a.Refusal) != "not_found" {
		t.Errorf("what was lent is there to be archived: %v", a.Refusal)
	}
	c.clock.turn(time.Minute)
	epoch = c.epoch(t)
	c.made(t, "hanneke", "close_case", nil)
	if c.epoch(t) != epoch {
		t.Error("an epoch began for a close by which nothing ends")
	}
}
