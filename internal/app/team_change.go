package app

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// deed is something that is done to the team of a case.
type deed struct {
	event  audit.Event
	action audit.Action
	kind   string // of the object
	may    func(view.Seat) bool
}

// mayInvite tells whether somebody may change who sits at a table. Nobody is
// brought to the practice case: its colleagues are invented.
func mayInvite(seat view.Seat) bool { return seat.May(casework.ActInvite) && !seat.Practice() }

// mayEnd tells whether somebody may end a place at a table: in a closed case too,
// as everything that makes narrower.
func mayEnd(seat view.Seat) bool { return seat.MayWhenOpen(casework.ActInvite) && !seat.Practice() }

// teamAt is a team while no right of anybody can change.
type teamAt struct {
	*store.Tx
	id     casework.CaseID
	now    time.Time
	reader casework.Reader // who does it
	seat   view.Seat
	access *casework.Access
	rules  *policy.Policy
	moment view.Moment // of the seat
	team   []store.Membership
}

// done is what a deed came to, for its record.
type done struct {
	kind    string // of the object, where it is another than the deed's
	object  string
	detail  map[string]string
	version string // of the object, or of the case when that was looked at
	further []audit.Record
}

// changeTeam does something to the team of a case. Whether the actor may, and
// everything the change goes by, is looked at when nobody's rights can change any
// more; a refusal takes back everything but its own record. Who is not at the
// table is refused before it holds up anybody, and is told what is told of a case
// that is not there.
func (a *App) changeTeam(ctx context.Context, session Session, id casework.CaseID, d deed, change func(*teamAt) (done, error)) error {
	actor := a.onPage(ctx, session.Account.ID)
	reader, err := a.atTable(ctx, session.Account.ID, id)
	if err == nil && !d.may(openSeat(reader, id)) {
		err = notAllowed()
	}
	if err == nil {
		err = a.store.Transact(ctx, func(tx *store.Tx) error {
			t, ground, err := a.holdTeam(ctx, tx, id, session.Account.ID)
			if err != nil {
				return err
			}
			return a.doOnRecord(ctx, t, ground, actor, d, change)
		})
	}
	if err := a.teamOutcome(ctx, actor, id, d, reader, err); err != nil {
		return err
	}
	a.nudger.rightsChanged()
	return nil
}

// doOnRecord does something at a table whose rights are held, if its doer may, with
// its record.
func (a *App) doOnRecord(ctx context.Context, t *teamAt, ground string, actor audit.Actor, d deed, do func(*teamAt) (done, error)) error {
	if !d.may(t.seat) {
		return notAllowed()
	}
	done, err := do(t)
	if err != nil {
		return err
	}
	record := a.newRecord(actor, d.event, d.action, audit.Done)
	record.Seat(t.reader, ground)
	record.Case, record.ObjectKind, record.Object, record.Detail = t.id, cmp.Or(done.kind, d.kind), done.object, done.detail
	record.Version = done.version
	return t.Record(ctx, append(done.further, record)...)
}

func notAllowed() error {
	return &casework.Error{Kind: casework.Denied, Reason: "not_allowed", Act: casework.ActInvite}
}

// openSeat is the seat of a member at an open table of which nothing is known yet:
// who may not do something there may not do it at all.
func openSeat(reader casework.Reader, id casework.CaseID) view.Seat {
	state := casework.NewState(id)
	state.Status = casework.Open
	return view.SeatOf(reader, view.Moment{State: state, Access: &casework.Access{}})
}

// atTable finds a member who may enter the case now; casework.Absent when the
// user is none, or the case is not there.
func (a *App) atTable(ctx context.Context, user casework.UserID, id casework.CaseID) (casework.Reader, error) {
	access, err := a.Access(ctx, id)
	if err != nil {
		return casework.Reader{}, err
	}
	reader, ok := access.Reader(user, a.moment())
	if !ok || !mayJoin(reader.Rights) {
		return casework.Reader{}, casework.Absent()
	}
	return reader, nil
}

// holdTeam begins a new access epoch first of all, so that nothing it then reads
// can change. The policy is that of the epoch before: this one may yet be taken
// back, and its number given to a publication.
func (a *App) holdTeam(ctx context.Context, tx *store.Tx, id casework.CaseID, user casework.UserID) (*teamAt, string, error) {
	state, err := a.store.LoadStructure(ctx, tx, id) // takes long: before anybody waits
	if err != nil {
		return nil, "", err
	}
	epoch, err := tx.BumpAccess(ctx)
	if err != nil {
		return nil, "", err
	}
	return a.teamUnder(ctx, tx, state, user, epoch, epoch-1)
}

