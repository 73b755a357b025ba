package app

import (
	"context"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// maxNotices is how many notices are shown at a time; putting some away shows more.
const maxNotices = 50

// Notice is what somebody is told outside the board, in as far as that person may
// know it now.
type Notice struct {
	ID             string
	Kind           store.NoticeKind
	At             time.Time
	By             string // name of who did what it tells
	ByOrganisation string
	Case           casework.CaseID   // that the reader may enter; else empty
	Name           string            // of the case; empty: it was erased, or the reader may not enter
	Code           casework.CaseCode // of the case, for who may not enter it but hears of it
	Card           casework.CardID   // that it is about and that the reader sees; else empty
}

// outsideKinds are told to who has no place in a case as well.
var outsideKinds = []store.NoticeKind{store.NoticeGlass, store.NoticeSecondAsked, store.NoticeErasingAsked, store.NoticeLiftAsked, store.NoticeKeepingAnswered}

// AboutSecond tells whether it is about the yes of a second person.
func (n Notice) AboutSecond() bool {
	return n.Kind == store.NoticeSecondAsked || n.Kind == store.NoticeSecondAnswered
}

// AboutGlass tells whether it is about a glass that was broken.
func (n Notice) AboutGlass() bool {
	return n.Kind == store.NoticeGlass || n.Kind == store.NoticeGlassAnswered
}

// AboutKeeping tells whether it is about how long the case is kept.
func (n Notice) AboutKeeping() bool {
	return slices.Contains([]store.NoticeKind{store.NoticeHeld, store.NoticeErasingAsked, store.NoticeLiftAsked, store.NoticeKeepingAnswered}, n.Kind)
}

// notify tells people something about a case, in the transaction of what it tells.
// Nobody hears of what they did themselves, nor does who must never come near the
// case hear anything of it.
func (a *App) notify(ctx context.Context, tx *store.Tx, about store.Notice, to ...casework.UserID) error {
	about.At = a.moment()
	told := map[casework.UserID]bool{about.By: true}
	for _, user := range to {
		if told[user] {
			continue
		}
		told[user] = true
		account, err := tx.Account(ctx, user)
		if err != nil && casework.KindOf(err) == casework.NotFound {
			continue // an invented colleague
		}
		if err != nil {
			return err
		}
		if excluded, err := a.Excluded(ctx, tx, about.Case, account.Login, user); err != nil {
			return err
		} else if excluded || !account.Active {
			continue
		}
		about.ID, about.To = casework.NewID[string](a.random), user
		if err := tx.AddNotices(ctx, about); err != nil {
			return err
		}
	}
	return nil
}

// Notices lists what the user was told and did not put away, newest first, with
// the look on the record. Of a case that the user may not enter now there is
// nothing, but for who hears of cases from outside; of one that the user must
// never come near there is never anything.
func (a *App) Notices(ctx context.Context, session Session) (list []Notice, err error) {
	user := session.Account
	outside, err := a.outsideOf(ctx, user)
	if err != nil {
		return nil, a.fault("list notices", err)
	}
	kept, err := a.store.UnreadNotices(ctx, user.ID, outside, maxNotices)
	if err != nil {
		return nil, a.fault("list notices", err)
	}
	if len(kept) == 0 {
		return nil, nil
	}
	states, err := a.casesWithCards(ctx, kept) // takes long: before anybody's rights are held
	if err != nil {
		return nil, a.fault("list notices", err)
	}
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		entrances, err := a.entrancesOf(ctx, tx, user.ID)
		if err != nil {
			return err
		}
		for _, n := range kept {
			told, err := a.told(ctx, tx, n, session, entrances, states[n.Case])
			if err != nil && casework.KindOf(err) == casework.NotFound {
				continue
			}
			if err != nil {
				return err
			}
			list = append(list, told)
		}
		return tx.Record(ctx, a.outsideRecord(ctx, user, "list_notices", audit.Read))
	})
	if err != nil {
		return nil, a.fault("list notices", err)
	}
	return list, nil
}

