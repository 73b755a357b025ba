package app_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// colleague makes an account of an organisation and signs it in.
func (c conference) colleague(t *testing.T, login string, discipline casework.Role, organisation string) app.Session {
	t.Helper()
	id, err := c.AddUser(t.Context(), app.NewUser{Login: login, Name: "Naam van " + login, Discipline: discipline, Organisation: organisation, Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	c.users[login] = id
	return c.session(t, id, discipline)
}

// as is somebody of the conference, signed in.
func (c conference) as(t *testing.T, name string) app.Session {
	t.Helper()
	return c.session(t, c.users[name], roles[name])
}

// team is the team as somebody is told of it.
func (c conference) team(t *testing.T, name string) app.Team {
	t.Helper()
	team, err := c.TeamOf(t.Context(), c.as(t, name), c.id)
	if err != nil {
		t.Fatal(err)
	}
	return team
}

// child is a place that asks nothing much.
func child(change func(*app.Place)) app.Place {
	p := app.Place{Role: casework.ChildWorker, Ground: "treatment"}
	if change != nil {
		change(&p)
	}
	return p
}

// enters tells whether somebody may look at the case.
func (c conference) enters(t *testing.T, session app.Session) bool {
	t.Helper()
	_, err := c.TeamOf(t.Context(), session, c.id)
	if err != nil && casework.KindOf(err) != casework.NotFound {
		t.Fatal(err)
	}
	return err == nil
}

// A colleague of the chair's own organisation sits down at once; of anybody else,
// whether or not they are there, the answer is one and the same.
func TestInvite(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	fenna := c.made(t, "hanneke", "add_person", with{"name": "Fenna", "kind": "child", "class": "safety"})
	sanne := c.colleague(t, "sanne@linde.example", casework.ChildWorker, "De Linde")
	c.colleague(t, "mirthe@ggze.example", casework.MentalHealth, "GGzE")
	gone := c.colleague(t, "gone@linde.example", casework.ChildWorker, "De Linde")
	if err := c.Deactivate(t.Context(), gone.Account.ID); err != nil {
		t.Fatal(err)
	}
	hanneke := c.as(t, "hanneke")
	seating, err := c.Invite(t.Context(), hanneke, c.id, " Sanne@Linde.example", child(func(p *app.Place) {
		p.Beside, p.Contact, p.Until = []casework.PersonID{casework.PersonID(fenna)}, true, "2026-05-01"
		p.Duty = store.Duty{Task: "Fenna's stem aan tafel.", Mandate: "Dagritme"}
	}))
	if err != nil || seating != app.Seated || !c.enters(t, sanne) {
		t.Fatalf("%s, %v", seating, err)
	}
	m, _ := c.team(t, "ruben").Member(sanne.Account.ID)
	if m.Duty.Task != "Fenna's stem aan tafel." || m.Until.In(app.Here).Format(time.DateTime) != "2026-05-02 00:00:00" || m.InvitedBy != "hanneke" || len(m.Beside) != 0 || !m.Contact {
		t.Errorf("Ruben is told %+v", m)
	}
	if m, _ = c.team(t, "iris").Member(sanne.Account.ID); len(m.Beside) != 1 {
		t.Errorf("Iris is told %+v", m)
	}
	for _, address := range []string{"mirthe@ggze.example", "nobody@nowhere.example", "gone@linde.example"} {
		if seating, err := c.Invite(t.Context(), hanneke, c.id, address, child(nil)); err != nil || seating != app.Waiting {
			t.Errorf("%s: %s, %v", address, seating, err)
		}
	}
	if c.enters(t, c.session(t, c.users["mirthe@ggze.example"], casework.MentalHealth)) {
		t.Error("a proposal lets somebody in")
	}
	var addresses []string
	for _, p := range c.team(t, "hanneke").Waiting {
		addresses = append(addresses, p.Address)
	}
	if slices.Sort(addresses); strings.Join(addresses, " ") != "gone@linde.example mirthe@ggze.example nobody@nowhere.example" {
		t.Errorf("waiting: %v", addresses)
	}
	if n := len(c.team(t, "iris").Waiting); n != 0 {
		t.Errorf("Iris sees %d proposals", n)
	}
	if same := one[int](t, c.door, `SELECT count(DISTINCT (event, action, outcome, object_kind, detail)) FROM record WHERE object_kind = 'proposal'`); same != 1 {
		t.Errorf("the records tell %d sorts of address apart", same)
	}
	if kept := one[string](t, c.door, `SELECT string_agg(p::text, ' ') || (SELECT string_agg(m::text, ' ') FROM membership m) FROM proposal p`); strings.Contains(kept, "ggze") || strings.Contains(kept, "stem") {
		t.Errorf("it can be read: %s", kept)
	}
}

// What cannot be is refused with what is wrong, changes nothing and is on the
// record.
func TestInviteRefused(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els := c.colleague(t, "els@linde.example", casework.Manager, "De Linde")
	_ = els
	hanneke := c.as(t, "hanneke")
	begun := one[int64](t, c.door, `SELECT epoch FROM access_epoch`)
	for name, bad := range map[string]struct {
		by      string
		address string
		place   app.Place
		reason  string
	}{
		"no right":            {"iris", "x@y.example", child(nil), "not_allowed"},
		"no address":          {"hanneke", "Sanne de Wit", child(nil), "bad_address"},
		"no role":             {"hanneke", "x@y.example", child(func(p *app.Place) { p.Role = "boss" }), "bad_role"},
		"manager is no role":  {"hanneke", "x@y.example", child(func(p *app.Place) { p.Role = casework.Manager }), "bad_role"},
		"a manager":           {"hanneke", "els@linde.example", child(nil), "no_seat"},
		"chair of what":       {"hanneke", "x@y.example", child(func(p *app.Place) { p.Role = casework.Chair }), "bad_role"},
		"function without":    {"hanneke", "x@y.example", child(func(p *app.Place) { p.Function = casework.LeadsBoth }), "bad_role"},
		"no ground":           {"hanneke", "x@y.example", child(func(p *app.Place) { p.Ground = "" }), "bad_ground"},
		"ground of nobody":    {"hanneke", "x@y.example", child(func(p *app.Place) { p.Ground = "curiosity" }), "bad_ground"},
		"no such person":      {"hanneke", "x@y.example", child(func(p *app.Place) { p.Beside = []casework.PersonID{"AAAAAAAAAAAAAAAA"} }), "person_gone"},
		"begins in the past":  {"hanneke", "x@y.example", child(func(p *app.Place) { p.From = "2026-02-27" }), "from_past"},
		"no day":              {"hanneke", "x@y.example", child(func(p *app.Place) { p.From = "2026-02-31" }), "bad_date"},
		"ends in the past":    {"hanneke", "x@y.example", child(func(p *app.Place) { p.Until = "2026-03-01" }), "until_past"},
		"ends before":         {"hanneke", "x@y.example", child(func(p *app.Place) { p.From, p.Until = "2026-03-09", "2026-03-08" }), "until_past"},
		"a slip of the pen":   {"hanneke", "x@y.example", child(func(p *app.Place) { p.Until = "20266-03-09" }), "bad_until"},
		"a guest for ever":    {"hanneke", "x@y.example", child(func(p *app.Place) { p.Role = casework.Guest }), "guest_one_day"},
		"a guest for a while": {"hanneke", "x@y.example", child(func(p *app.Place) { p.Role, p.Until = casework.Guest, "2026-03-03" }), "guest_one_day"},
		"a long task":         {"hanneke", "x@y.example", child(func(p *app.Place) { p.Duty.Task = strings.Repeat("é", 301) }), "bad_task"},
		"an odd mandate":      {"hanneke", "x@y.example", child(func(p *app.Place) { p.Duty.Mandate = "van\u202erechts" }), "bad_mandate"},
		"who sits here":       {"hanneke", "iris", child(nil), "already_member"},
	} {
		seating, err := c.Invite(t.Context(), c.as(t, bad.by), c.id, bad.address, bad.place)
		if reason(err) != bad.reason || seating != "" && bad.reason != "no_seat" {
			t.Errorf("%s: %s, %v", name, seating, err)
		}
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'invite' AND outcome = 'refused'`); n != 20 {
		t.Errorf("%d refusals are on the record", n)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM membership`) + one[int](t, c.door, `SELECT count(*) FROM proposal`); n != 4 {
		t.Errorf("%d places", n)
	}
	if epoch := one[int64](t, c.door, `SELECT epoch FROM access_epoch`); epoch != begun {
		t.Errorf("refusals begin epochs: %d", epoch-begun)
	}
	for what, place := range map[string]app.Place{"a day": child(func(p *app.Place) { p.Role, p.Until = casework.Guest, "2026-03-02" }),
		"a later day": child(func(p *app.Place) { p.Role, p.From, p.Until = casework.Guest, "2026-03-05", "2026-03-05" })} {
		if _, err := c.Invite(t.Context(), hanneke, c.id, "x@y.example", place); err != nil {
			t.Errorf("a guest for %s: %v", what, err)
		}
	}
}

func reason(err error) string {
	var told *casework.Error
	if !errors.As(err, &told) {
		return ""
	}
	return told.Reason
}

// Who does not sit at the table is told the same of a case that is there and of one
// that is not, whatever is asked, and so is the own log.
func TestTeamOfStrangers(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	stranger := c.colleague(t, "vreemd@linde.example", casework.Chair, "De Linde")
	proposal := func() string {
		if _, err := c.Invite(t.Context(), c.as(t, "hanneke"), c.id, "x@y.example", child(nil)); err != nil {
			t.Fatal(err)
		}
		return c.team(t, "hanneke").Waiting[0].ID
	}()
	for _, id := range []casework.CaseID{c.id, "AAAAAAAAAAAAAAAA"} {
		_, look := c.TeamOf(t.Context(), stranger, id)
		_, invite := c.Invite(t.Context(), stranger, id, "x@y.example", child(nil))
		_, change := c.ChangePlace(t.Context(), stranger, id, c.users["iris"], child(nil))
		for what, err := range map[string]error{"look": look, "invite": invite, "change": change,
			"end": c.EndPlace(t.Context(), stranger, id, c.users["iris"]), "withdraw": c.WithdrawProposal(t.Context(), stranger, id, proposal),
			"answer": c.AnswerProposal(t.Context(), stranger, proposal, true)} {
			if err == nil || err.Error() != casework.Absent().Error() {
				t.Errorf("%s of %s: %v", what, id, err)
			}
		}
	}
	log := func(id casework.CaseID) string {
		return one[string](t, c.door, `SELECT string_agg(concat_ws(' ', event, outcome, role, organisation, object_kind, object, policy_rule, ground, detail), ', ' ORDER BY at, event)
			FROM record WHERE account = $1 AND case_id = $2`, stranger.Account.ID, id)
	}
	if here, nowhere := log(c.id), log("AAAAAAAAAAAAAAAA"); here != nowhere || here == "" {
		t.Errorf("the own log tells them apart:\n%s\n%s", here, nowhere)
	}
}

// Renewing, ending and changing hold at once; the case keeps one contact person and
// always a chair.
func TestChangePlace(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	hanneke := c.as(t, "hanneke")
	contact := func() (names []string) {
		for _, m := range c.team(t, "iris").Members {
			if m.Contact {
				names = append(names, m.Name)
			}
		}
		return names
	}
	for _, name := range []string{"iris", "daan"} {
		place := child(func(p *app.Place) { p.Contact = true })
		if seating, err := c.ChangePlace(t.Context(), hanneke, c.id, c.users[name], place); err != nil || seating != app.Seated {
			t.Fatal(seating, err)
		}
		if got := contact(); !slices.Equal(got, []string{name}) {
			t.Errorf("the contact person is %v", got)
		}
	}
	chair := func(until string) app.Place {
		return app.Place{Role: casework.Chair, Function: casework.LeadsProcess, Ground: "treatment", Until: until}
	}
	change := func(name string, place app.Place) string {
		_, err := c.ChangePlace(t.Context(), hanneke, c.id, c.users[name], place)
		return reason(err)
	}
	for what, got := range map[string]string{"no longer a chair": change("hanneke", child(nil)), "for a while": change("hanneke", chair("2026-04-01")),
		"ended": reason(c.EndPlace(t.Context(), hanneke, c.id, c.users["hanneke"]))} {
		if got != "last_chair" {
			t.Errorf("the last chair %s: %q", what, got)
		}
	}
	if got := change("daan", chair("2026-05-01")); got != "" {
		t.Fatal(got)
	}
	if got := change("hanneke", chair("2026-04-01")); got != "last_chair" {
		t.Errorf("the other chair ends too: %q", got)
	}
	if got := change("daan", chair("")); got != "" {
		t.Fatal(got)
	}
	if got := change("hanneke", chair("2026-04-01")); got != "" {
		t.Errorf("another chair goes on: %q", got)
	}
	if err := c.EndPlace(t.Context(), hanneke, c.id, c.users["iris"]); err != nil || c.enters(t, c.as(t, "iris")) {
		t.Error("Iris is still there:", err)
	}
	if got := reason(c.EndPlace(t.Context(), hanneke, c.id, c.users["iris"])); got != "not_found" {
		t.Errorf("ended twice: %q", got)
	}
	if former := c.team(t, "hanneke").Former; len(former) != 1 || former[0].Name != "iris" {
		t.Errorf("former: %+v", former)
	}
	c.clock.turn(31 * 24 * time.Hour) // 2 April
	if c.enters(t, hanneke) {
		t.Error("Hanneke is there after her last day")
	}
	if got := reason(c.EndPlace(t.Context(), hanneke, c.id, c.users["daan"])); got != "not_found" {
		t.Errorf("she ends places all the same: %q", got)
	}
}

// In a closed case nobody is brought in; a place can be ended.
func TestTeamOfClosedCase(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	c.made(t, "hanneke", "close_case", nil)
	hanneke := c.as(t, "hanneke")
	if _, err := c.Invite(t.Context(), hanneke, c.id, "x@y.example", child(nil)); reason(err) != "not_allowed" {
		t.Error(err)
	}
	if err := c.EndPlace(t.Context(), hanneke, c.id, c.users["ruben"]); err != nil || c.enters(t, c.as(t, "ruben")) {
		t.Error("Ruben is still there:", err)
	}
}

// My cases tells beforehand that one's own place ends, and the chair that others'
// do.
func TestEndsSoon(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	c.clock.turn(time.Since(c.clock.Now())) // the database goes by its own
	last := c.clock.Now().AddDate(0, 0, 15).In(app.Here).Format(time.DateOnly)
	if _, err := c.ChangePlace(t.Context(), c.as(t, "hanneke"), c.id, c.users["daan"], child(func(p *app.Place) { p.Until = last })); err != nil {
		t.Fatal(err)
	}
	told := func(name string) (ends bool, ending int) {
		list, err := c.MyCases(t.Context(), c.users[name])
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		return !list[0].Ends.IsZero(), list[0].Ending
	}
	for _, want := range []struct {
		ends   bool
		ending int
	}{{false, 0}, {true, 1}} {
		if ends, _ := told("daan"); ends != want.ends {
			t.Errorf("Daan: %v", ends)
		}
		if _, ending := told("hanneke"); ending != want.ending {
			t.Errorf("Hanneke: %d", ending)
		}
		if ends, ending := told("iris"); ends || ending != 0 {
			t.Errorf("Iris: %v, %d", ends, ending)
		}
		c.clock.turn(48 * time.Hour)
	}
}

// What the organisation asks of its teams is set by its admin alone. More
// professionals are told of, and not held back; other grounds are refused from then
// on, but for a place that has one already.
func TestTeamRules(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	bart := c.colleague(t, "bart@linde.example", casework.Admin, "De Linde")
	if team := c.team(t, "hanneke"); team.Professionals() != 3 || team.Rules.Professionals != 4 {
		t.Errorf("%d of %d: the chair is none of them", team.Professionals(), team.Rules.Professionals)
	}
	for what, bad := range map[string]struct {
		by     app.Session
		rules  app.TeamRules
		reason string
	}{
		"a chair":   {c.as(t, "hanneke"), app.TeamRules{Professionals: 3, Grounds: []string{"consent"}}, "not_found"},
		"none":      {bart, app.TeamRules{Professionals: 0, Grounds: []string{"consent"}}, "bad_professionals"},
		"many":      {bart, app.TeamRules{Professionals: 100, Grounds: []string{"consent"}}, "bad_professionals"},
		"no ground": {bart, app.TeamRules{Professionals: 3}, "bad_grounds"},
		"of others": {bart, app.TeamRules{Professionals: 3, Grounds: []string{"consent", "curiosity"}}, "bad_grounds"},
		"twice":     {bart, app.TeamRules{Professionals: 3, Grounds: []string{"consent", "consent"}}, "bad_grounds"},
	} {
		if err := c.SetTeamRules(t.Context(), bad.by, bad.rules); reason(err) != bad.reason {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := c.SetTeamRules(t.Context(), bart, app.TeamRules{Professionals: 2, Grounds: []string{"vital_interest", "consent"}}); err != nil {
		t.Fatal(err)
	}
	hanneke := c.as(t, "hanneke")
	if rules := c.team(t, "hanneke").Rules; rules.Professionals != 2 || !slices.Equal(rules.Grounds, []string{"consent", "vital_interest"}) {
		t.Errorf("%+v", rules)
	}
	if _, err := c.Invite(t.Context(), hanneke, c.id, "x@y.example", child(nil)); reason(err) != "bad_ground" {
		t.Error("a ground that is not of the organisation:", err)
	}
	if _, err := c.ChangePlace(t.Context(), hanneke, c.id, c.users["iris"], child(nil)); err != nil {
		t.Error("a place that has that ground already:", err)
	}
	if _, err := c.Invite(t.Context(), hanneke, c.id, "x@y.example", child(func(p *app.Place) { p.Ground = "consent" })); err != nil {
		t.Error("one professional more:", err)
	}
}
