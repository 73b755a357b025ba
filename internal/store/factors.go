package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/lib/pq"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

// Factor is a factor with its secret: what a passkey's credential holds, or the
// secret of an app that makes codes.
type Factor struct {
	identity.Factor
	Secret   []byte
	LastStep int64
}

// HoldFactors keeps the factors of an account as they are for everybody else until
// the transaction ends: what is shown at one time counts once.
func (tx *Tx) HoldFactors(ctx context.Context, account casework.UserID) error {
	_, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(7521, hashtext($1))`, account)
	return plain(err)
}

// Factors gives the factors of an account, the oldest first.
func (tx *Tx) Factors(ctx context.Context, account casework.UserID) ([]Factor, error) {
	var rows []struct {
		ID       string              `db:"id"`
		Kind     identity.FactorKind `db:"kind"`
		Host     string              `db:"host"`
		Browser  string              `db:"browser"`
		Sealed   []byte              `db:"sealed"`
		LastStep int64               `db:"last_step"`
		Added    time.Time           `db:"added_at"`
		Used     *time.Time          `db:"used_at"`
	}
	err := tx.SelectContext(ctx, &rows, `SELECT id, kind, host, browser, sealed, last_step, added_at, used_at FROM factor
		WHERE account = $1 ORDER BY added_at, id`, account)
	if err != nil {
		return nil, plain(err)
	}
	factors := make([]Factor, len(rows))
	for i, r := range rows {
		secret, err := tx.store.factorSealer().Decrypt(r.Sealed, factorAD(account, r.ID))
		if err != nil {
			return nil, errors.New("a factor does not open under the keys of this database")
		}
		factors[i] = Factor{Secret: secret, LastStep: r.LastStep, Factor: identity.Factor{ID: r.ID, Kind: r.Kind, Host: r.Host, Browser: r.Browser,
			Added: r.Added, Used: orZero(r.Used)}}
	}
	return factors, nil
}

// AddFactor gives an account a factor. Credential is the id of a passkey, else
// empty; one that any account has already is casework.Conflict, and the
// transaction is lost.
func (tx *Tx) AddFactor(ctx context.Context, account casework.UserID, f Factor, credential []byte) error {
	sealed, err := tx.store.factorSealer().Encrypt(f.Secret, factorAD(account, f.ID))
	if err != nil {
		return err
	}
	var hash []byte
	if len(credential) > 0 {
		hash = tx.store.keys.Hash("passkey", credential)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO factor (id, account, kind, host, browser, credential, sealed, last_step, added_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, f.ID, account, f.Kind, f.Host, f.Browser, hash, sealed, f.LastStep, f.Added)
	err = plain(err)
	var refused *DBError
	if errors.As(err, &refused) && refused.Constraint == "factor_credential_key" {
		return &casework.Error{Kind: casework.Conflict, Reason: "passkey_taken", Err: err}
	}
	return err
}

// UseFactor keeps what a factor is from now on: its last step, its secret.
func (tx *Tx) UseFactor(ctx context.Context, account casework.UserID, f Factor, at time.Time) error {
	sealed, err := tx.store.factorSealer().Encrypt(f.Secret, factorAD(account, f.ID))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE factor SET sealed = $3, last_step = $4, used_at = $5 WHERE id = $1 AND account = $2`,
		f.ID, account, sealed, f.LastStep, at)
	return plain(err)
}

// RemoveFactor takes a factor from its account; false when it has no such one.
func (tx *Tx) RemoveFactor(ctx context.Context, account casework.UserID, id string) (ok bool, err error) {
	return changed(tx.ExecContext(ctx, `DELETE FROM factor WHERE account = $1 AND id = $2`, account, id))
}

// RemoveFactors takes all factors and recovery codes from an account.
func (tx *Tx) RemoveFactors(ctx context.Context, account casework.UserID) error {
	for _, query := range []string{`DELETE FROM factor WHERE account = $1`, `DELETE FROM recovery_code WHERE account = $1`} {
		if _, err := tx.ExecContext(ctx, query, account); err != nil {
			return plain(err)
		}
	}
	return nil
}

