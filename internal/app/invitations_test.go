package app_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

// works makes an account with password in a discipline of an organisation, and
// signs it in.
func (d door) works(t *testing.T, login string, discipline casework.Role, organisation string) app.Session {
	t.Helper()
	if _, err := d.AddUser(t.Context(), app.NewUser{Login: login, Name: "Naam van " + login, Discipline: discipline,
		Organisation: organisation, Password: password}); err != nil {
		t.Fatal(err)
	}
	return d.session(t, login)
}

func invitee(login string) app.Invitee {
	return app.Invitee{Login: login, Name: "Daan", Discipline: casework.AmbulantWorker, Language: "nl"}
}

// invite gives the token of a fresh invitation.
func (d door) invite(t *testing.T, by app.Session, login string) (identity.Invitation, string) {
	t.Helper()
	i, token, err := d.InviteUser(t.Context(), by, invitee(login))
	if err != nil {
		t.Fatal(err)
	}
	return i, token
}

func TestInvitation(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	ada := d.works(t, "ada@linde.example", casework.Admin, "De Linde")
	i, token := d.invite(t, ada, " Daan@Linde.example ")
	if i.Login != "daan@linde.example" || !i.Expires.Equal(d.clock.Now().Add(identity.InvitationLife)) {
		t.Errorf("invited %+v", i)
	}
	for range 2 { // whoever looks spends nothing
		seen, err := d.LookAtInvitation(t.Context(), token, home)
		if err != nil || seen.ID != i.ID || seen.OrganisationName != "De Linde" || seen.IssuerName != "Naam van ada@linde.example" {
			t.Fatalf("looked at %+v, %v", seen, err)
		}
	}
	for name, c := range map[string]struct{ name, password, reason string }{
		"short":   {"Daan", "kort", "password_short"},
		"login":   {"Daan", "Daan@linde.example", "password_is_login"},
		"no name": {" ", password, "name_empty"},
	} {
		if _, err := d.Join(t.Context(), token, c.name, c.password, home); reason(err) != c.reason {
			t.Errorf("%s: %v", name, err)
		}
	}
	joined, err := d.Join(t.Context(), token, "Daan de Vries", password, home)
	if err != nil {
		t.Fatal(err)
	}
	session, err := d.SessionOf(t.Context(), joined)
	if a := session.Account; !errors.Is(err, app.ErrSecondFactor) || a.Login != "daan@linde.example" || a.Name != "Daan de Vries" || a.Discipline != casework.AmbulantWorker ||
		a.OrganisationName != "De Linde" || !a.HasPassword || a.Demo {
		t.Errorf("joined as %+v, %v", a, err)
	}
	if _, err := d.SignIn(t.Context(), "daan@linde.example", password, home); err != nil {
		t.Error(err)
	}
	if got := one[string](t, d, `SELECT string_agg(event || ' ' || outcome || ' ' || account, ', ' ORDER BY event) FROM record WHERE object = $1 AND event <> 'open_invitation'`, string(i.ID)); got != "invite done "+string(ada.Account.ID)+", join_organisation done "+string(session.Account.ID) {
		t.Errorf("records: %s", got)
	}
	if n := one[int](t, d, `SELECT count(*) FROM record WHERE detail::text ~* 'daan|linde' OR object ~* 'daan|linde'`); n != 0 {
		t.Errorf("%d records hold a name or an address", n)
	}
}

// Whatever is the matter with a link, the answer is the same; why is on the record.
func TestInvitationsThatAreOver(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	ada, ben := d.works(t, "ada@linde.example", casework.Admin, "De Linde"), d.works(t, "ben@linde.example", casework.Admin, "De Linde")
	d.works(t, "ruben@berk.example", casework.PerpetratorSupport, "De Berk")
	over := map[string]string{"none": "", "odd": "\x00\xff"}
	unknown, _ := identity.NewToken(zeroes{})
	over["unknown"] = unknown
	if _, over["expired"] = d.invite(t, ada, "late@linde.example"); true {
		d.clock.turn(identity.InvitationLife)
	}
	i, old := d.invite(t, ada, "weer@linde.example")
	over["replaced"] = old
	_, fresh, err := d.InviteUserAgain(t.Context(), ben, i.ID)
	if err != nil {
		t.Fatal(err)
	}
	i, over["withdrawn"] = d.invite(t, ada, "terug@linde.example")
	if err := d.WithdrawInvitation(t.Context(), ben, i.ID); err != nil {
		t.Fatal(err)
	}
	_, over["login of elsewhere"] = d.invite(t, ada, "ruben@berk.example")
	_, over["used"] = d.invite(t, ada, "daan@linde.example")
	if _, err := d.Join(t.Context(), over["used"], "Daan", password, home); err != nil {
		t.Fatal(err)
	}
	if over["sign-in link"], err = d.NewSignInLink(t.Context(), ada.Account.ID); err != nil {
		t.Fatal(err)
	}
	_, left := d.invite(t, ada, "nieuw@linde.example")
	for name, token := range over {
		d.isOver(t, name, token)
	}
	ben = d.session(t, "ben@linde.example") // a second factor of a moment ago is asked for
	if err := d.DeactivateUser(t.Context(), ben, ada.Account.ID); err != nil {
		t.Fatal(err)
	}
	d.isOver(t, "of who has left", left)
	if n := one[int](t, d, `SELECT count(*) FROM invitation WHERE login = 'nieuw@linde.example' AND withdrawn_at IS NOT NULL`); n != 1 {
		t.Error("it is still shown as open")
	}
	// What another administrator handed out anew outlives who handed it out first.
	if _, err := d.Join(t.Context(), fresh, "Weer", password, home); err != nil {
		t.Error(err)
	}
	if n := one[int](t, d, `SELECT count(*) FROM account WHERE login NOT LIKE '%berk.example'`); n != 4 {
		t.Errorf("%d accounts", n)
	}
}

