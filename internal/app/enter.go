package app

import (
	"context"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// Enter lets a member into the room of a case, through the own eyes or others:
// the record of it, which names the reader, is durable before anything of the
// case goes out. A case that is absent or hidden from the user, and eyes that
// the user may not look through, give the same refusal.
func (a *App) Enter(ctx context.Context, actor audit.Actor, id casework.CaseID, eyes view.Eyes) (*casework.Access, casework.Reader, error) {
	var access *casework.Access
	var reader casework.Reader
	var refusal error
	state, err := a.structureFor(ctx, actor.User, id, eyes)
	if err != nil {
		return nil, casework.Reader{}, a.fault("enter a case", err)
	}
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		var grounds map[casework.UserID]string
		var err error
		if access, grounds, err = a.accessIn(ctx, tx, id); err != nil {
			return err
		}
		moment := view.Moment{State: state, Access: access, At: a.moment()}
		record := a.newRecord(actor, "join", audit.Read, audit.Done)
		record.Case = id
		var ok bool
		if eyes.Own() || state != nil {
			reader, ok = eyes.Reader(actor.User, moment)
		}
		if ok && (!eyes.Own() || mayJoin(reader.Rights)) {
			record.Role, record.Organisation, record.Ground = reader.Role, reader.Organisation, grounds[actor.User]
			record.ObjectKind, record.Object, record.Detail = "case", string(id), viewOf(reader)
		} else {
			refusal = casework.Absent()
			record.Outcome, record.Detail = audit.Refused, refusedEyes(eyes)
		}
		return tx.Record(ctx, record)
	})
	if err != nil {
		return nil, casework.Reader{}, a.fault("enter a case", err)
	}
	return access, reader, refusal
}

// structureFor is what a member who looks through other eyes needs of the case: who
// is on the attendance list, and whether it is open. It is read before rights are
// held, as it takes long, and only for a member: nil for anybody else, and for own
// eyes. A room goes by its own state, and records when that gives other eyes.
func (a *App) structureFor(ctx context.Context, user casework.UserID, id casework.CaseID, eyes view.Eyes) (*casework.State, error) {
	if eyes.Own() {
		return nil, nil
	}
	access, err := a.Access(ctx, id)
	if err != nil {
		return nil, err
	}
	if _, member := access.Reader(user, a.moment()); !member {
		return nil, nil
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

// Observe records that something about a stay in a room changed: that it ended,
// or what its reader may see. Who is no member any more, and has an empty reader,
// is on the record as the member that was.
func (a *App) Observe(ctx context.Context, actor audit.Actor, id casework.CaseID, reader casework.Reader, event audit.Event) error {
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		record, err := a.stayRecord(ctx, tx, actor, id, reader, event)
		if err != nil {
			return err
		}
		return tx.Record(ctx, record)
	})
	if err != nil {
		return a.fault("record a stay", err)
	}
	return nil
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
	if seen.Role != "" {
		record.Role = seen.Role
	}
	record.Case, record.Organisation, record.Ground = id, seen.Organisation, ground
	record.ObjectKind, record.Object, record.Detail = "case", string(id), viewOf(seen)
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
