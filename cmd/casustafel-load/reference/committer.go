package reference

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/lib/pq"
)

const (
	maxBatch     = 512
	writeTimeout = 30 * time.Second
)

// message is a frame on its way to the database and then to its room.
type message struct {
	room *room
	work work
	body []byte
}

// Committer is the one writer to PostgreSQL, shared by all rooms.
type Committer struct {
	db     *sql.DB
	insert *sql.Stmt
	queue  chan message
}

// NewCommitter makes the table and the writer; Run commits.
func NewCommitter(ctx context.Context, dsn string) (*Committer, error) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return nil, fmt.Errorf("database address: %w", err)
	}
	c := &Committer{db: db, queue: make(chan message, maxBatch)}
	const table = `CREATE TABLE IF NOT EXISTS message (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, room text NOT NULL, body text NOT NULL)`
	if _, err := db.ExecContext(ctx, table); err != nil {
		return nil, fmt.Errorf("make the table of messages: %w", err)
	}
	const insert = `INSERT INTO message (room, body) SELECT * FROM unnest($1::text[], $2::text[])`
	if c.insert, err = db.PrepareContext(ctx, insert); err != nil {
		return nil, fmt.Errorf("prepare the insert of messages: %w", err)
	}
	return c, nil
}

// Run commits until ctx ends: all that waits, in one transaction of one
// statement, and after it the messages go to their rooms.
func (c *Committer) Run(ctx context.Context) error {
	defer c.db.Close() //nolint:errcheck // nothing is under way
	for {
		var batch []message
		select {
		case m := <-c.queue:
			batch = append(batch, m)
		case <-ctx.Done():
			return nil
		}
		for more := true; more && len(batch) < maxBatch; {
			select {
			case m := <-c.queue:
				batch = append(batch, m)
			default:
				more = false
			}
		}
		if err := c.commit(batch); err != nil {
			return err
		}
		for _, m := range batch {
			m.room.work <- m.work
		}
	}
}

func (c *Committer) commit(batch []message) error {
	ctx, cancel := context.WithTimeout(context.Background(), writeTimeout)
	defer cancel()
	rooms, bodies := make([]string, len(batch)), make([]string, len(batch))
	for i, m := range batch {
		rooms[i], bodies[i] = m.room.name, string(m.body)
	}
	if _, err := c.insert.ExecContext(ctx, pq.Array(rooms), pq.Array(bodies)); err != nil {
		return fmt.Errorf("commit messages: %w", err)
	}
	return nil
}
