package app

import (
	"context"
	"errors"
	"strconv"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// Enter lets a member into the room of a case, through the own eyes or others:
// the record of it, which names the reader and of whom that is told anything, is
// durable before anything of the case goes out. Known is the case as the room shows
// it; nil: no room does yet. A case that is absent or hidden from the user, and eyes
// that the user may not look through, give the same refusal.
func (a *App) Enter(ctx context.Context, actor audit.Actor, id casework.CaseID, eyes view.Eyes, known *casework.State) (view.Entry, error) {
	var entry view.Entry
	var refusal error
	if !eyes.Own() {
		known = nil
	}
	state, err := a.structureFor(ctx, actor.User, id, known)
	if err != nil {
		return view.Entry{}, a.fault("enter a case", err)
	}
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		access, grounds, err := a.accessIn(ctx, tx, id)
		if err != nil {
			return err
		}
		entry = view.Entry{Access: access}
		record := a.newRecord(actor, "join", audit.Read, audit.Done)
		record.Case = id
		var ok bool
		if state != nil {
			entry.Reader, ok = eyes.Reader(actor.User, view.Moment{State: state, Access: access, At: a.moment()})
		}
		if ok && (!eyes.Own() || mayJoin(entry.Reader.Rights)) {
			entry.Persons = view.Persons(state, entry.Reader)
			record.Seat(entry.Reader, grounds[actor.User])
			lookedAt(&record, state, entry.Reader, entry.Persons)
		} else {
			refusal = casework.Absent()
			record.Outcome, record.Detail = audit.Refused, refusedEyes(eyes)
			return tx.Record(ctx, record)
		}
		return a.beginStay(ctx, tx, record)
	})
	if err != nil {
		if errors.Is(err, store.ErrUnknownOutcome) {
			a.stays.over(actor.Request, a.moment())
		}
		return view.Entry{}, a.fault("enter a case", err)
	}
	return entry, refusal
}

// structureFor is what the record of a look needs of the case: who is told of whom, and
// for other eyes who is on the attendance list, and whether it is open. It is read
// before rights are held, as it takes long, and only for a member: nil for anybody
// else. A room goes by its own state, and records when that gives another look.
func (a *App) structureFor(ctx context.Context, user casework.UserID, id casework.CaseID, known *casework.State) (*casework.State, error) {
	access, err := a.Access(ctx, id)
	if err != nil {
		return nil, err
	}
	if _, member := access.Reader(user, a.moment()); !member {
		return nil, nil
	}
	if known != nil {
		return known, nil
	}
	return a.store.LoadStructure(ctx, a.store.Reader(), id)
}

// refusedEyes says what was refused; whom somebody wanted to look as may be
// anything typed, and is left out.
func refusedEyes(eyes view.Eyes) map[string]string {
	detail := map[string]string{"reason": "not_found"}
	switch {
	case eyes.Screen:
		detail["eyes"] = "screen"
	case !eyes.Own():
		detail["eyes"] = "as"
	}
	return detail
}

// mayJoin tells whether a member with these rights enters the room of a case, be
// it open or closed. Who may not does not know of the case either.
func mayJoin(rights casework.Rights) bool {
	return rights.Allow(casework.ActJoin, casework.NoCell, casework.Open)
}

// viewOf tells, for the record, through which eyes somebody looks: with the role
// and the version of the policy it says what that person could see. Of those who
// look together it holds ids, a guest's too, and no names.
func viewOf(reader casework.Reader) map[string]string {
	detail := map[string]string{"beside": audit.Spaced(reader.Beside)}
	joint := reader.Joint
	switch {
	case joint == nil:
		return detail
	case joint.Dark:
		detail["eyes"] = "blank_screen"
		return detail
	case joint.Screen:
		detail["eyes"] = "screen"
	default:
		detail["eyes"] = "as"
	}
	var together []casework.UserID
	for _, one := range joint.Eyes {
		together = append(together, one.User)
	}
	detail["together"] = audit.Spaced(together)
	return detail
}

