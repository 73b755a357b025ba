package app

import (
	"context"
	"time"

	"github.com/casustafel/casustafel/internal/identity"
)

// LetterKind says what somebody is told by mail. Its words are in the locales, as
// letter.<kind>.
type LetterKind string

// Kinds of letters.
const (
	FactorAdded    LetterKind = "factor_added"    // to its account
	ResetAsked     LetterKind = "reset_asked"     // to whose factors are to go
	ResetConfirmed LetterKind = "reset_confirmed" // to whose factors are to go, and when
	FactorsGone    LetterKind = "factors_gone"    // to whose factors went
	UserInvited    LetterKind = "user_invited"    // to who manages users too
	AlarmRaised    LetterKind = "alarm"           // to who reviews the access log
)

// Letter tells somebody, outside this program, that something was done. It holds
// no more than may stand in a mailbox: nothing of a case, and of people only who
// works for the reader's own organisation.
type Letter struct {
	To   identity.Account
	Kind LetterKind
	By   string    // name of who did it; empty: the reader, or nobody
	Name string    // of the colleague it is about; empty: the reader
	At   time.Time // when it takes effect; zero: it has
}

// Post names who hands letters over. The function may wait; nobody waits for it.
func (a *App) Post(f func(context.Context, Letter)) { a.post.Store(&f) }

// write sends letters, after what they tell of was committed. Whoever has left, or
// signs in by what is no address, gets none.
func (a *App) write(ctx context.Context, letters ...Letter) {
	send := a.post.Load()
	if send == nil {
		return
	}
	ctx = context.WithoutCancel(ctx)
	a.postman.Go(func() {
		for _, l := range letters {
			if _, mailable := identity.CleanAddress(l.To.Login); mailable && l.To.Active && !l.To.Demo {
				(*send)(ctx, l)
			}
		}
	})
}
