package app

import (
	"context"
	"slices"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// ownCase finds a case of the keeper's organisation by its code. One that is nowhere, of
// somebody else, or that the keeper must never come near, is casework.Absent.
func (a *App) ownCase(ctx context.Context, k *keeper, typed string) (casework.CaseID, error) {
	code, ok := casework.ReadCaseCode(typed)
	if !ok {
		return "", casework.Refuse(casework.Invalid, "bad_case_code")
	}
	all, err := k.CasesOf(ctx, k.by.Organisation)
	if err != nil {
		return "", err
	}
	called := slices.DeleteFunc(all, func(id casework.CaseID) bool { return a.CaseCode(id) != code })
	if len(called) != 1 {
		return "", casework.Absent()
	}
	excluded, err := a.Excluded(ctx, k.Tx, called[0], k.by.Login, k.by.ID)
	if err == nil && excluded {
		err = casework.Absent()
	}
	return called[0], err
}

// decideOn finds a case by its code, which nobody else changes until it is decided, and
// how its keeping stands.
func (a *App) decideOn(ctx context.Context, k *keeper, typed string) (one caseKeeping, err error) {
	id, err := a.ownCase(ctx, k, typed)
	if err != nil {
		return one, err
	}
	if err := k.HoldCase(ctx, id); err != nil {
		return one, err
	}
	k.record.Case, k.record.ObjectKind, k.record.Object = id, "case", string(id)
	all, err := a.keepings(ctx, k.Tx, k.by.Organisation, k.by.ID)
	if err != nil {
		return one, err
	}
	if i := slices.IndexFunc(all, func(c caseKeeping) bool { return c.id == id }); i >= 0 {
		return all[i], nil
	}
	return caseKeeping{id: id}, nil // open, and nothing is decided about it
}

// listed refuses a case that is not on the list for decision.
func (k *keeper) listed(one caseKeeping) error {
	switch {
	case one.Closed.IsZero():
		return casework.Refuse(casework.Conflict, "keeping_open")
	case one.Until.After(k.now.AddDate(0, listedBefore, 0)):
		return casework.Refuse(casework.Conflict, "keeping_early")
	}
	return nil
}

// KeepLonger keeps a closed case until and including a day, longer than its period. What
// was asked about erasing it lapses.
func (a *App) KeepLonger(ctx context.Context, session Session, code, last, ground string) error {
	return a.keeps(ctx, session, "keep_longer", audit.Update, func(k *keeper) error {
		one, err := a.decideOn(ctx, k, code)
		if err != nil {
			return err
		}
		if err := k.listed(one); err != nil {
			return err
		}
		if !slices.Contains(KeepGrounds, ground) {
			return casework.Refuse(casework.Invalid, "bad_ground")
		}
		day, err := AfterDay(last, k.now)
		switch {
		case err != nil:
			return err
		case day.IsZero():
			return casework.Refuse(casework.Invalid, "bad_until")
		case !day.After(one.Until):
			return casework.Refuse(casework.Invalid, "keep_shorter")
		}
		if err := k.LapseKeeping(ctx, one.id, store.EraseAct, k.now); err != nil {
			return err
		}
		k.record.Detail = map[string]string{"ground": ground, "until": last}
		return k.Tx.KeepLonger(ctx, store.KeptLonger{ID: casework.NewID[string](a.random), Case: one.id, Until: day, Ground: ground, By: k.by.ID, At: k.now})
	})
}

// AskErasure asks for the yes of a second person to erasing a closed case. Its code is
// typed, so that nobody takes one for another; its chairs are told.
func (a *App) AskErasure(ctx context.Context, session Session, code, typed, ground string) error {
	return a.keeps(ctx, session, "ask_erasing", audit.Create, func(k *keeper) error {
		one, err := a.decideOn(ctx, k, code)
		if err != nil {
			return err
		}
		if err := k.listed(one); err != nil {
			return err
		}
		again, ok := casework.ReadCaseCode(typed)
		switch {
		case one.Hold != nil:
			return casework.Refuse(casework.Conflict, "case_held")
		case !slices.Contains(EraseGrounds, ground):
			return casework.Refuse(casework.Invalid, "bad_ground")
		case !ok || again != one.Code:
			return casework.Refuse(casework.Invalid, "code_differs")
		}
		if one.Erase == nil { // what waits is of before it was opened again
			if err := k.LapseKeeping(ctx, one.id, store.EraseAct, k.now); err != nil {
				return err
			}
		}
		return a.askKeeping(ctx, k, session, one.id, store.EraseAct, ground, store.NoticeErasingAsked)
	})
}

// HoldCase places a legal hold on a case of the organisation, open or closed: nothing of
// it goes until two people lift it. Its chairs are told.
func (a *App) HoldCase(ctx context.Context, session Session, code, ground string) error {
	return a.keeps(ctx, session, "hold_case", audit.Create, func(k *keeper) error {
		one, err := a.decideOn(ctx, k, code)
		if err != nil {
			return err
		}
		if !slices.Contains(HoldGrounds, ground) {
			return casework.Refuse(casework.Invalid, "bad_ground")
		}
		placed, err := k.PlaceHold(ctx, store.LegalHold{ID: casework.NewID[string](a.random), Case: one.id, Ground: ground, By: k.by.ID, At: k.now})
		if err != nil {
			return err
		}
		if !placed {
			return casework.Refuse(casework.Conflict, "held_already")
		}
		k.record.Detail = map[string]string{"ground": ground}
		return a.tellChairs(ctx, k, store.Notice{Case: one.id, Kind: store.NoticeHeld, By: k.by.ID})
	})
}

// AskLift asks for the yes of a second person to lifting a hold.
func (a *App) AskLift(ctx context.Context, session Session, code, ground string) error {
	return a.keeps(ctx, session, "ask_lift", audit.Create, func(k *keeper) error {
		one, err := a.decideOn(ctx, k, code)
		switch {
		case err != nil:
			return err
		case one.Hold == nil:
			return casework.Refuse(casework.Conflict, "not_held")
		case !slices.Contains(LiftGrounds, ground):
			return casework.Refuse(casework.Invalid, "bad_ground")
		}
		return a.askKeeping(ctx, k, session, one.id, store.LiftAct, ground, store.NoticeLiftAsked)
	})
}

// askKeeping keeps a question, and tells who can answer it.
func (a *App) askKeeping(ctx context.Context, k *keeper, session Session, id casework.CaseID, act store.KeepingAct, ground string, tell store.NoticeKind) error {
	if err := a.maySecond(k.by); err != nil {
		return err
	}
	if !a.Proven(session) {
		return ErrNotProven
	}
	q := store.KeepingQuestion{ID: casework.NewID[string](a.random), Case: id, Act: act, Ground: ground, By: k.by.ID, At: k.now}
	if asked, err := k.AskKeeping(ctx, q); err != nil {
		return err
	} else if !asked {
		return casework.Refuse(casework.Conflict, "second_waits")
	}
	k.record.Detail = map[string]string{"ground": ground}
	told := store.Notice{Case: id, Kind: tell, Object: q.ID, By: k.by.ID}
	if err := a.tellChairs(ctx, k, told); err != nil {
		return err
	}
	managers, err := a.managersAt(ctx, k.Tx, k.by.Organisation, casework.ActSecond)
	if err != nil {
		return err
	}
	return a.notify(ctx, k.Tx, told, managers...)
}

// tellChairs tells those who lead the table of a case, or would if it were open.
func (a *App) tellChairs(ctx context.Context, k *keeper, about store.Notice) error {
	teams, err := k.Team(ctx, []casework.CaseID{about.Case})
	if err != nil {
		return err
	}
	access, _ := seatTeam(about.Case, 0, teams[about.Case], k.rules)
	var chairs []casework.UserID
	for _, m := range access.Team {
		if reader, sits := access.Reader(m.User, k.now); sits && leads(reader) {
			chairs = append(chairs, m.User)
		}
	}
	return a.notify(ctx, k.Tx, about, chairs...)
}

// leads tells whether a member leads the table when the case is open.
func leads(reader casework.Reader) bool {
	return reader.Rights.Allow(casework.ActLead, casework.NoCell, casework.Open)
}