// SetRecoveryCodes replaces the recovery codes of an account. They are clean.
func (tx *Tx) SetRecoveryCodes(ctx context.Context, account casework.UserID, codes []string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM recovery_code WHERE account = $1`, account); err != nil {
		return plain(err)
	}
	hashes := make(pq.ByteaArray, len(codes))
	for i, code := range codes {
		hashes[i] = tx.store.recoveryHash(account, code)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO recovery_code (account, hash) SELECT $1, unnest($2::bytea[])`, account, hashes)
	return plain(err)
}

// SpendRecoveryCode uses a code up; false when the account has no such one left.
func (tx *Tx) SpendRecoveryCode(ctx context.Context, account casework.UserID, code string, at time.Time) (ok bool, err error) {
	return changed(tx.ExecContext(ctx, `UPDATE recovery_code SET used_at = $3 WHERE account = $1 AND hash = $2 AND used_at IS NULL`,
		account, tx.store.recoveryHash(account, code), at))
}

// RecoveryCodesLeft tells how many codes of an account are not used up.
func (tx *Tx) RecoveryCodesLeft(ctx context.Context, account casework.UserID) (left int, err error) {
	err = tx.GetContext(ctx, &left, `SELECT count(*) FROM recovery_code WHERE account = $1 AND used_at IS NULL`, account)
	return left, plain(err)
}

// mostQuestions is how many questions of one place are open at a time.
const mostQuestions = 200

// AddQuestion keeps what a passkey was asked until the token is spent or it
// expires, and forgets those that did, and of a place (nil: of somebody who is
// signed in) the oldest when it has too many.
func (tx *Tx) AddQuestion(ctx context.Context, hash, kept, place []byte, at, expires time.Time) error {
	sealed, err := tx.store.factorSealer().Encrypt(kept, hash)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM passkey_question WHERE expires_at <= $1`, at); err != nil {
		return plain(err)
	}
	if _, err = tx.ExecContext(ctx, `INSERT INTO passkey_question (token_hash, sealed, place, expires_at) VALUES ($1, $2, $3, $4)`, hash, sealed, place, expires); err != nil || place == nil {
		return plain(err)
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM passkey_question WHERE token_hash IN
		(SELECT token_hash FROM passkey_question WHERE place = $1 ORDER BY expires_at DESC, token_hash OFFSET $2)`, place, mostQuestions)
	return plain(err)
}

// SpendQuestion takes a question away and gives what was kept of it; false when
// there is no such one or it expired.
func (tx *Tx) SpendQuestion(ctx context.Context, hash []byte, now time.Time) (kept []byte, ok bool, err error) {
	var sealed []byte
	err = tx.GetContext(ctx, &sealed, `WITH spent AS (DELETE FROM passkey_question WHERE token_hash = $1 RETURNING sealed, expires_at)
		SELECT sealed FROM spent WHERE expires_at > $2`, hash, now)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, plain(err)
	}
	kept, err = tx.store.factorSealer().Decrypt(sealed, hash)
	return kept, err == nil, nil
}

// Place is a keyed hash of an address, as it is personal.
func (s *Store) Place(address string) []byte { return s.keys.Hash("place", []byte(address)) }

// factorSealer is under a key of the root secret, which the master key wraps.
func (s *Store) factorSealer() tink.AEAD { return sealer(s.keys.derive("factor")) }

func (s *Store) recoveryHash(account casework.UserID, code string) []byte {
	return s.keys.Hash("recovery_code", []byte(string(account)+"\x00"+code))
}

// factorAD binds a sealed factor to its account and id, so that rows cannot be
// swapped.
func factorAD(account casework.UserID, id string) []byte { return []byte(string(account) + "/" + id) }