// outsideOf is what somebody may be told of cases without a place there.
func (a *App) outsideOf(ctx context.Context, user identity.Account) (outside store.Outside, err error) {
	if !mayOutside(a.Rules(), user.Discipline, casework.ActAudit) {
		return outside, nil
	}
	outside.Kinds = outsideKinds
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		outside.Never, err = a.ExcludedFrom(ctx, tx, user)
		return err
	})
	return outside, err
}

// hearsOutside tells whether a notice is for somebody without a place in its case:
// who hears of who accessed what, in a case of the own organisation, or under a glass
// that somebody of it broke. Who once sat there hears nothing more by that.
func (a *App) hearsOutside(ctx context.Context, tx *store.Tx, n store.Notice, by, user identity.Account) (bool, error) {
	if !slices.Contains(outsideKinds, n.Kind) || !mayOutside(a.Rules(), user.Discipline, casework.ActAudit) {
		return false, nil
	}
	if n.Kind == store.NoticeGlass && by.Organisation == user.Organisation {
		return true, nil
	}
	organisation, err := tx.CaseOrganisation(ctx, n.Case)
	return organisation == user.Organisation, err
}

// casesWithCards reads the cases of the notices that are about a card. One that
// cannot be served is left out.
func (a *App) casesWithCards(ctx context.Context, kept []store.Notice) (map[casework.CaseID]*casework.State, error) {
	states := map[casework.CaseID]*casework.State{}
	for _, n := range kept {
		if states[n.Case] != nil || n.Kind != store.NoticeLent && n.Kind != store.NoticeShared {
			continue
		}
		state, err := a.store.LoadStructure(ctx, a.store.Reader(), n.Case)
		if unservable(err) {
			a.log.Error("list a notice", "err", err)
			continue
		}
		if err != nil {
			return nil, err
		}
		states[n.Case] = state
	}
	return states, nil
}

// told is a notice as its reader may know it now; casework.Absent when that is not
// at all.
func (a *App) told(ctx context.Context, tx *store.Tx, n store.Notice, session Session, entrances []entrance, state *casework.State) (Notice, error) {
	t := Notice{ID: n.ID, Kind: n.Kind, At: n.At.UTC()}
	if excluded, err := a.Excluded(ctx, tx, n.Case, session.Account.Login, session.Account.ID); err != nil {
		return Notice{}, err
	} else if excluded {
		return Notice{}, casework.Absent()
	}
	by, err := tx.Account(ctx, n.By)
	if err != nil && casework.KindOf(err) != casework.NotFound {
		return Notice{}, err
	}
	t.By, t.ByOrganisation = by.Name, by.OrganisationName
	i := slices.IndexFunc(entrances, func(e entrance) bool { return e.id == n.Case })
	if i < 0 {
		if hears, err := a.hearsOutside(ctx, tx, n, by, session.Account); err != nil {
			return Notice{}, err
		} else if !hears {
			return Notice{}, casework.Absent()
		}
		t.Code = a.store.CaseCode(n.Case)
		return t, nil
	}
	t.Case = n.Case
	if t.Name, err = a.store.CaseName(ctx, tx, n.Case); err != nil {
		return Notice{}, err
	}
	if state != nil {
		seat := view.SeatOf(entrances[i].reader, view.Moment{State: state, Access: &casework.Access{}, At: a.moment()})
		if card, sees := seat.Card(casework.CardID(n.Object)); sees {
			t.Card = card.ID
		}
	}
	return t, nil
}

// PutNoticesAway takes notices off the user's list. Whatever is not on it makes no
// difference to the answer.
func (a *App) PutNoticesAway(ctx context.Context, session Session, ids []string) error {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !casework.ValidID(id) })
	if len(ids) > maxNotices {
		return casework.Refuse(casework.Invalid, "bad_id")
	}
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		if err := tx.PutNoticesAway(ctx, session.Account.ID, ids, a.moment()); err != nil {
			return err
		}
		return tx.Record(ctx, a.outsideRecord(ctx, session.Account, "put_notices_away", audit.Update))
	})
	if err != nil {
		return a.fault("put notices away", err)
	}
	return nil
}
