package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// CaseListing is a case in somebody's own list, as far as that person sees it.
type CaseListing struct {
	ID       casework.CaseID
	Name     string // empty: it was erased
	Role     casework.Role
	Status   casework.Status
	News     view.News
	Since    time.Time // of the last look, which the news goes by; zero: there was none
	Practice bool      // it is invented, to try things out in
	Unheard  []string  // what the children of News.Unheard are called
	Broken   bool      // it cannot be shown now; of all this only ID, Name and Role are known
}

// MyCases lists the cases that the user may enter now, first those that ask
// something of the user. Nothing of it goes out before the look is on the
// record, and no right changes meanwhile.
func (a *App) MyCases(ctx context.Context, user casework.UserID) ([]CaseListing, error) {
	var list []CaseListing
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		epoch, err := tx.HoldAccess(ctx)
		if err != nil {
			return err
		}
		rules, err := a.policyAt(ctx, tx, epoch)
		if err != nil {
			return err
		}
		if list, err = a.listCases(ctx, tx, user, epoch, rules); err != nil {
			return err
		}
		return tx.Record(ctx, a.newRecord(audit.Actor{User: user, Door: "web", Request: RequestIn(ctx)}, "list_cases", audit.Read, audit.Done))
	})
	if err != nil {
		return nil, a.fault("list cases", err)
	}
	slices.SortFunc(list, byNeed)
	return list, nil
}

// byNeed orders open cases before closed ones, those that wait for the reader
// first, then by what changed last as far as the reader sees.
func byNeed(x, y CaseListing) int {
	rank := func(c CaseListing) int {
		switch {
		case c.Broken:
			return 0
		case c.Status == casework.Closed:
			return 3
		case c.News.Waits():
			return 1
		}
		return 2
	}
	return cmp.Or(cmp.Compare(rank(x), rank(y)), y.News.Last.Compare(x.News.Last), cmp.Compare(x.Name, y.Name), cmp.Compare(x.ID, y.ID))
}

func (a *App) listCases(ctx context.Context, tx *store.Tx, user casework.UserID, epoch int64, rules *policy.Policy) ([]CaseListing, error) {
	own, err := a.store.CasesOf(ctx, user)
	if err != nil {
		return nil, err
	}
	looks, err := a.store.LooksOf(ctx, user)
	if err != nil {
		return nil, err
	}
	var ids []casework.CaseID
	for _, c := range own {
		ids = append(ids, c.ID)
	}
	teams, err := tx.Team(ctx, ids)
	if err != nil {
		return nil, err
	}
	list := []CaseListing{}
	for _, id := range ids {
		access, _ := seatTeam(id, epoch, teams[id], rules)
		reader, ok := access.Reader(user, a.moment())
		if !ok || !mayJoin(reader.Rights) {
			continue
		}
		listing, err := a.listCase(ctx, tx, id, reader, looks[id])
		if unservable(err) {
			a.log.Error("list a case", "err", err) // the others are still there
			listing = CaseListing{ID: id, Role: reader.Role, Broken: true}
			if listing.Name, err = a.store.CaseName(ctx, tx, id); err != nil {
				a.log.Error("open the name of a case", "err", err)
			}
		} else if err != nil {
			return nil, err
		}
		list = append(list, listing)
	}
	return list, nil
}

// listCase reads the structure of a case, and of its texts the few that the list shows.
func (a *App) listCase(ctx context.Context, tx *store.Tx, id casework.CaseID, reader casework.Reader, look store.Look) (CaseListing, error) {
	state, err := a.store.LoadStructure(ctx, tx, id)
	if err != nil {
		return CaseListing{}, err
	}
	seen, err := a.openLook(ctx, tx, id, reader.User, look)
	if err != nil {
		return CaseListing{}, err
	}
	c := CaseListing{ID: id, Role: reader.Role, Status: state.Status, Practice: state.Practice, News: view.NewsSince(seen, state, reader)}
	if seen != nil {
		c.Since = look.At
	}
	name := state.Name
	texts := []*casework.Text{&name}
	children := make([]casework.Person, len(c.News.Unheard))
	for i, child := range c.News.Unheard {
		children[i] = *state.Persons[child]
		texts = append(texts, &children[i].Name, &children[i].Calls)
	}
	if err := a.store.OpenTexts(ctx, tx, id, texts); err != nil {
		return CaseListing{}, err
	}
	c.Name = name.Body
	for _, child := range children {
		c.Unheard = append(c.Unheard, cmp.Or(child.Calls.Body, child.Name.Body))
	}
	return c, nil
}
