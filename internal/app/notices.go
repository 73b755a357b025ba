package app

import (
	"context"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
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

// AboutSecond tells whether it is about the yes of a second person.
func (n Notice) AboutSecond() bool {
	return n.Kind == store.NoticeSecondAsked || n.Kind == store.NoticeSecondAnswered
}

// AboutGlass tells whether it is about a glass that was broken.
func (n Notice) AboutGlass() bool {
	return n.Kind == store.NoticeGlass || n.Kind == store.NoticeGlassAnswered
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
	kept, err := a.store.UnreadNotices(ctx, user.ID, maxNotices)
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
		places, err := a.placesOf(ctx, tx, user.ID)
		if err != nil {
			return err
		}
		outside := a.ofOrganisation(user.Discipline, casework.ActAudit) // hears of who accessed what
		for _, n := range kept {
			told, err := a.told(ctx, tx, n, session, places, states[n.Case], outside)
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

// toldOutside tells whether a notice of that kind is for whoever looks after accesses
// from outside every case: any other was told to a member, as what concerns that place.
func toldOutside(kind store.NoticeKind) bool {
	return kind == store.NoticeGlass || kind == store.NoticeSecondAsked
}

// told is a notice as its reader may know it now; casework.Absent when that is not
// at all.
func (a *App) told(ctx context.Context, tx *store.Tx, n store.Notice, session Session, places []place, state *casework.State, outside bool) (Notice, error) {
	t := Notice{ID: n.ID, Kind: n.Kind, At: n.At.UTC()}
	i := slices.IndexFunc(places, func(p place) bool { return p.id == n.Case })
	if i < 0 && (!outside || !toldOutside(n.Kind)) {
		return Notice{}, casework.Absent()
	}
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
	if i < 0 {
		organisation, err := tx.CaseOrganisation(ctx, n.Case)
		if err != nil {
			return Notice{}, err
		}
		if own := session.Account.Organisation; organisation != own && by.Organisation != own {
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
		seat := view.SeatOf(places[i].reader, view.Moment{State: state, Access: &casework.Access{}, At: a.moment()})
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
