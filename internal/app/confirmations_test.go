package app_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// Only a manager or admin of the colleague's own organisation answers, once, while
// who asked may still ask and the question is fresh; an account that is made later
// meets it. Every other way is told nothing.
func TestConfirm(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	hanneke := c.as(t, "hanneke")
	els, stranger := c.colleague(t, "els@ggze.example", casework.Manager, "GGzE"), c.colleague(t, "piet@elders.example", casework.Manager, "Elders")
	peer := c.colleague(t, "peer@ggze.example", casework.MentalHealth, "GGzE")
	waits := func() (ids []string) {
		list, err := c.Confirmations(t.Context(), els)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range list {
			if one.Organisation != "De Linde" || one.Role != casework.ChildWorker || one.Ground != "treatment" {
				t.Errorf("asked %+v", one)
			}
			ids = append(ids, one.ID)
		}
		return ids
	}
	ask := func(address string) {
		t.Helper()
		if _, err := c.Invite(t.Context(), hanneke, c.id, address, child(nil)); err != nil {
			t.Fatal(err)
		}
	}
	ask("mirthe@ggze.example")
	ask("els@ggze.example") // who answers gets no place
	if got := waits(); len(got) != 0 {
		t.Errorf("asked about somebody who is not there, or herself: %v", got)
	}
	mirthe := c.colleague(t, "mirthe@ggze.example", casework.MentalHealth, "GGzE")
	asked := waits()
	if len(asked) != 1 {
		t.Fatalf("the account that was made later: %v", asked)
	}
	for who, session := range map[string]app.Session{"another organisation": stranger, "a colleague": peer, "oneself": mirthe, "the chair": hanneke} {
		if err := c.AnswerProposal(t.Context(), session, asked[0], true); reason(err) != "not_found" {
			t.Errorf("%s answers: %v", who, err)
		}
	}
	for _, session := range []app.Session{peer, hanneke} {
		if _, err := c.Confirmations(t.Context(), session); reason(err) != "not_found" {
			t.Error("who does not answer sees the list:", err)
		}
	}
	if list, err := c.Confirmations(t.Context(), stranger); err != nil || len(list) != 0 {
		t.Errorf("another organisation sees %v, %v", list, err)
	}
	if c.enters(t, mirthe) {
		t.Error("in before the yes")
	}
	if err := c.SeatProposal(t.Context(), hanneke, c.id, asked[0]); reason(err) != "not_found" {
		t.Error("the chair gives a place that nobody said yes to:", err)
	}
	if err := c.AnswerProposal(t.Context(), els, asked[0], true); err != nil || c.enters(t, mirthe) {
		t.Error("in before a chair saw whom the yes is for:", err)
	}
	got := c.team(t, "hanneke").Waiting
	i := slices.IndexFunc(got, func(p store.Proposal) bool { return p.ID == asked[0] })
	if i < 0 || got[i].Vouched != mirthe.Account.ID || got[i].OrganisationName != "GGzE" {
		t.Errorf("the chair sees %+v", got)
	}
	if err := c.SeatProposal(t.Context(), c.as(t, "iris"), c.id, asked[0]); reason(err) != "not_allowed" {
		t.Error("a member gives a place:", err)
	}
	if _, err := c.admin.ExecContext(t.Context(), `UPDATE proposal SET beside = '{NEVERWAS}' WHERE id = $1`, asked[0]); err != nil {
		t.Fatal(err)
	}
	if err := c.SeatProposal(t.Context(), hanneke, c.id, asked[0]); err != nil || !c.enters(t, mirthe) {
		t.Error("not in after all said yes:", err)
	}
	if m, _ := c.team(t, "hanneke").Member(mirthe.Account.ID); len(m.Beside) != 0 {
		t.Errorf("beside somebody whom the chair does not see: %v", m.Beside)
	}
	if err := c.AnswerProposal(t.Context(), els, asked[0], false); reason(err) != "not_found" {
		t.Error("answered twice:", err)
	}
	// A longer stay and another role ask for another yes; less does not.
	place := child(func(p *app.Place) { p.Until = "2026-04-01" })
	for _, want := range []struct {
		change  func(*app.Place)
		seating app.Seating
	}{
		{nil, app.Seated},
		{func(p *app.Place) { p.Duty.Task = "Weegt mee" }, app.Seated},
		{func(p *app.Place) { p.Contact = true }, app.Waiting},
		{func(p *app.Place) { p.Role, p.Function = casework.Chair, casework.LeadsProcess }, app.Waiting},
		{func(p *app.Place) { p.Until = "2026-04-02" }, app.Waiting},
		{func(p *app.Place) { p.Role = casework.ResidentialWorker }, app.Waiting},
		{func(p *app.Place) { p.Ground = "consent" }, app.Waiting},
		{func(p *app.Place) { p.Until = "2026-03-30" }, app.Seated},
	} {
		next := place
		if want.change != nil {
			want.change(&next)
		}
		if seating, err := c.ChangePlace(t.Context(), hanneke, c.id, mirthe.Account.ID, next); err != nil || seating != want.seating {
			t.Errorf("%+v: %s, %v", next, seating, err)
		}
		for _, p := range c.team(t, "hanneke").Waiting { // of who sits at the table the chair may not know the address
			if named := p.Name != ""; named != (p.User != "") || named == (p.Address != "") {
				t.Errorf("listed as %+v", p)
			}
		}
	}
	if got := waits(); len(got) != 0 {
		t.Errorf("what was asked before the last change still waits: %v", got)
	}
	// What was asked lapses with who asked, with the case, and with time.
	fresh := func() string {
		t.Helper()
		ask("peer@ggze.example")
		ids := waits()
		if len(ids) != 1 {
			t.Fatalf("waiting: %v", ids)
		}
		return ids[0]
	}
	lapsed := func(what, proposal string) {
		t.Helper()
		if got := waits(); len(got) != 0 {
			t.Errorf("%s: %v waits", what, got)
		}
		if err := c.AnswerProposal(t.Context(), els, proposal, true); reason(err) != "not_found" {
			t.Errorf("%s: %v", what, err)
		}
	}
	one := fresh()
	if err := c.WithdrawProposal(t.Context(), hanneke, c.id, one); err != nil {
		t.Fatal(err)
	}
	lapsed("withdrawn", one)
	one = fresh()
	c.made(t, "hanneke", "close_case", nil)
	lapsed("in a closed case", one)
	if err := c.AnswerSecond(t.Context(), c.proven(c.person(t, "bas", casework.Manager)), c.asks(t, hanneke, casework.ActReopen, "mistake"), true); err != nil {
		t.Fatal(err)
	}
	c.clock.turn(30 * 24 * time.Hour)
	lapsed("after a month", one)
	one = fresh()
	if _, err := c.ChangePlace(t.Context(), hanneke, c.id, c.users["daan"], app.Place{Role: casework.Chair, Function: casework.LeadsBoth, Ground: "treatment"}); err != nil {
		t.Fatal(err)
	}
	if err := c.EndPlace(t.Context(), c.as(t, "daan"), c.id, hanneke.Account.ID); err != nil {
		t.Fatal(err)
	}
	lapsed("its chair has gone", one)
}

