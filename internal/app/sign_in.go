package app

import (
	"context"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
)

// Why a sign-in was refused: for the record, never for who tried.
const (
	unknownLogin  = "unknown_login"
	wrongPassword = "wrong_password"
	deactivated   = "deactivated"
	throttled     = "throttled"
	spentLink     = "spent_link"
)

// SignIn begins a session for the login and gives its token, always a new one.
// Whatever is wrong, the answer is the same and takes the same time: an unknown
// login, a wrong password, an account that was deactivated, too many attempts.
// From is the address it came from; one that has very many sign-ins under way
// is told casework.TooMany.
func (a *App) SignIn(ctx context.Context, login, password, from string) (token string, err error) {
	clean, known := identity.CleanLogin(login)
	if !known {
		clean = login // counted as it was typed; no account has it
	}
	address := identity.AddressKey(from)
	leave, err := a.doorway.Enter(ctx, address)
	if err != nil {
		return "", a.fault("wait at the door", err)
	}
	defer leave()
	attempt, err := a.beginAttempt(ctx, clean, known, address)
	if err != nil {
		return "", a.fault("begin a sign-in", err)
	}
	// Outside any transaction: it takes long on purpose.
	matches, err := a.passwords.Matches(ctx, password, attempt.hash)
	if err != nil {
		return "", a.fault("compare a password", err)
	}
	why := ""
	switch {
	case attempt.throttled:
		why = throttled
	case !attempt.found:
		why = unknownLogin
	case !attempt.account.Active:
		why = deactivated
	case !matches:
		why = wrongPassword
	}
	if why != "" {
		return "", a.recount(ctx, attempt, a.refuseSignIn(ctx, attempt.account, why))
	}
	fresh := "" // a hash of today's strength, when the stored one is not
	if identity.Outdated(attempt.hash) {
		if fresh, err = a.passwords.Hash(ctx, password); err != nil {
			return "", a.fault("strengthen a password hash", err)
		}
	}
	token, err = a.beginSession(ctx, "password", func(tx *store.Tx) (casework.UserID, error) {
		if fresh != "" {
			if err := tx.SetPasswordHash(ctx, attempt.account.ID, fresh); err != nil {
				return "", err
			}
		}
		return attempt.account.ID, attempt.succeeds(ctx, tx)
	})
	return token, a.forgive(ctx, attempt, err)
}

// attempt is a sign-in by password that is under way.
type attempt struct {
	keys      store.AttemptKeys
	at        time.Time
	throttled bool
	found     bool
	account   identity.Account
	hash      string
}

// beginAttempt looks the login up and counts the attempt as failed ahead of its
// outcome, so that many at one time are not all the first.
func (a *App) beginAttempt(ctx context.Context, login string, known bool, address string) (attempt, error) {
	try := attempt{keys: a.store.AttemptKeys(login, address), at: a.moment()}
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		before, err := tx.CountFailures(ctx, try.keys, try.at.Add(-identity.ThrottleWindow))
		if err != nil {
			return err
		}
		if try.throttled = identity.Throttled(try.at, before); !try.throttled {
			if err := tx.AddFailure(ctx, try.keys, try.at); err != nil {
				return err
			}
		}
		if !known {
			login = "" // may be no text at all for PostgreSQL
		}
		try.account, try.hash, try.found, err = tx.AccountByLogin(ctx, login)
		return err
	})
	return try, err
}

// succeeds takes back that an attempt was counted, and what failed before it.
func (try attempt) succeeds(ctx context.Context, tx *store.Tx) error {
	return tx.ForgetFailures(ctx, try.keys, try.at, try.at.Add(-identity.ThrottleWindow))
}

// forgive does so for an attempt that was right, and that only our own fault undid: who
// tries again until the access log works must not be throttled then. It gives the
// error of the attempt.
func (a *App) forgive(ctx context.Context, try attempt, err error) error {
	if casework.KindOf(err) != casework.Unavailable {
		return err
	}
	if err := a.store.Transact(ctx, func(tx *store.Tx) error { return try.succeeds(ctx, tx) }); err != nil {
		a.log.Warn("forgive an attempt", "err", err)
	}
	return err
}

