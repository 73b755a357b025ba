package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
)

const (
	// tailEvery is how often new lines are looked for.
	tailEvery = 2 * time.Second
	// tailLate is how much later than its moment a line may come into the log and still
	// be told of.
	tailLate = 10 * time.Second
	// tailLines is how many lines are told of at a time.
	tailLines = 200
	// tailsOfOne is how many stretches somebody follows at one time.
	tailsOfOne = 4
)

// tails are the stretches in which people of this node follow the log.
type tails struct {
	over context.Context
	end  context.CancelFunc
	mu   sync.Mutex
	of   map[casework.UserID]int
}

func newTails() *tails {
	over, end := context.WithCancel(context.Background())
	return &tails{over: over, end: end, of: map[casework.UserID]int{}}
}

// begin counts one more of a user; false when there are enough.
func (t *tails) begin(user casework.UserID) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of[user] >= tailsOfOne {
		return false
	}
	t.of[user]++
	return true
}

func (t *tails) done(user casework.UserID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of[user]--; t.of[user] == 0 {
		delete(t.of, user)
	}
}

// EndTails ends every stretch of following the log on this node; none begins any more.
func (a *App) EndTails() { a.tails.end() }

// TailPlace is where following begins for a page of the log that was shown by a filter:
// after its newest line, or from now on when it had none. It holds under that filter
// alone: in another tab the session may get another, and lines by that one do not belong
// on the page.
func (a *App) TailPlace(newest string, filter RecordFilter) string {
	if newest == "" {
		newest = writePlace(a.moment(), firstID)
	}
	return filter.mark() + " " + newest
}

// firstID comes before every other.
const firstID = "2222222222222222"

// mark tells filters apart.
func (f RecordFilter) mark() string {
	all, _ := json.Marshal(f) //nolint:errcheck // strings can be written
	sum := sha256.Sum256(all)
	return hex.EncodeToString(sum[:8])
}

// TailRecords follows the access log for somebody who reviews it, by what is kept under
// the session: from a TailPlace on (empty: from now on) it tells of new lines, oldest
// last, with the place to go on from, until the context is over, the session is locked or
// ends, or the right does: each time is decided anew. Telling of none says that it goes
// on. A stretch is on the record when it begins, before anything goes out, and when it
// ends. What its own reader looks up in the log meanwhile is left out.
func (a *App) TailRecords(ctx context.Context, session Session, place string, tell func(lines []RecordLine, place string) error) error {
	kept, err := a.FiltersOf(ctx, session)
	if err != nil {
		return err
	}
	if place == "" {
		place = a.TailPlace("", kept.Records)
	}
	mark, newest, _ := strings.Cut(place, " ")
	at, id, ok := readPlace(newest)
	if !ok {
		return casework.Absent()
	}
	if !a.tails.begin(session.Account.ID) {
		return a.refuseOutside(ctx, session, "tail_records", audit.Read, casework.Refuse(casework.TooMany, "limit_tails"))
	}
	defer a.tails.done(session.Account.ID)
	t := &tail{app: a, session: session, filter: kept.Records, at: at, id: id, told: map[string]time.Time{}}
	t.from = t.at.Add(-tailLate)
	if err := a.review(ctx, session, "tail_records", kept.Records.used(), func(tx *store.Tx, by identity.Account, rules *policy.Policy) error {
		if mark != t.filter.mark() {
			return casework.Refuse(casework.Conflict, "filter_changed")
		}
		return t.look(ctx, tx, by, rules)
	}); err != nil {
		return err
	}
	defer a.tailEnded(ctx, session)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer context.AfterFunc(a.tails.over, stop)()
	ticks := time.NewTicker(tailEvery)
	defer ticks.Stop()
	for {
		if err := tell(t.lines, t.place()); err != nil {
			return nil // who followed has gone
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticks.C:
		}
		if err := t.again(ctx); err != nil {
			return err
		}
	}
}

// tail is one stretch of following.
type tail struct {
	app     *App
	session Session
	filter  RecordFilter
	at      time.Time // of the newest line that was told of
	id      string
	from    time.Time            // from where on what comes late is looked for
	told    map[string]time.Time // lines since then, by id
	begun   bool
	lines   []RecordLine // to be told of now
}

func (t *tail) place() string { return t.app.TailPlace(writePlace(t.at, t.id), t.filter) }

// again looks for what is new, if the session is still open and the right still there.
func (t *tail) again(ctx context.Context) error {
	states, err := t.app.store.LiveSessions(ctx, [][]byte{t.session.Hash}, t.app.moment(), t.app.sessions)
	if err == nil && states[string(t.session.Hash)] != casework.SessionOpen {
		return ErrSignedOut
	}
	if err == nil {
		err = t.app.reviewing(ctx, t.session, func(tx *store.Tx, by identity.Account, rules *policy.Policy, _ string) error {
			return t.look(ctx, tx, by, rules)
		})
	}
	if errors.Is(err, context.Canceled) || ctx.Err() != nil {
		t.lines = nil
		return nil
	}
	if err != nil {
		return t.app.fault("follow the access log", err)
	}
	return nil
}

// look finds what is new, as far as its reader may know of it now.
func (t *tail) look(ctx context.Context, tx *store.Tx, by identity.Account, rules *policy.Policy) error {
	users, err := tx.UsersOf(ctx, by.Organisation)
	if err != nil {
		return err
	}
	review, err := t.app.reviewBy(ctx, tx, by, users, t.filter)
	if err != nil {
		return err
	}
	if t.from.After(review.From) {
		review.From = t.from
	}
	review.Newer, review.Limit = true, tailLines
	list, err := t.app.store.Reviewed(ctx, by.ID, review)
	if err != nil {
		return err
	}
	t.lines, err = t.app.recordLines(ctx, tx, by, t.fresh(list), rules)
	return err
}

// tailEnded puts on the record that a stretch is over.
func (a *App) tailEnded(ctx context.Context, session Session) {
	ctx = context.WithoutCancel(ctx)
	record := a.outsideRecord(ctx, session.Account, "tail_ended", audit.Read)
	if err := a.store.Transact(ctx, func(tx *store.Tx) error { return tx.Record(ctx, record) }); err != nil {
		a.log.Error("record the end of following the access log", "err", err)
	}
}

// fresh are the records that were not told of yet, newest first as they come. The first
// time, those up to the place are known.
func (t *tail) fresh(list []store.ReviewedRecord) []store.ReviewedRecord {
	behind := t.at.Add(-tailLate)
	if len(list) == tailLines { // what comes late has to wait: else nobody would come on
		behind = list[0].At
	}
	list = slices.DeleteFunc(list, func(r store.ReviewedRecord) bool {
		_, told := t.told[r.ID]
		t.told[r.ID] = r.At
		known := !t.begun && (r.At.Before(t.at) || r.At.Equal(t.at) && r.ID <= t.id)
		return told || known || r.User == t.session.Account.ID && slices.Contains(audit.Reviews.Events(), r.Event)
	})
	t.begun = true
	for _, r := range list {
		if r.At.After(t.at) || r.At.Equal(t.at) && r.ID > t.id {
			t.at, t.id = r.At, r.ID
		}
	}
	if behind.After(t.from) {
		t.from = behind
	}
	for id, at := range t.told {
		if at.Before(t.from) {
			delete(t.told, id)
		}
	}
	return list
}
