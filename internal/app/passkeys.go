package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
)

// PasskeysAt tells whether browsers can show passkeys at a host of this server.
func (a *App) PasskeysAt(host string) bool { return a.passkeys.Offered(host) }

// PasskeyQuestion is what a browser is asked, and the token to answer it with.
type PasskeyQuestion struct {
	Options json.RawMessage `json:"options"`
	Token   string          `json:"token"`
}

// asked is what is kept of a question: an answer counts under the session that
// asked, for what it was asked for, and once.
type asked struct {
	For     string // "new", "proof" or "sign_in"
	Host    string
	Session []byte
	Kept    []byte
}

// AskPasskey asks who is half or wholly signed in, or locked, for a passkey.
func (a *App) AskPasskey(ctx context.Context, s Session, host string) (question PasskeyQuestion, err error) {
	err = a.withFactors(ctx, s, func(tx *store.Tx, has []store.Factor) error {
		q, err := a.passkeys.Ask(host, s.Account, secretsAt(host, has))
		if err != nil {
			return err
		}
		question, err = a.keepQuestion(ctx, tx, asked{"proof", host, s.Hash, q.Kept}, q.Options, nil)
		return err
	})
	return question, err
}

// ProveByPasskey shows a passkey under a session, which gets a fresh token by it.
func (a *App) ProveByPasskey(ctx context.Context, s Session, host, token, answer, from string) (fresh string, err error) {
	address := identity.AddressKey(from)
	leave, err := a.doorway.Enter(ctx, address)
	if err != nil {
		return "", a.fault("wait at the door", err)
	}
	defer leave()
	return a.prove(ctx, s, identity.Passkey, a.store.Place(address), func(tx *store.Tx, has []store.Factor) (string, error) {
		return a.judge(ctx, tx, asked{For: "proof", Host: host, Session: s.Hash}, s.Account, has, token, answer)
	})
}

// UnlockByPasskey opens a locked session again for who shows a passkey of it.
func (a *App) UnlockByPasskey(ctx context.Context, session Session, host, token, answer, from string) error {
	leave, err := a.doorway.Enter(ctx, identity.AddressKey(from))
	if err != nil {
		return a.fault("wait at the door", err)
	}
	defer leave()
	reason := ""
	err = a.withFactors(ctx, session, func(tx *store.Tx, has []store.Factor) (err error) {
		reason, err = a.judge(ctx, tx, asked{For: "proof", Host: host, Session: session.Hash}, session.Account, has, token, answer)
		return err
	})
	switch {
	case err != nil:
		return err
	case reason != "":
		return a.refuseUnlock(ctx, session.Account, reason)
	}
	return a.unlock(ctx, session, nil, string(identity.Passkey))
}

// AskAnyPasskey asks somebody who is not signed in for any passkey of this server.
func (a *App) AskAnyPasskey(ctx context.Context, host, from string) (question PasskeyQuestion, err error) {
	address := identity.AddressKey(from)
	leave, err := a.doorway.Enter(ctx, address)
	if err != nil {
		return PasskeyQuestion{}, a.fault("wait at the door", err)
	}
	defer leave()
	q, err := a.passkeys.Ask(host, identity.Account{}, nil)
	if err != nil {
		return PasskeyQuestion{}, a.fault("ask for a passkey", err)
	}
	err = a.store.Transact(ctx, func(tx *store.Tx) (err error) {
		question, err = a.keepQuestion(ctx, tx, asked{"sign_in", host, nil, q.Kept}, q.Options, a.store.Place(address))
		return err
	})
	if err != nil {
		return PasskeyQuestion{}, a.fault("ask for a passkey", err)
	}
	return question, nil
}