// lookedAt says of a record that a whole case was looked at, through which eyes, and
// what of it could be seen.
func lookedAt(record *audit.Record, state *casework.State, reader casework.Reader, persons []casework.PersonID) {
	record.ObjectKind, record.Object, record.Version = "case", string(record.Case), versionOf(state)
	record.Detail, record.Behalf = viewOf(reader), behalf(record.User, reader)
	record.Detail["persons"] = audit.Spaced(persons)
}

// behalf are those through whose eyes somebody looks, when others than the own. A
// guest has no account.
func behalf(user casework.UserID, reader casework.Reader) (others []casework.UserID) {
	if reader.Joint == nil {
		return nil
	}
	for _, one := range reader.Joint.Eyes {
		if one.User != user && one.Organisation != "" {
			others = append(others, one.User)
		}
	}
	return others
}

// Observe records that something about stays in a room changed: that they ended,
// or what their readers may see. Who is no member any more, and has an empty reader,
// is on the record as the member that was. An end that cannot be recorded is made up
// for later; of a stay that was taken for over it is there already.
func (a *App) Observe(ctx context.Context, id casework.CaseID, event audit.Event, stays ...audit.StayMoment) error {
	now := a.moment()
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		var records []audit.Record
		for _, stay := range stays {
			if event == "leave" {
				if open, err := a.endStay(ctx, tx, stay.Actor.Request); err != nil {
					return err
				} else if !open {
					continue
				}
			}
			record, err := a.stayRecord(ctx, tx, stay.Actor, id, stay.Reader, event)
			if err != nil {
				return err
			}
			record.Version = strconv.FormatInt(stay.Head, 10)
			if event == "view" {
				record.Detail["persons"] = audit.Spaced(stay.Persons)
			}
			records = append(records, record)
		}
		return tx.Record(ctx, records...)
	})
	if err == nil {
		return nil
	}
	if event == "leave" {
		for _, stay := range stays {
			a.stays.over(stay.Actor.Request, now)
		}
	}
	return a.fault("record a stay", err)
}

// stayRecord is a line about somebody in the room of a case, as the member that
// is, or was.
func (a *App) stayRecord(ctx context.Context, tx *store.Tx, actor audit.Actor, id casework.CaseID, reader casework.Reader, event audit.Event) (audit.Record, error) {
	teams, err := tx.Team(ctx, []casework.CaseID{id})
	if err != nil {
		return audit.Record{}, err
	}
	seen, ground := reader, ""
	for _, m := range teams[id] {
		if m.User != actor.User {
			continue
		}
		ground = m.Ground
		if seen.User == "" {
			seen.Member = m.Member
		}
	}
	record := a.newRecord(actor, event, audit.Read, audit.Done)
	record.Case, record.ObjectKind, record.Object = id, "case", string(id)
	record.Seat(seen, ground)
	record.Detail, record.Behalf = viewOf(seen), behalf(actor.User, seen)
	return record, nil
}

// Access reads who is at the table of a case under today's rights.
func (a *App) Access(ctx context.Context, id casework.CaseID) (access *casework.Access, err error) {
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		access, _, err = a.accessIn(ctx, tx, id)
		return err
	})
	return access, err
}

func (a *App) accessIn(ctx context.Context, tx *store.Tx, id casework.CaseID) (*casework.Access, map[casework.UserID]string, error) {
	epoch, err := tx.HoldAccess(ctx)
	if err != nil {
		return nil, nil, err
	}
	teams, err := tx.Team(ctx, []casework.CaseID{id})
	if err != nil {
		return nil, nil, err
	}
	rules, err := a.policyAt(ctx, tx, epoch)
	if err != nil {
		return nil, nil, err
	}
	access, grounds := seatTeam(id, epoch, teams[id], rules)
	return access, grounds, nil
}
