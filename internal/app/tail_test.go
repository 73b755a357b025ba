package app_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// follows lets somebody follow the log until the test says so; lines come on the channel,
// and what ended it on the other.
func (c conference) follows(t *testing.T, session app.Session) (lines <-chan app.RecordLine, ended <-chan error, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	told, over := make(chan app.RecordLine, 100), make(chan error, 1)
	begun := make(chan bool, 1)
	go func() {
		over <- c.TailRecords(ctx, session, "", func(list []app.RecordLine, _ string) error {
			for _, line := range slices.Backward(list) {
				told <- line
			}
			select {
			case begun <- true:
			default:
			}
			return nil
		})
	}()
	select {
	case <-begun:
	case err := <-over:
		over <- err
	}
	return told, over, cancel
}

// Who reviews hears of new lines, each once, as far as they may be known; it ends with
// the session, with the right and with the node, and its beginning and end are on the record.
func TestFollowingTheLog(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els := c.colleague(t, "els@linde.example", casework.Manager, "De Linde")
	secret := c.open(t, "Verborgen")
	if err := c.Exclude(t.Context(), c.as(t, "iris"), secret, "els@linde.example", ""); err != nil {
		t.Fatal(err)
	}
	link, err := c.NewSignInLink(t.Context(), els.Account.ID)
	if err != nil {
		t.Fatal(err)
	}
	token, err := c.SignInByLink(t.Context(), link, "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	session := c.of(t, token)
	c.clock.turn(time.Minute)
	lines, ended, stop := c.follows(t, session)
	defer stop()
	c.lines(t, 1, c.clock.Now(), "join", "done", c.users["iris"], casework.ChildWorker, secret, "")
	c.lines(t, 1, c.clock.Now().Add(-5*time.Second), "history", "done", c.users["daan"], casework.AmbulantWorker, c.id, "") // it comes late
	c.lines(t, 1, c.clock.Now(), "join", "done", c.users["iris"], casework.ChildWorker, c.id, "")
	for _, want := range []string{"history daan", "join iris"} {
		if line := <-lines; string(line.Event)+" "+line.Who != want {
			t.Errorf("told of %+v, not of %s", line, want)
		}
	}
	c.lock(t, token)
	if err := <-ended; err == nil || len(lines) != 0 {
		t.Errorf("a locked session: %v, and %d lines", err, len(lines))
	}
	for event, want := range map[string]int{"tail_records": 1, "tail_ended": 1} {
		if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = $1 AND account = $2`, event, els.Account.ID); n != want {
			t.Errorf("%d times %s on the record", n, event)
		}
	}
}

// Nobody else follows it.
func TestFollowingIsForManagers(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	_, ended, stop := c.follows(t, c.as(t, "hanneke"))
	defer stop()
	if err := <-ended; reason(err) != "not_found" {
		t.Error(err)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'tail_records' AND outcome = 'refused'`); n != 1 {
		t.Errorf("%d refusals on the record", n)
	}
}