// An administrator of another organisation than the chair expects makes an account
// with the address and says yes. The chair sees of which organisation that is before
// anybody sits anywhere.
func TestYesOfAnUnexpectedOrganisation(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	hanneke, otto := c.as(t, "hanneke"), c.colleague(t, "otto@berk.example", casework.Admin, "De Berk")
	if _, err := c.Invite(t.Context(), hanneke, c.id, "jan@ggze.example", child(nil)); err != nil {
		t.Fatal(err)
	}
	jan := c.colleague(t, "jan@ggze.example", casework.ChildWorker, "De Berk")
	list, err := c.Confirmations(t.Context(), otto)
	if err != nil || len(list) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	if err := c.AnswerProposal(t.Context(), otto, list[0].ID, true); err != nil {
		t.Fatal(err)
	}
	if list, err := c.Confirmations(t.Context(), otto); err != nil || len(list) != 0 {
		t.Errorf("it can be answered again: %+v, %v", list, err)
	}
	waiting := c.team(t, "hanneke").Waiting
	if len(waiting) != 1 || waiting[0].Address != "jan@ggze.example" || waiting[0].OrganisationName != "De Berk" || c.enters(t, jan) {
		t.Fatalf("the chair sees %+v", waiting)
	}
	if told, err := c.Notices(t.Context(), hanneke); err != nil || len(told) != 1 || told[0].Kind != store.NoticePlaceAnswered || told[0].Case != c.id {
		t.Errorf("the chair hears %+v, %v", told, err)
	}
	if err := c.Exclude(t.Context(), hanneke, c.id, "jan+2@ggze.example", ""); err != nil {
		t.Fatal(err)
	}
	if got := c.team(t, "hanneke").Waiting; len(got) != 1 || got[0].Vouched != "" {
		t.Errorf("somebody who must never come near is put forward: %+v", got)
	}
	if err := c.SeatProposal(t.Context(), hanneke, c.id, list[0].ID); reason(err) != "not_found" || c.enters(t, jan) {
		t.Error("somebody who must never come near is seated:", err)
	}
	if err := c.WithdrawProposal(t.Context(), hanneke, c.id, list[0].ID); err != nil {
		t.Fatal(err)
	}
}