// teamUnder reads a team under rights that are held, and a policy of that epoch; it
// is casework.Absent for who does not sit there.
func (a *App) teamUnder(ctx context.Context, tx *store.Tx, state *casework.State, user casework.UserID, epoch, policyEpoch int64) (*teamAt, string, error) {
	id := state.ID
	teams, err := tx.Team(ctx, []casework.CaseID{id})
	if err != nil {
		return nil, "", err
	}
	rules, err := a.policyAt(ctx, tx, policyEpoch)
	if err != nil {
		return nil, "", err
	}
	access, grounds := seatTeam(id, epoch, teams[id], rules)
	t := &teamAt{Tx: tx, id: id, now: a.moment(), access: access, rules: rules, team: teams[id]}
	var ok bool
	if t.reader, ok = access.Reader(user, t.now); !ok || !mayJoin(t.reader.Rights) {
		return nil, "", casework.Absent()
	}
	t.moment = view.Moment{State: state, Access: access, At: t.now}
	t.seat = view.SeatOf(t.reader, t.moment)
	return t, grounds[user], nil
}

// lookAtTeam shows a member something about the team of a case that only some may
// see, with its record.
func (a *App) lookAtTeam(ctx context.Context, session Session, id casework.CaseID, d deed, look func(*teamAt) error) error {
	return a.doAtTable(ctx, session, id, d, func(t *teamAt) (done, error) { return done{object: string(id)}, look(t) })
}

// doAtTable does something at a table that changes nobody's rights, while they are
// held, with its record.
func (a *App) doAtTable(ctx context.Context, session Session, id casework.CaseID, d deed, do func(*teamAt) (done, error)) error {
	actor := a.onPage(ctx, session.Account.ID)
	reader, err := a.atTable(ctx, session.Account.ID, id)
	if err == nil {
		err = a.store.Transact(ctx, func(tx *store.Tx) error {
			epoch, err := tx.HoldAccess(ctx)
			if err != nil {
				return err
			}
			state, err := a.store.LoadStructure(ctx, tx, id)
			if err != nil {
				return err
			}
			t, ground, err := a.teamUnder(ctx, tx, state, session.Account.ID, epoch, epoch)
			if err != nil {
				return err
			}
			return a.doOnRecord(ctx, t, ground, actor, d, do)
		})
	}
	return a.teamOutcome(ctx, actor, id, d, reader, err)
}

// withID is a change of what an id names, which came with an address; anything else
// than an id names nothing.
func withID(id string, change func(*teamAt) (done, error)) func(*teamAt) (done, error) {
	return func(t *teamAt) (done, error) {
		if !casework.ValidID(id) {
			return done{}, casework.Absent()
		}
		return change(t)
	}
}

// teamOutcome puts a refusal on the record and hides what is ours.
func (a *App) teamOutcome(ctx context.Context, actor audit.Actor, id casework.CaseID, d deed, reader casework.Reader, err error) error {
	var refusal *casework.Error
	if errors.As(err, &refusal) && refusal.Kind != casework.Internal && refusal.Kind != casework.Unavailable {
		return a.refuseTeam(ctx, actor, id, d, reader, refusal)
	}
	if err != nil {
		return a.fault("change or show a team", err)
	}
	return nil
}

// refuseTeam records that something was refused, and why.
func (a *App) refuseTeam(ctx context.Context, actor audit.Actor, id casework.CaseID, d deed, reader casework.Reader, refusal *casework.Error) error {
	record := a.newRecord(actor, d.event, d.action, audit.Refused)
	record.Case, record.Detail = id, map[string]string{"reason": refusal.Reason}
	record.Seat(reader, "")
	var rule byRule
	switch {
	case errors.As(refusal, &rule):
		record.PolicyRule = string(rule)
	case refusal.Kind == casework.Denied && refusal.Act != "":
		record.PolicyRule, _ = a.why(reader.Role, casework.Open, refusal)
	}
	if err := a.store.Transact(ctx, func(tx *store.Tx) error { return tx.Record(ctx, record) }); err != nil {
		return a.fault("record a refusal", err)
	}
	return refusal
}

// member finds somebody who is or was at the table.
func (t *teamAt) member(user casework.UserID) (store.Membership, bool) {
	i := slices.IndexFunc(t.team, func(m store.Membership) bool { return m.User == user })
	if i < 0 {
		return store.Membership{}, false
	}
	return t.team[i], true
}

// keepsChair refuses a place that would leave the table without a chair.
func (t *teamAt) keepsChair(account identity.Account, place store.Membership) error {
	place.User, place.Active = account.ID, account.Active
	var before, after []casework.Member
	for _, m := range t.team {
		before = append(before, m.Member)
		if m.User != account.ID {
			after = append(after, m.Member)
		}
	}
	if casework.LosesChair(before, append(after, place.Member), t.now) {
		return casework.Refuse(casework.Conflict, "last_chair")
	}
	return nil
}

// seatable refuses who has no place at any table: whoever audits or manages
// accounts never sees content.
func seatable(account identity.Account) error {
	if outsideCases(account.Discipline) {
		return casework.Refuse(casework.Invalid, "no_seat")
	}
	return nil
}
