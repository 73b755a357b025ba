package app

import (
	"context"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/practice"
	"github.com/casustafel/casustafel/internal/store"
)

// practiceGround is the ground on which one is a member of a practice case, by
// which its records are told from those of real ones.
const practiceGround = "practice"

// practiceKept is how long the people of an organisation stay with a practice case
// before one of them may begin anew: each new one is a whole case.
const practiceKept = time.Minute

// MayPractise tells whether the discipline has a place at the practice case:
// whoever may not sit at a table, a manager for one, has none there either.
func (a *App) MayPractise(discipline casework.Role) bool {
	return slices.Contains(casework.CaseRoles, discipline) && mayJoin(a.Rules().Rights(discipline, casework.NoGrant))
}

// Practise gives the user a seat, in its own discipline, at the practice case of
// its organisation, which is made when there is none. Over is the practice case
// that the user leaves to begin anew, empty: none; it stays for whoever else is
// in it, and is too young to be left within practiceKept.
func (a *App) Practise(ctx context.Context, session Session, over casework.CaseID) (casework.CaseID, error) {
	actor := a.onPage(ctx, session.Account.ID)
	if !a.MayPractise(session.Account.Discipline) {
		return "", a.refusePractice(ctx, actor, session.Account, casework.Refuse(casework.Denied, "no_practice"))
	}
	var id casework.CaseID
	var young bool
	err := a.store.Transact(ctx, func(tx *store.Tx) (err error) {
		organisation := session.Account.Organisation
		if err = tx.HoldPractice(ctx, organisation); err != nil {
			return err
		}
		var began time.Time
		if id, began, err = tx.PracticeOf(ctx, organisation); err != nil || id != "" && id != over {
			return err
		}
		if young = id != "" && a.moment().Sub(began) < practiceKept; young {
			return nil
		}
		id, err = a.openPractice(ctx, tx, actor, session.Account)
		return err
	})
	if err != nil {
		return "", a.fault("open a practice case", err)
	}
	if young {
		return "", a.refusePractice(ctx, actor, session.Account, casework.Refuse(casework.TooMany, "practice_young"))
	}
	return id, a.seatToPractise(ctx, actor, id, session.Account)
}

func (a *App) refusePractice(ctx context.Context, actor audit.Actor, to identity.Account, refusal *casework.Error) error {
	record := a.newRecord(actor, "open_practice", audit.Create, audit.Refused)
	record.Role, record.Organisation, record.Detail = to.Discipline, to.Organisation, map[string]string{"reason": refusal.Reason}
	if err := a.store.Transact(ctx, func(tx *store.Tx) error { return tx.Record(ctx, record) }); err != nil {
		return a.fault("record a refusal", err)
	}
	return refusal
}

// openPractice makes a practice case with its invented team. No right changes by
// it: nobody could know of any of them.
func (a *App) openPractice(ctx context.Context, tx *store.Tx, actor audit.Actor, by identity.Account) (casework.CaseID, error) {
	epoch, err := tx.HoldAccess(ctx)
	if err != nil {
		return "", err
	}
	rules, err := a.policyAt(ctx, tx, epoch)
	if err != nil {
		return "", err
	}
	colleagues, err := a.inventColleagues(ctx, tx, by)
	if err != nil {
		return "", err
	}
	id, now := casework.NewID[casework.CaseID](a.random), a.moment()
	if err := tx.CreateCase(ctx, id, by.ID, now); err != nil {
		return "", err
	}
	r := newRehearsal(id, inventedTeam(id, epoch, rules, colleagues, now), now, a.random)
	if err := r.play(); err != nil {
		return "", err
	}
	if err := tx.AppendEvents(ctx, []store.Append{{Case: id, Events: r.events}}); err != nil {
		return "", err
	}
	for _, m := range r.access.Team {
		if err := tx.PutMember(ctx, id, store.Membership{Member: m.Member, Ground: practiceGround}); err != nil {
			return "", err
		}
	}
	if err := tx.SetPractice(ctx, by.Organisation, id); err != nil {
		return "", err
	}
	record := a.newRecord(actor, "open_practice", audit.Create, audit.Done)
	record.Role, record.Organisation, record.Ground = by.Discipline, by.Organisation, practiceGround
	record.Case, record.ObjectKind, record.Object = id, "case", string(id)
	return id, tx.Record(ctx, record)
}

func (a *App) inventColleagues(ctx context.Context, tx *store.Tx, by identity.Account) (map[casework.Role]identity.Account, error) {
	colleagues, err := tx.InventedColleagues(ctx, by.Organisation)
	if err != nil {
		return nil, err
	}
	for _, c := range practice.Team {
		if _, there := colleagues[c.Role]; there {
			continue
		}
		invented := identity.Account{ID: casework.NewID[casework.UserID](a.random), Name: c.Name, Discipline: c.Role, Organisation: by.Organisation}
		if err := tx.InventColleague(ctx, invented, a.moment()); err != nil {
			return nil, err
		}
		colleagues[c.Role] = invented
	}
	return colleagues, nil
}

// seatToPractise seats the user unless it sits there already.
func (a *App) seatToPractise(ctx context.Context, actor audit.Actor, id casework.CaseID, user identity.Account) error {
	access, err := a.Access(ctx, id)
	if err != nil {
		return a.fault("look who practises", err)
	}
	now := a.moment()
	if _, sits := access.Reader(user.ID, now); sits {
		return nil
	}
	state, err := a.store.LoadStructure(ctx, a.store.Reader(), id)
	if err != nil {
		return a.fault("read a practice case", err)
	}
	m := store.Membership{Ground: practiceGround, Member: casework.Member{User: user.ID, Role: user.Discipline, From: now}}
	for _, place := range practice.BesideOf(user.Discipline) {
		m.Beside = append(m.Beside, state.Family[place]) // nobody ever leaves the list
	}
	return a.SetMember(ctx, actor, id, m)
}