// SignInByPasskey begins a session for who shows a passkey: it is had and it is
// unlocked by its person, which are two factors. What is wrong gets the answer of
// every sign-in.
func (a *App) SignInByPasskey(ctx context.Context, host, token, answer, from string) (fresh string, err error) {
	address := identity.AddressKey(from)
	leave, err := a.doorway.Enter(ctx, address)
	if err != nil {
		return "", a.fault("wait at the door", err)
	}
	defer leave()
	user, says := identity.HolderIn([]byte(answer))
	if !says {
		return "", a.refuseSignIn(ctx, identity.Account{}, wrongPasskey)
	}
	first, hash := identity.NewToken(a.random)
	var account identity.Account
	reason, reset := "", false
	err = a.store.Transact(ctx, func(tx *store.Tx) (err error) {
		if account, err = tx.Account(ctx, user); casework.KindOf(err) == casework.NotFound {
			reason = wrongPasskey
			return nil
		}
		if err != nil {
			return err
		}
		if err := tx.HoldFactors(ctx, user); err != nil {
			return err
		}
		// A passkey that is to go opens nothing once its time has come.
		if reset, err = a.settleReset(ctx, tx, Session{Account: account}); err != nil {
			return err
		}
		if reset {
			reason = wrongPasskey
			_, err = tx.BumpAccess(ctx)
			return err
		}
		has, err := tx.Factors(ctx, user)
		if err != nil {
			return err
		}
		if reason, err = a.judge(ctx, tx, asked{For: "sign_in", Host: host}, account, has, token, answer); err != nil || reason != "" {
			return err
		}
		began, err := tx.AddSession(ctx, hash, user, BrowserIn(ctx), a.moment())
		if err != nil {
			return err
		}
		if !began {
			reason = deactivated
			return nil
		}
		if _, err := tx.ProveSession(ctx, hash, hash, a.store.Place(address), a.moment()); err != nil {
			return err
		}
		return tx.Record(ctx, a.doorRecord(ctx, "sign_in", audit.Done, account, "by", string(identity.Passkey)))
	})
	if err == nil && reset {
		a.factorsGone(ctx, account)
	}
	switch {
	case err != nil:
		return "", a.fault("sign in by passkey", err)
	case reason != "":
		return "", a.refuseSignIn(ctx, account, reason)
	}
	return first, nil
}

// judge spends a question and gives why its answer is refused, or nothing.
func (a *App) judge(ctx context.Context, tx *store.Tx, want asked, account identity.Account, has []store.Factor, token, answer string) (reason string, err error) {
	kept, ok, err := a.spendQuestion(ctx, tx, want, token)
	if err != nil || !ok {
		return wrongPasskey, err
	}
	shown, err := a.passkeys.Judge(want.Host, account, secretsAt(want.Host, has), kept, []byte(answer))
	if errors.Is(err, identity.ErrBadPasskey) {
		return wrongPasskey, nil
	}
	if err != nil {
		return "", err
	}
	for _, f := range has {
		if f.Kind == identity.Passkey && identity.SameCredential(f.Secret, shown) {
			f.Secret = shown.Kept
			return "", tx.UseFactor(ctx, account.ID, f, a.moment())
		}
	}
	return wrongPasskey, nil
}

func (a *App) keepQuestion(ctx context.Context, tx *store.Tx, q asked, options, place []byte) (PasskeyQuestion, error) {
	kept, err := json.Marshal(q)
	if err != nil {
		return PasskeyQuestion{}, err
	}
	token, hash := identity.NewToken(a.random)
	now := a.moment()
	return PasskeyQuestion{Options: options, Token: token}, tx.AddQuestion(ctx, hash, kept, place, now, now.Add(identity.QuestionLife))
}

// spendQuestion gives what the library kept of a question; false when there is no
// such one, or it was asked for something else.
func (a *App) spendQuestion(ctx context.Context, tx *store.Tx, want asked, token string) (kept []byte, ok bool, err error) {
	hash, ok := identity.HashToken(token)
	if !ok {
		return nil, false, nil
	}
	sealed, ok, err := tx.SpendQuestion(ctx, hash, a.moment())
	if err != nil || !ok {
		return nil, false, err
	}
	var q asked
	if err := json.Unmarshal(sealed, &q); err != nil {
		return nil, false, err
	}
	return q.Kept, q.For == want.For && q.Host == want.Host && bytes.Equal(q.Session, want.Session), nil
}

// secretsAt are the passkeys that can be shown at a host.
func secretsAt(host string, has []store.Factor) (secrets [][]byte) {
	for _, f := range has {
		if f.Kind == identity.Passkey && f.Host == host {
			secrets = append(secrets, f.Secret)
		}
	}
	return secrets
}
