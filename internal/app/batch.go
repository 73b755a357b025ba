package app

import (
	"context"
	"fmt"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// snapshotEvery is after how many events the structure of a case is kept.
const snapshotEvery = 200

// batch is one transaction of the committer on its way.
type batch struct {
	app     *App
	cached  tables
	asked   time.Time // before rights were held
	now     time.Time // of the decisions
	tables  tables    // as they are in this transaction
	appends map[casework.CaseID][]casework.Event
	late    late
	made    map[store.CommandKey]string
	records []audit.Record
	opened  []openedCard // by others than their authors
	answers map[*request]board.Answer
	waiting []*request // their case is held by somebody else
	ends    bool       // it begins an access epoch, so that lends can end in it
	ending  map[casework.CaseID]casework.UserID
}

func newBatch(a *App, cached tables) *batch {
	return &batch{app: a, cached: cached, asked: a.now(), now: a.moment(), tables: tables{}, appends: map[casework.CaseID][]casework.Event{},
		made: map[store.CommandKey]string{}, answers: map[*request]board.Answer{}, ending: map[casework.CaseID]casework.UserID{}}
}

// run decides the requests in the order they came and writes what they change.
func (b *batch) run(ctx context.Context, tx *store.Tx, requests []*request) error {
	epoch, policyEpoch, err := b.hold(ctx, tx)
	if err != nil {
		return err
	}
	ids, keys := casesOf(requests)
	locked, err := tx.LockCases(ctx, ids)
	if err != nil {
		return err
	}
	var exist map[casework.CaseID]bool
	if len(locked) < len(ids) {
		if exist, err = tx.ExistingCases(ctx, ids); err != nil {
			return err
		}
	}
	if b.tables, err = b.app.seatTables(ctx, tx, b.cached, locked, epoch, policyEpoch); err != nil {
		return err
	}
	done, err := tx.DoneCommands(ctx, keys)
	if err != nil {
		return err
	}
	if err := b.fetchLate(ctx, tx, requests, done); err != nil {
		return err
	}
	for _, r := range requests {
		switch _, ok := locked[r.key.Case]; {
		case ok:
			b.settle(r, done, epoch)
		case exist[r.key.Case]:
			b.waiting = append(b.waiting, r)
		default:
			b.refuse(r, casework.Reader{}, casework.Absent())
		}
	}
	if len(b.ending) > 0 && !b.ends {
		return errRightsEnd
	}
	return b.write(ctx, tx)
}

func casesOf(requests []*request) (ids []casework.CaseID, keys []store.CommandKey) {
	seen := map[casework.CaseID]bool{}
	for _, r := range requests {
		if !seen[r.key.Case] {
			seen[r.key.Case] = true
			ids = append(ids, r.key.Case)
		}
		keys = append(keys, r.key)
	}
	return ids, keys
}

// settle decides one request. A panic on the way is that one command's fault,
// and nothing of the command is kept.
func (b *batch) settle(r *request, done map[store.CommandKey]string, epoch int64) {
	reader, ok := b.tables[r.key.Case].access.Reader(r.key.User, b.now)
	if !ok || !mayJoin(reader.Rights) {
		b.refuse(r, casework.Reader{}, casework.Absent()) // as for a case that is not there
		return
	}
	defer func() {
		if p := recover(); p != nil {
			b.refuse(r, reader, b.app.panicked(fmt.Sprintf("decide %T", r.command)))
		}
	}()
	b.decide(r, reader, done, epoch)
}

// decide carries a request out on the case as the requests before it left it.
func (b *batch) decide(r *request, reader casework.Reader, done map[store.CommandKey]string, epoch int64) {
	t := b.tables[r.key.Case]
	if t.broken != nil {
		b.refuse(r, reader, fmt.Errorf("a case cannot be served: %w", t.broken))
		return
	}
	state, err := b.stateFor(r)
	if err != nil {
		b.refuse(r, reader, fmt.Errorf("write on late: %w", err))
		return
	}
	moment := view.Moment{State: state, Access: t.access, At: b.now}
	seat := view.SeatOf(reader, moment)
	if made, ok := done[r.key]; ok {
		b.answers[r] = board.Answer{Made: stillSeen(seat, made)}
		return
	}
	if made, ok := b.made[r.key]; ok { // twice in one batch
		b.answers[r] = board.Answer{Made: stillSeen(seat, made)}
		return
	}
	decision, err := r.command.Decide(seat, board.Env{Now: b.now, Random: b.app.random})
	if err == nil {
		err = alone(r.command, seat)
	}
	if err != nil {
		b.refuseOver(r, reader, decision, err)
		return
	}
	events := state.Follow(casework.Event{Epoch: epoch, Actor: r.key.User, At: b.now, Command: r.key.ID, Undoes: decision.Undoes}, decision.Changes...)
	if len(events) > 0 { // else the steps that it was late by are of no use to anybody
		if t.state, err = state.Apply(events...); err != nil {
			t.state = state
			b.refuse(r, reader, fmt.Errorf("apply a decision: %w", err))
			return
		}
		b.opened = append(b.opened, openedByOthers(moment, view.Moment{State: t.state, Access: t.access, At: b.now}, reader, decision.Changes)...)
	}
	if !goesOn(decision) {
		b.record(r, reader, audit.Done, decision, "", nil)
	}
	b.follow(r.key.Case, events)
	b.endLends(r.key, t, events)
	b.appends[r.key.Case] = append(b.appends[r.key.Case], events...)
	b.made[r.key] = decision.Made
	b.answers[r] = board.Answer{Made: decision.Made}
}

// goesOn tells whether a stretch of writing goes on: its beginning is on the record.
func goesOn(d board.Decision) bool {
	steps := len(d.Changes) > 0
	for _, change := range d.Changes {
		_, step := change.(*casework.NoteWritten)
		steps = steps && step
	}
	return steps
}

// stillSeen is the id of what a command made, as long as its maker sees it.
func stillSeen(seat view.Seat, made string) string {
	if _, ok := seat.Card(casework.CardID(made)); ok {
		return made
	}
	if _, ok := seat.Person(casework.PersonID(made)); ok {
		return made
	}
	for _, c := range seat.Columns() {
		if string(c.ID) == made {
			return made
		}
	}
	for _, g := range seat.Guests() {
		if string(g.ID) == made {
			return made
		}
	}
	return ""
}

func (b *batch) refuse(r *request, reader casework.Reader, err error) {
	b.refuseOver(r, reader, board.Decision{}, err)
}

// refuseOver answers and records a refusal, of which the decision may tell what
// it is about. With a denial comes the policy's why.
func (b *batch) refuseOver(r *request, reader casework.Reader, decision board.Decision, err error) {
	refusal := b.app.fault("decide a command", err)
	answer := board.Answer{Refusal: refusal}
	if refusal.Kind == casework.Denied && refusal.Act != "" {
		answer.Rule, answer.Why = b.app.why(reader.Role, b.tables[r.key.Case].state.Status, refusal)
	}
	b.answers[r] = answer
	b.record(r, reader, audit.Refused, decision, answer.Rule, refusal)
}

func (b *batch) record(r *request, reader casework.Reader, outcome audit.Outcome, decision board.Decision, rule string, refusal *casework.Error) {
	record := b.app.newRecord(r.actor, "command", audit.Update, outcome)
	if _, erases := r.command.(*board.Redact); erases {
		record.Action = audit.Delete
	}
	record.At, record.Request = b.now, string(r.key.ID)
	record.Case, record.PolicyRule, record.Detail = r.key.Case, rule, map[string]string{"command": r.name}
	// A ground or a role tells whoever was a member, or will be, that the case exists.
	if reader.User != "" {
		record.Seat(reader, b.tables[r.key.Case].grounds[r.key.User])
	}
	// Of an object that its actor may not see the record shows nothing either.
	if refusal == nil || refusal.Kind == casework.Denied || refusal.Kind == casework.Conflict {
		record.ObjectKind, record.Object = r.command.Target()
		switch {
		case decision.Made != "":
			record.Action, record.Object = audit.Create, decision.Made
		case decision.About != "":
			record.Object = decision.About
		case !casework.ValidID(record.Object): // it may be anything typed, and fail the whole batch
			record.Object = ""
		}
	}
	if t := b.tables[r.key.Case]; t != nil && t.state != nil {
		record.Version = versionOfObject(t.state, record.ObjectKind, record.Object)
	}
	if refusal != nil {
		record.Detail["reason"] = refusal.Reason
	}
	b.records = append(b.records, record)
}

func (b *batch) write(ctx context.Context, tx *store.Tx) error {
	if len(b.appends) > 0 {
		var appends []store.Append
		for id, events := range b.appends {
			if len(events) > 0 {
				appends = append(appends, store.Append{Case: id, Events: events, State: b.tables[id].state})
			}
		}
		if err := tx.AppendEvents(ctx, appends); err != nil {
			return err
		}
	}
	if len(b.made) > 0 {
		if err := tx.SaveCommands(ctx, b.made); err != nil {
			return err
		}
	}
	for id, by := range b.ending {
		if err := tx.EndLends(ctx, id, by, b.now); err != nil {
			return err
		}
	}
	if err := b.tellAuthors(ctx, tx); err != nil {
		return err
	}
	return tx.Record(ctx, b.records...)
}

// finish is what follows a commit: rooms first, so that an answer never comes
// before the changes it goes by (of this batch, or found in the log), then the
// other nodes, then answers.
func (b *batch) finish() {
	publish := b.app.publish.Load()
	for id, t := range b.tables {
		if t.broken != nil {
			delete(b.cached, id)
			continue
		}
		b.cached.put(id, t, b.now)
		if publish != nil {
			(*publish)(casework.Commit{State: t.state, Epoch: t.access.Epoch, Access: t.access, Asked: b.asked})
		}
		b.app.nudger.changed(id, t.state.Head())
		if len(b.appends[id]) == 0 {
			continue
		}
		if last := t.state.Seq; last/snapshotEvery > (last-logged(b.appends[id]))/snapshotEvery {
			go b.app.saveSnapshot(t.state)
		}
	}
	if b.ends {
		b.app.nudger.rightsChanged()
	}
	b.app.dropOldSteps(b.now)
	for r, answer := range b.answers {
		r.answer <- answer
	}
}

// logged counts the events that stand in the log; steps do not.
func logged(events []casework.Event) (n int64) {
	for _, e := range events {
		if e.Ink == 0 {
			n++
		}
	}
	return n
}

func (a *App) saveSnapshot(state *casework.State) {
	ctx, cancel := context.WithTimeout(context.Background(), batchTimeout)
	defer cancel()
	if err := a.store.SaveSnapshot(ctx, state); err != nil {
		a.log.Warn("save a snapshot", "err", err)
	}
}
