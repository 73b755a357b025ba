package app_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// A yes is worth nothing when who asked may not ask any more: whoever left, does other
// work now, or must never come near the case.
func TestKeepingIsAskedByWhoMayStillAsk(t *testing.T) {
	t.Parallel()
	for what, falls := range map[string]func(conference, *testing.T, app.Session){
		"left": func(c conference, t *testing.T, asker app.Session) {
			if err := c.Deactivate(t.Context(), asker.Account.ID); err != nil {
				t.Fatal(err)
			}
		},
		"does other work": func(c conference, t *testing.T, asker app.Session) {
			c.exec(t, `UPDATE account SET discipline = '`+string(casework.Admin)+`' WHERE id = '`+string(asker.Account.ID)+`'`)
		},
		"must never come near": func(c conference, t *testing.T, asker app.Session) {
			if err := c.Exclude(t.Context(), c.proven(c.as(t, "hanneke")), c.id, "els@linde.example", ""); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			c := newConference(t)
			ctx, code := t.Context(), string(c.store.CaseCode(c.id))
			els, joke := c.keepers(t)
			if err := c.HoldCase(ctx, joke, code, "court"); err != nil {
				t.Fatal(err)
			}
			if err := c.AskLift(ctx, els, code, "settled"); err != nil {
				t.Fatal(err)
			}
			lift := c.retention(t, joke).Others[0].Lift.ID
			falls(c, t, els)
			if err := c.AnswerKeeping(ctx, joke, lift, app.KeepingAnswer{Yes: true}); reason(err) != "not_found" {
				t.Errorf("yes to lifting: %v", err)
			}
			if held := c.retention(t, joke).Others; len(held) != 1 || held[0].Hold == nil {
				t.Fatal("the hold is gone")
			}
			if err := c.AnswerKeeping(ctx, joke, lift, app.KeepingAnswer{}); err != nil {
				t.Errorf("no: %v", err)
			}
			if err := c.AskLift(ctx, joke, code, "settled"); err != nil {
				t.Errorf("asked anew: %v", err)
			}
		})
	}
}

// The program and the database count the same days between asking and erasing.
func TestThirtyDaysAreThoseOfTheDatabase(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els, joke := c.keepers(t)
	c.closedFor(t, 21)
	question := c.askedErasing(t, els)
	for _, test := range []struct {
		asked time.Duration // ago
		goes  bool
	}{{app.EraseAfter - time.Minute, false}, {app.EraseAfter + time.Minute, true}} {
		c.exec(t, fmt.Sprintf(`UPDATE keeping_question SET asked_at = now() - interval '%[1]d seconds', entered_at = now() - interval '%[1]d seconds'`, int(test.asked.Seconds())))
		err := c.store.Transact(t.Context(), func(tx *store.Tx) error {
			return tx.EraseCase(t.Context(), question, "CERTIFICATE", joke.Account.ID, time.Now())
		})
		if (err == nil) != test.goes {
			t.Errorf("asked %s ago: %v", test.asked, err)
		}
	}
}
