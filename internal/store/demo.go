package store

import (
	"context"
	"errors"
)

// OnlyDemo refuses a database in which a real person has an account.
func (s *Store) OnlyDemo(ctx context.Context) error {
	var real bool
	if err := s.committer.GetContext(ctx, &real, `SELECT EXISTS (SELECT FROM account WHERE NOT demo AND NOT invented)`); err != nil {
		return plain(err)
	}
	if real {
		return errors.New("the demo does not run on a database with real accounts: give it a data directory of its own")
	}
	return nil
}
