package app_test

import (
	"fmt"
	"github.com/casustafel/casustafel/internal/audit"
	"slices"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// What somebody looks back at holds the own lines alone, names a case only while
// it may be entered, and tells hidden from absent as little as the refusal did.
func TestOwnAccesses(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	session := app.Session{}
	session.Account.ID, session.Account.Discipline = c.users["iris"], casework.ChildWorker
	iris := c.actor("iris")
	entry, err := c.Enter(t.Context(), iris, c.id, view.Eyes{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	c.clock.turn(time.Second)
	// A card that she may never know of made her view another.
	if err := c.Observe(t.Context(), c.id, "view", audit.StayMoment{Actor: iris, Reader: entry.Reader}); err != nil {
		t.Fatal(err)
	}
	stranger := c.person(t, "vreemd", casework.ChildWorker)
	tries := func(user casework.UserID, id casework.CaseID) {
		actor := iris
		actor.User = user
		if _, err := c.Enter(t.Context(), actor, id, view.Eyes{}, nil); err == nil {
			t.Fatal("somebody entered")
		}
	}
	tries(stranger.Account.ID, c.id)
	c.clock.turn(time.Second)
	tries(stranger.Account.ID, "22222222222222AA")
	seen := func(s app.Session) (lines []string) {
		t.Helper()
		list, next, err := c.OwnAccesses(t.Context(), s, app.Period{}, "")
		if err != nil || next != "" {
			t.Fatal(next, err)
		}
		for _, a := range list {
			lines = append(lines, fmt.Sprintf("%s %v %v %s", a.Event, a.Refused, a.OfCase, a.Case))
		}
		return lines
	}
	name := one[string](t, c.door, `SELECT '' || count(*) FROM record WHERE account = $1 AND event = 'view'`, iris.User)
	if lines := seen(session); name != "1" || !slices.ContainsFunc(lines, func(l string) bool { return l == "join false true "+c.name(t) }) ||
		slices.ContainsFunc(lines, func(l string) bool { return l[:4] == "view" }) {
		t.Errorf("Iris sees %q", lines)
	}
	if lines := seen(stranger); len(lines) != 2 || lines[0] != lines[1] || lines[0] != "join true true " {
		t.Errorf("a stranger sees %q", lines)
	}
	if lines := seen(session); lines[0] != "own_accesses false false " {
		t.Errorf("the look is not on the record: %q", lines)
	}
	if err := c.EndMember(t.Context(), c.actor("hanneke"), c.id, iris.User); err != nil {
		t.Fatal(err)
	}
	if lines := seen(session); slices.ContainsFunc(lines, func(l string) bool { return l == "join false true "+c.name(t) }) || !slices.Contains(lines, "join false true ") {
		t.Errorf("after her membership she sees %q", lines)
	}
}

func (c conference) name(t *testing.T) string {
	t.Helper()
	return c.state(t, c.id).Name.Body
}

// Page by page every line comes once, also while new ones come in.
func TestOwnAccessesPageByPage(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	session := app.Session{}
	session.Account.ID = c.users["iris"]
	if _, err := c.admin.Exec(`INSERT INTO record (id, at, event, action, outcome, account, role, organisation, access_point, case_id, object_kind, object,
		policy_rule, policy, ground, request, detail)
		SELECT 'RECRD' || translate(lpad(n::text, 11, '0'), '0123456789', 'ABCDEFGHJK'), '2026-03-02 08:00Z'::timestamptz - (n / 3) * interval '1 second', 'paged', 'R', 'done', $1, '', '', '', '', '', '', '', '', '', n::text, '{}'
		FROM generate_series(1, 120) n`, session.Account.ID); err != nil {
		t.Fatal(err)
	}
	paged, from := 0, ""
	for page := 0; page < 5; page++ {
		list, next, err := c.OwnAccesses(t.Context(), session, app.Period{}, from)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range list {
			if a.Event == "paged" {
				paged++
			}
		}
		if from = next; from == "" {
			break
		}
	}
	if paged != 120 || from != "" {
		t.Errorf("%d lines came by, and then %q", paged, from)
	}
	for _, odd := range []string{"x", "~", "2026-03-02T09:00:00Z~", "2026-03-02T09:00:00Z~\x00", "99999-03-02T09:00:00Z~22222222222222AA", "0001-01-01T00:00:00Z~22222222222222AA"} {
		if _, _, err := c.OwnAccesses(t.Context(), session, app.Period{}, odd); casework.KindOf(err) != casework.NotFound {
			t.Errorf("%q: %v", odd, err)
		}
	}
}

// A stay is one line from when until when, and the lines of some days can be asked for.
func TestOwnStaysOfSomeDays(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	iris := c.as(t, "iris")
	c.stays(t, "iris", 40*time.Minute, view.Eyes{})
	c.clock.turn(24 * time.Hour)
	c.stays(t, "iris", time.Minute, view.Eyes{})
	c.joins(t, "iris") // and she is still there
	stays := func(period app.Period) (all []string) {
		list, _, err := c.OwnAccesses(t.Context(), iris, period, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range list {
			if a.Event == "leave" {
				t.Error("going is a line of its own")
			}
			if a.Event == "join" && a.Left.IsZero() {
				all = append(all, "still there")
			} else if a.Event == "join" {
				all = append(all, a.Left.Sub(a.At).String())
			}
		}
		return all
	}
	if got := fmt.Sprint(stays(app.Period{})); got != "[still there 1m0s 40m0s]" {
		t.Errorf("stays: %s", got)
	}
	if got := fmt.Sprint(stays(app.Period{From: "2026-03-02", To: "2026-03-02"})); got != "[40m0s]" {
		t.Errorf("stays of the second: %s", got)
	}
	for period, want := range map[app.Period]string{{From: "x"}: "bad_from", {To: "x"}: "bad_to", {From: "2026-03-02", To: "2026-03-01"}: "to_before_from"} {
		_, _, err := c.OwnAccesses(t.Context(), iris, period, "")
		refused(t, "own lines", err, want)
	}
}
