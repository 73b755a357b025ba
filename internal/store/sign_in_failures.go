package store

import (
	"context"
	"encoding/hex"
	"slices"
	"time"

	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/identity"
)

// AttemptKeys are what failed sign-ins are counted by. They are keyed hashes:
// what was typed as a login may be a password, and an address is personal.
type AttemptKeys struct{ pair, login, address string }

// AttemptKeys hashes what was typed as a login and the address it came from.
func (s *Store) AttemptKeys(login, address string) AttemptKeys {
	hash := func(label, value string) string {
		return hex.EncodeToString(s.keys.Hash("sign_in_failure:"+label, []byte(value)))
	}
	return AttemptKeys{pair: hash("pair", address+"\x00"+login), login: hash("login", login), address: hash("address", address)}
}

// CountFailures counts what failed for the keys since a moment. Until the
// transaction ends nobody else counts for this address, so that attempts made
// at one time see each other.
func (tx *Tx) CountFailures(ctx context.Context, keys AttemptKeys, since time.Time) (identity.Attempt, error) {
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(7515, hashtext($1))`, keys.address); err != nil {
		return identity.Attempt{}, plain(err)
	}
	var rows []struct {
		Key   string    `db:"key"`
		Count int       `db:"count"`
		Last  time.Time `db:"last"`
	}
	err := tx.SelectContext(ctx, &rows, `SELECT key, count(*) AS count, max(at) AS last FROM sign_in_failure
		WHERE key = ANY($1) AND at > $2 GROUP BY key`, pq.Array(keys.all()), since)
	if err != nil {
		return identity.Attempt{}, plain(err)
	}
	of := func(key string) identity.Failures {
		for _, r := range rows {
			if r.Key == key {
				return identity.Failures{Count: r.Count, Last: r.Last}
			}
		}
		return identity.Failures{}
	}
	return identity.Attempt{Pair: of(keys.pair), Login: of(keys.login), Address: of(keys.address)}, nil
}

// AddFailure counts a failed sign-in.
func (tx *Tx) AddFailure(ctx context.Context, keys AttemptKeys, at time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO sign_in_failure (key, at) SELECT key, $2 FROM unnest($1::text[]) AS key`, pq.Array(keys.all()), at)
	return plain(err)
}

// ForgetFailures takes back the failure counted at a moment, everything that
// failed for this login from this address, and what is older than since.
func (tx *Tx) ForgetFailures(ctx context.Context, keys AttemptKeys, at, since time.Time) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM sign_in_failure WHERE key = $1 OR key = ANY($2) AND at = $3 OR at <= $4`,
		keys.pair, pq.Array(slices.DeleteFunc(keys.all(), func(k string) bool { return k == keys.pair })), at, since)
	return plain(err)
}

// RecountFailure takes back the failure counted at a moment, and counts it again: the work
// of ForgetFailures, without its effect.
func (tx *Tx) RecountFailure(ctx context.Context, keys AttemptKeys, at time.Time) error {
	_, err := tx.ExecContext(ctx, `WITH taken AS (DELETE FROM sign_in_failure WHERE key = ANY($1) AND at = $2 RETURNING key, at)
		INSERT INTO sign_in_failure SELECT key, at FROM taken`, pq.Array(keys.all()), at)
	return plain(err)
}

func (k AttemptKeys) all() []string { return []string{k.pair, k.login, k.address} }