// Two chairs who end each other's place at one moment, on two nodes: one of them
// is the last, and stays. So is the contact person one.
func TestTeamChangedAtOnce(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	nodes := []*app.App{c.App, c.node(t, "second", c.store)}
	chairs := []string{"hanneke", "daan"}
	chair := app.Place{Role: casework.Chair, Function: casework.LeadsMeeting, Ground: "treatment"}
	for range 5 {
		for _, name := range chairs {
			for _, by := range chairs { // whoever of them is chair now
				if _, err := c.ChangePlace(t.Context(), c.as(t, by), c.id, c.users[name], chair); err == nil {
					break
				}
			}
		}
		if err := both(func(i int) error {
			return nodes[i].EndPlace(t.Context(), c.as(t, chairs[i]), c.id, c.users[chairs[1-i]])
		}); len(err) != 1 {
			t.Fatalf("both ended each other's place, or neither: %v", err)
		}
		if n := one[int](t, c.door, `SELECT count(*) FROM membership WHERE role = 'chair' AND (valid_until IS NULL OR valid_until > $1)`, c.clock.Now()); n != 1 {
			t.Fatalf("%d chairs are left", n)
		}
		left := chairs[0]
		if !c.enters(t, c.as(t, left)) {
			left = chairs[1]
		}
		failed := both(func(i int) error {
			_, err := nodes[i].ChangePlace(context.Background(), c.as(t, left), c.id, c.users[[]string{"iris", "ruben"}[i]], child(func(p *app.Place) { p.Contact = true }))
			return err
		})
		if n := one[int](t, c.door, `SELECT count(*) FROM membership WHERE contact`); len(failed) != 0 || n != 1 {
			t.Fatalf("%d contact persons, %v", n, failed)
		}
		c.clock.turn(time.Minute)
	}
}

// both does something twice at one moment and gives what failed.
func both(do func(i int) error) (failed []error) {
	var wait sync.WaitGroup
	errs := make([]error, 2)
	for i := range errs {
		wait.Go(func() { errs[i] = do(i) })
	}
	wait.Wait()
	for i, err := range errs {
		if err != nil {
			failed = append(failed, fmt.Errorf("%d: %w", i, err))
		}
	}
	return failed
}
