package app

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
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
	Ends     time.Time // of the reader's own place, when that is within two weeks
	Ending   int       // other places at this table that end within two weeks, for who may renew them
}

// MyCases lists the cases that the user may enter now, first those that ask
// something of the user. Nothing of it goes out before the look is on the
// record, and each case in it was read under the rights that hold then. What
// takes long, reading the cases, keeps nobody's rights from changing.
func (a *App) MyCases(ctx context.Context, user casework.UserID) ([]CaseListing, error) {
	made := listings{}
	for try := 1; ; try++ {
		list, missing, err := a.settleList(ctx, user, made, try == listTries)
		if err == nil && len(missing) > 0 {
			err = a.listCases(ctx, a.store.Reader(), user, missing, made)
		}
		switch {
		case err != nil:
			return nil, a.fault("list cases", err)
		case len(missing) == 0:
			slices.SortFunc(list, byNeed)
			return list, nil
		}
	}
}

// settleList puts the list on the record when all of it was read under the rights
// of now, or else tells what is missing; the last time it reads that itself.
func (a *App) settleList(ctx context.Context, user casework.UserID, made listings, last bool) (list []CaseListing, missing []entrance, err error) {
	err = a.store.Transact(ctx, func(tx *store.Tx) error {
		entrances, err := a.entrancesOf(ctx, tx, user)
		if err != nil {
			return err
		}
		if missing = made.missing(entrances); len(missing) > 0 {
			if !last {
				return nil
			}
			if err := a.listCases(ctx, tx, user, missing, made); err != nil {
				return err
			}
			missing = nil
		}
		list = made.of(entrances)
		return tx.Record(ctx, a.newRecord(a.onPage(ctx, user), "list_cases", audit.Read, audit.Done))
	})
	return list, missing, err
}

// listTries is how often the user's rights are looked at for one list. At the last
// look they are held until everything is read, so that a list comes to an end
// while rights go on changing.
const listTries = 3

// entrance is a case that a user may enter, as the reader that the user is there.
type entrance struct {
	id     casework.CaseID
	reader casework.Reader
	ending int
}

// listings are the cases of a list that were read, and for whom.
type listings map[casework.CaseID]listingFor

type listingFor struct {
	CaseListing
	reader casework.Reader
}

// missing are the entrances of which there is no listing, or only one that was made
// under other rights.
func (made listings) missing(entrances []entrance) (missing []entrance) {
	for _, p := range entrances {
		if known, ok := made[p.id]; !ok || !reflect.DeepEqual(known.reader, p.reader) {
			missing = append(missing, p)
		}
	}
	return missing
}

func (made listings) of(entrances []entrance) []CaseListing {
	list := make([]CaseListing, len(entrances))
	for i, p := range entrances {
		list[i] = made[p.id].CaseListing
		if list[i].Status == casework.Open {
			list[i].Ending = p.ending
		}
	}
	return list
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

// entrancesOf finds where the user may enter, under rights that are held from then on.
func (a *App) entrancesOf(ctx context.Context, tx *store.Tx, user casework.UserID) ([]entrance, error) {
	epoch, err := tx.HoldAccess(ctx)
	if err != nil {
		return nil, err
	}
	rules, err := a.policyAt(ctx, tx, epoch)
	if err != nil {
		return nil, err
	}
	own, err := a.store.CasesOf(ctx, user)
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
	var entrances []entrance
	for _, id := range ids {
		access, _ := seatTeam(id, epoch, teams[id], rules)
		if reader, ok := access.Reader(user, a.moment()); ok && mayJoin(reader.Rights) {
			entrances = append(entrances, entrance{id, reader, ending(access, reader, a.moment())})
		}
	}
	return entrances, nil
}

// ending counts the places of others at a table that end soon, for who may renew
// them.
func ending(access *casework.Access, reader casework.Reader, now time.Time) (n int) {
	if !reader.Rights.Allow(casework.ActInvite, casework.NoCell, casework.Open) {
		return 0
	}
	for _, m := range access.Team {
		if m.User != reader.User && m.Current(now) && soon(m.Member, now) {
			n++
		}
	}
	return n
}

// soon tells whether a place ends within two weeks.
func soon(m casework.Member, now time.Time) bool {
	return !m.Until.IsZero() && m.Until.Sub(now) <= endsSoon
}

// listCases reads the cases of a list. One that cannot be served hides no other.
func (a *App) listCases(ctx context.Context, q store.Queryer, user casework.UserID, entrances []entrance, made listings) error {
	looks, err := a.store.LooksOf(ctx, user)
	if err != nil {
		return err
	}
	for _, p := range entrances {
		listing, err := a.listCase(ctx, q, p.id, p.reader, looks[p.id])
		if unservable(err) {
			a.log.Error("list a case", "err", err)
			listing = CaseListing{ID: p.id, Role: p.reader.Role, Broken: true}
			if listing.Name, err = a.store.CaseName(ctx, q, p.id); err != nil {
				a.log.Error("open the name of a case", "err", err)
			}
		} else if err != nil {
			return err
		}
		made[p.id] = listingFor{listing, p.reader}
	}
	return nil
}

// listCase reads the structure of a case, and of its texts the few that the list shows.
func (a *App) listCase(ctx context.Context, q store.Queryer, id casework.CaseID, reader casework.Reader, look store.Look) (CaseListing, error) {
	state, err := a.store.LoadStructure(ctx, q, id)
	if err != nil {
		return CaseListing{}, err
	}
	seen, err := a.openLook(ctx, q, id, reader.User, look)
	if err != nil {
		return CaseListing{}, err
	}
	c := CaseListing{ID: id, Role: reader.Role, Status: state.Status, Practice: state.Practice, News: view.NewsSince(seen, state, reader)}
	if seen != nil {
		c.Since = look.At
	}
	if soon(reader.Member, a.moment()) {
		c.Ends = reader.Until
	}
	name := state.Name
	texts := []*casework.Text{&name}
	children := make([]casework.Person, len(c.News.Unheard))
	for i, child := range c.News.Unheard {
		children[i] = *state.Persons[child]
		texts = append(texts, &children[i].Name, &children[i].Calls)
	}
	if err := a.store.OpenTexts(ctx, q, id, texts); err != nil {
		return CaseListing{}, err
	}
	c.Name = name.Body
	for _, child := range children {
		c.Unheard = append(c.Unheard, cmp.Or(child.Calls.Body, child.Name.Body))
	}
	return c, nil
}