// isOver holds that a token makes no account, with the one answer and a record.
func (d door) isOver(t *testing.T, name, token string) {
	t.Helper()
	const refusals = `SELECT count(*) FROM record WHERE outcome = 'refused' AND account = ''`
	before := one[int](t, d, refusals)
	session, err := d.Join(t.Context(), token, "Wie", password, home)
	if !errors.Is(err, app.ErrInvitationOver) || session != "" {
		t.Errorf("%s: %v", name, err)
	}
	if after := one[int](t, d, refusals); after != before+1 {
		t.Errorf("%s: %d records", name, after-before)
	}
}

type zeroes struct{}

func (zeroes) Read(p []byte) (int, error) { return len(p), nil }

// Inviting tells nothing of other organisations: who has an account there is
// invited as somebody whom nobody knows.
func TestInvitingTellsNothingOfOthers(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	ada := d.works(t, "ada@linde.example", casework.Admin, "De Linde")
	bo := d.works(t, "bo@berk.example", casework.Admin, "De Berk")
	d.works(t, "ruben@berk.example", casework.PerpetratorSupport, "De Berk")
	for _, login := range []string{"ruben@berk.example", "niemand@berk.example"} {
		d.invite(t, ada, login)
		if _, _, err := d.InviteUser(t.Context(), ada, invitee(login)); reason(err) != "already_invited" {
			t.Errorf("%s again: %v", login, err)
		}
	}
	d.invite(t, bo, "niemand@berk.example") // what others asked is no matter
	if _, _, err := d.InviteUser(t.Context(), ada, invitee("ada@linde.example")); reason(err) != "login_here" {
		t.Errorf("somebody who is here: %v", err)
	}
	seen, err := d.OrganisationOf(t.Context(), ada)
	if err != nil || len(seen.Users) != 1 || len(seen.Invited) != 2 {
		t.Fatalf("sees %+v, %v", seen, err)
	}
	foreign := seen.Invited[0].ID
	for name, err := range map[string]error{
		"invite again": second(d.InviteUserAgain(t.Context(), bo, foreign)),
		"withdraw":     d.WithdrawInvitation(t.Context(), bo, foreign),
		"absent":       d.WithdrawInvitation(t.Context(), bo, "22222222222222AA"),
		"odd":          d.WithdrawInvitation(t.Context(), bo, "\x00"),
		"deactivate":   d.DeactivateUser(t.Context(), bo, ada.Account.ID),
		"nobody":       d.DeactivateUser(t.Context(), bo, "22222222222222AA"),
		"odd user":     d.DeactivateUser(t.Context(), bo, "\xff"),
	} {
		if err == nil || err.Error() != casework.Absent().Error() {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := one[int](t, d, `SELECT count(*) FROM record WHERE account = $1 AND outcome = 'refused' AND object = '' AND detail = '{"reason": "not_found"}'`, bo.Account.ID); n != 7 {
		t.Errorf("%d refusals are on the record", n)
	}
}

func second(_ identity.Invitation, _ string, err error) error { return err }

func TestInviteRefuses(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	ada := d.works(t, "ada@linde.example", casework.Admin, "De Linde")
	for _, c := range []struct {
		reason string
		change func(*app.Invitee)
	}{
		{"bad_address", func(n *app.Invitee) { n.Login = "daan" }},
		{"bad_address", func(n *app.Invitee) { n.Login = "daan@linde" }},
		{"bad_address", func(n *app.Invitee) { n.Login = "daan@linde.example\r\nBcc: x@y.example" }},
		{"bad_address", func(n *app.Invitee) { n.Login = "d@aan@linde.example" }},
		{"bad_address", func(n *app.Invitee) { n.Login = "daan@linde..example" }},
		{"bad_address", func(n *app.Invitee) { n.Login = "\xff" }},
		{"name_empty", func(n *app.Invitee) { n.Name = "" }},
		{"bad_text", func(n *app.Invitee) { n.Name = "D\x00" }},
		{"bad_role", func(n *app.Invitee) { n.Discipline = "boss" }},
		{"bad_role", func(n *app.Invitee) { n.Discipline = casework.NoRole }},
		{"bad_language", func(n *app.Invitee) { n.Language = "fr" }},
	} {
		n := invitee("daan@linde.example")
		c.change(&n)
		if _, _, err := d.InviteUser(t.Context(), ada, n); reason(err) != c.reason {
			t.Errorf("want %s, got %v", c.reason, err)
		}
	}
	for _, role := range []casework.Role{casework.Chair, casework.Manager, casework.ChildWorker} {
		other := d.works(t, string(role)+"@linde.example", role, "De Linde")
		if _, _, err := d.InviteUser(t.Context(), other, invitee("daan@linde.example")); casework.KindOf(err) != casework.NotFound {
			t.Errorf("a %s invites: %v", role, err)
		}
		if _, err := d.OrganisationOf(t.Context(), other); casework.KindOf(err) != casework.NotFound {
			t.Errorf("a %s looks: %v", role, err)
		}
	}
	if n := one[int](t, d, `SELECT count(*) FROM invitation`); n != 0 {
		t.Errorf("%d invitations", n)
	}
}

// One link makes one account, however many use it at one time.
func TestOneInvitationTwoUses(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	ada := d.works(t, "ada@linde.example", casework.Admin, "De Linde")
	_, token := d.invite(t, ada, "daan@linde.example")
	sessions := make([]string, 3)
	var all sync.WaitGroup
	for i := range sessions {
		all.Go(func() { sessions[i], _ = d.Join(t.Context(), token, "Daan", password, home) })
	}
	all.Wait()
	won := 0
	for _, s := range sessions {
		if s != "" {
			won++
		}
	}
	if n := one[int](t, d, `SELECT count(*) FROM account`); won != 1 || n != 2 {
		t.Errorf("%d sessions, %d accounts", won, n)
	}
}

// Somebody who manages users always stays, also when two put each other out at
// one time; what the one who left still does counts for nothing.
func TestDeactivateUser(t *testing.T) {
	t.Parallel()
	d := newDoor(t, identity.SessionRule{})
	ada := d.works(t, "ada@linde.example", casework.Admin, "De Linde")
	d.works(t, "bo@berk.example", casework.Admin, "De Berk") // counts for nothing here
	iris := d.works(t, "iris@linde.example", casework.ChildWorker, "De Linde")
	if err := d.DeactivateUser(t.Context(), ada, ada.Account.ID); reason(err) != "last_admin" {
		t.Errorf("the last one: %v", err)
	}
	epoch := one[int](t, d, `SELECT epoch FROM access_epoch`)
	if err := d.DeactivateUser(t.Context(), ada, iris.Account.ID); err != nil {
		t.Fatal(err)
	}
	if one[int](t, d, `SELECT epoch FROM access_epoch`) != epoch+1 {
		t.Error("open boards do not hear of it")
	}
	if _, err := d.SignIn(t.Context(), "iris@linde.example", password, home); err == nil {
		t.Error("who was put out signs in")
	}
	if err := d.DeactivateUser(t.Context(), ada, iris.Account.ID); casework.KindOf(err) != casework.NotFound {
		t.Errorf("twice: %v", err)
	}
	ben := d.works(t, "ben@linde.example", casework.Admin, "De Linde")
	if err := d.DeactivateUser(t.Context(), ada, ada.Account.ID); reason(err) != "not_oneself" {
		t.Errorf("oneself: %v", err)
	}
	var both sync.WaitGroup
	both.Go(func() { _ = d.DeactivateUser(t.Context(), ada, ben.Account.ID) })
	both.Go(func() { _ = d.DeactivateUser(t.Context(), ben, ada.Account.ID) })
	both.Wait()
	if n := one[int](t, d, `SELECT count(*) FROM account WHERE active AND discipline = 'admin' AND login LIKE '%linde.example'`); n != 1 {
		t.Errorf("%d administrators are left", n)
	}
	d.clock.turn(time.Second)
	gone := ada
	if one[bool](t, d, `SELECT active FROM account WHERE id = $1`, ada.Account.ID) {
		gone = ben
	}
	if _, _, err := d.InviteUser(t.Context(), gone, invitee("x@linde.example")); casework.KindOf(err) != casework.NotFound {
		t.Errorf("who was put out invites: %v", err)
	}
}
