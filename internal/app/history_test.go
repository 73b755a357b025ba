package app_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/casustafel/casustafel/internal/view"
)

// Looking back is a look: it is on the record with its card, and without a
// record nothing comes out. What comes out holds no text and nothing later.
func TestHistoryIsOnTheRecord(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	card := c.card(t, "iris", "Geheime woorden", nil)
	actor := c.actor("iris")
	entry, err := c.Enter(t.Context(), actor, c.id, view.Eyes{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	reader, seq := entry.Reader, c.state(t, c.id).Seq
	c.card(t, "iris", "Later", nil)
	events, err := c.History(t.Context(), actor, c.id, reader, card, seq)
	if err != nil || int64(len(events)) != seq {
		t.Fatalf("%d events up to %d, %v", len(events), seq, err)
	}
	for _, e := range events {
		for _, text := range e.Change.Texts() {
			if text.Body != "" {
				t.Errorf("%s comes with a text", e.Change.Type())
			}
		}
	}
	if got := c.line(t, `event = 'history'`); !strings.Contains(got, "|card|"+string(card)+"|") || !strings.HasPrefix(got, "history|R|done|"+string(actor.User)+"|child_worker|") {
		t.Errorf("on the record: %s", got)
	}
	// The record does not wait for the reading: that is in no transaction, and holds nothing.
	holding, err := c.admin.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := holding.Exec(`LOCK TABLE event`); err != nil {
		t.Fatal(err)
	}
	var asking sync.WaitGroup
	asking.Go(func() {
		if events, err := c.History(t.Context(), actor, c.id, reader, card, seq); err != nil || int64(len(events)) != seq {
			t.Errorf("%d events, %v", len(events), err)
		}
	})
	c.blocked(t, 1)
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'history'`); n != 2 {
		t.Errorf("%d records while the log is read", n)
	}
	if err := holding.Rollback(); err != nil {
		t.Fatal(err)
	}
	asking.Wait()
	// What is later is not even read.
	c.exec(t, fmt.Sprintf(`UPDATE event SET type = 'of_tomorrow' WHERE seq > %d`, seq))
	if events, err := c.History(t.Context(), actor, c.id, reader, card, seq); err != nil || int64(len(events)) != seq {
		t.Errorf("%d events before one that cannot be read, %v", len(events), err)
	}
	c.exec(t, `REVOKE INSERT ON record FROM casustafel_committer`)
	if events, err := c.History(t.Context(), actor, c.id, reader, card, seq); err == nil || events != nil {
		t.Errorf("without a record %d events come out, %v", len(events), err)
	}
}