// recount does as much for an attempt that was wrong, and leaves it counted: while no line
// of the log tells of it, how long an answer takes must not tell right from wrong.
func (a *App) recount(ctx context.Context, try attempt, err error) error {
	if casework.KindOf(err) != casework.Unavailable {
		return err
	}
	if err := a.store.Transact(ctx, func(tx *store.Tx) error { return tx.RecountFailure(ctx, try.keys, try.at) }); err != nil {
		a.log.Warn("count an attempt again", "err", err)
	}
	return err
}

// SignInByLink spends a sign-in link and begins a session. A link that was
// spent, expired, never was or is not one at all gets one answer.
func (a *App) SignInByLink(ctx context.Context, link, from string) (token string, err error) {
	leave, err := a.doorway.Enter(ctx, identity.AddressKey(from))
	if err != nil {
		return "", a.fault("wait at the door", err)
	}
	defer leave()
	hash, ok := identity.HashToken(link)
	if !ok {
		return "", a.refuseSignIn(ctx, identity.Account{}, spentLink)
	}
	return a.beginSession(ctx, "link", func(tx *store.Tx) (casework.UserID, error) {
		return tx.SpendLink(ctx, hash, a.moment())
	})
}

// NewSignInLink makes the token of a link that signs the user in once, within
// identity.LinkLife. Whoever runs the server makes it, on the record.
func (a *App) NewSignInLink(ctx context.Context, user casework.UserID) (link string, err error) {
	link, hash := identity.NewToken(a.random)
	now := a.moment()
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		if err := tx.AddLink(ctx, hash, user, now, now.Add(identity.LinkLife)); err != nil {
			return err
		}
		return tx.Record(ctx, a.operatorRecord("sign_in_link", audit.Create, user))
	})
	if err != nil {
		return "", a.fault("make a sign-in link", err)
	}
	return link, nil
}

// beginSession makes a session, with its record, for the account that proven
// gives; empty refuses.
func (a *App) beginSession(ctx context.Context, by string, proven func(*store.Tx) (casework.UserID, error)) (token string, err error) {
	token, hash := identity.NewToken(a.random)
	now := a.moment()
	refused := ""
	var account identity.Account
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		user, err := proven(tx)
		if err != nil {
			return err
		}
		if user == "" {
			refused = spentLink
			return nil
		}
		if account, err = tx.Account(ctx, user); err != nil {
			return err
		}
		began, err := tx.AddSession(ctx, hash, user, BrowserIn(ctx), now)
		if err != nil {
			return err
		}
		if !began {
			refused = deactivated
			return nil
		}
		return tx.Record(ctx, a.doorRecord(ctx, "sign_in", audit.Done, account, "by", by))
	})
	switch {
	case err != nil:
		return "", a.fault("begin a session", err)
	case refused != "":
		return "", a.refuseSignIn(ctx, account, refused)
	}
	return token, nil
}

// refuseSignIn records why and gives the one answer that says nothing of it.
func (a *App) refuseSignIn(ctx context.Context, account identity.Account, reason string) error {
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		return tx.Record(ctx, a.doorRecord(ctx, "sign_in", audit.Refused, account, "reason", reason))
	})
	if err != nil {
		return a.fault("record a refused sign-in", err)
	}
	return casework.Refuse(casework.Denied, "sign_in_failed")
}

// accountRecord is a record of what an account (empty: unknown) did at the door.
func (a *App) accountRecord(ctx context.Context, event audit.Event, outcome audit.Outcome, account identity.Account, detail map[string]string) audit.Record {
	record := a.newRecord(a.onPage(ctx, account.ID), event, audit.Execute, outcome)
	record.Detail = detail
	if account.ID != "" {
		record.Role, record.Organisation = account.Discipline, account.Organisation
	}
	return record
}

// doorRecord is one of passing a door, or not: in which way, or why not.
func (a *App) doorRecord(ctx context.Context, event audit.Event, outcome audit.Outcome, account identity.Account, name, way string) audit.Record {
	record := a.accountRecord(ctx, event, outcome, account, map[string]string{name: way})
	record.Checks = []audit.Check{checkOf(way)}
	return record
}
