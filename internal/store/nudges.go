package store

import (
	"context"
	"time"

	"github.com/lib/pq"
)

// channel carries nudges between nodes. A nudge says where to look, never what
// is there; losing one costs at most a second.
const channel = "casustafel"

// MaxNudge is the longest nudge in bytes.
const MaxNudge = 7000

// Nudge tells the other nodes. It stands outside the change's transaction.
func (s *Store) Nudge(ctx context.Context, payload string) error {
	_, err := s.committer.ExecContext(ctx, `SELECT pg_notify($1, $2)`, channel, payload)
	return plain(err)
}

// Listen calls heard for every nudge, and lost after every time the connection
// was away, when nudges may have been missed. It returns when ctx ends, also
// while the database is away.
func (s *Store) Listen(ctx context.Context, heard func(payload string), lost func()) error {
	listener := pq.NewListener(s.dsn, 100*time.Millisecond, 2*time.Second, nil)
	defer listener.Close() //nolint:errcheck // nothing to save
	// Listen waits for a connection for as long as that takes.
	defer context.AfterFunc(ctx, func() { listener.Close() })() //nolint:errcheck // nothing to save
	if err := listener.Listen(channel); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return plain(err)
	}
	ping := time.NewTicker(10 * time.Second)
	defer ping.Stop()
	for {
		select {
		case n, open := <-listener.Notify:
			switch {
			case !open:
				return nil
			case n == nil:
				lost()
			default:
				heard(n.Extra)
			}
		case <-ping.C:
			go listener.Ping() //nolint:errcheck // a dead connection is found by it and made anew
		case <-ctx.Done():
			return nil
		}
	}
}
