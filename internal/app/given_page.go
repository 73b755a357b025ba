package app

import (
	"context"
	"slices"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// Subject is a card or a person of a case; the zero value is none.
type Subject struct {
	Card   casework.CardID
	Person casework.PersonID
}

// Sight is who at a table can see what, as one member is told of it.
type Sight struct {
	Team
	Cards    []SightCard // on the table, that this member sees
	Asked    Subject     // about what; zero: nothing
	Readings []SightReading
	Standing []SightGift // in force now
	Past     []SightGift // over, latest first
	Changes  []view.Line // of who may read the card that was asked about
	Leads    bool
	MayLend  bool // of what was asked about
	MayBar   bool
}

// SightCard is a card to choose.
type SightCard struct {
	ID       casework.CardID
	Title    string
	Redacted bool
	Person   casework.PersonID
	Class    casework.Class
}

// SightReading is whether a member of the team can read what was asked about, and by
// which line of the policy.
type SightReading struct {
	view.Reading
	policy.Decision
}

// SightGift is something that is or was given.
type SightGift struct {
	store.Gift
	Ends bool // this member may end it
}

// SightOf shows a member who can see a card or a person that this member sees, and
// what was given to whom as far as this member is told, with the look on the record.
// What is not seen is casework.Absent, as is a case that is not there.
func (a *App) SightOf(ctx context.Context, session Session, id casework.CaseID, about Subject) (sight Sight, err error) {
	d := deed{"view_sight", audit.Read, "case", func(view.Seat) bool { return true }}
	err = a.doAtTable(ctx, session, id, d, func(t *teamAt) (looked done, err error) {
		if sight.Team, err = a.teamFor(ctx, t.Tx, t.seat, t.reader, t.moment.State); err != nil {
			return looked, err
		}
		sight.Asked, sight.Leads = about, t.seat.Leads()
		if sight.Cards, err = a.sightCards(ctx, t); err != nil {
			return looked, err
		}
		if looked, err = a.sightReadings(t, &sight); err != nil {
			return looked, err
		}
		looked.detail = viewOf(t.reader)
		looked.detail["persons"] = audit.Spaced(view.Persons(t.moment.State, t.reader))
		return looked, a.sightGifts(ctx, t, &sight)
	})
	if err == nil && about.Card != "" {
		err = a.sightChanges(ctx, session, &sight)
	}
	return sight, err
}

// sightCards opens the titles of the cards to choose from.
func (a *App) sightCards(ctx context.Context, t *teamAt) ([]SightCard, error) {
	cards := t.seat.Tabled()
	titles := make([]casework.Text, len(cards))
	texts := make([]*casework.Text, len(cards))
	for i, c := range cards {
		titles[i] = c.Title
		texts[i] = &titles[i]
	}
	if err := a.store.OpenTexts(ctx, t.Tx, t.id, texts); err != nil {
		return nil, err
	}
	list := make([]SightCard, len(cards))
	for i, c := range cards {
		list[i] = SightCard{c.ID, titles[i].Body, titles[i].Redacted, c.Perspective, c.Class}
	}
	return list, nil
}

// sightReadings asks of everybody at the table, and what may be done about it; it
// gives what the look was at.
func (a *App) sightReadings(t *teamAt, sight *Sight) (looked done, err error) {
	var readings []view.Reading
	var cell casework.Cell
	switch about := sight.Asked; {
	case about.Card != "":
		card, sees := t.seat.Card(about.Card)
		if !sees || card.Draft() {
			return looked, casework.Absent()
		}
		looked = done{kind: "card", object: string(card.ID)}
		readings = t.seat.CardReadings(about.Card)
		cell = t.seat.Cell(card.Perspective, card.Class, card.Author, card.Named)
	case about.Person != "":
		person, sees := t.seat.Person(about.Person)
		if !sees {
			return looked, casework.Absent()
		}
		looked = done{kind: "person", object: string(person.ID)}
		readings = t.seat.PersonReadings(about.Person)
		cell = t.seat.Cell(person.ID, person.Class, person.Added, nil)
	default:
		return done{object: string(t.id)}, nil
	}
	sight.MayLend = t.seat.MayCell(casework.ActLend, cell) && !t.seat.Practice()
	sight.MayBar = t.seat.MayCell(casework.ActBar, cell) && !t.seat.Practice()
	for _, r := range readings {
		member, _ := t.member(r.User)
		decision := t.rules.Decide(policy.Request{Role: member.Role, Act: casework.ActRead, Cell: r.Cell, Grant: r.Grant, Status: t.seat.Status()})
		sight.Readings = append(sight.Readings, SightReading{r, decision})
	}
	return looked, nil
}

// sightGifts lists what is and was given, as far as the member is told of it. Why, is
// for who leads the case and for whom it was given to.
func (a *App) sightGifts(ctx context.Context, t *teamAt, sight *Sight) error {
	gifts, err := t.Gifts(ctx, t.id)
	if err != nil {
		return err
	}
	for _, g := range gifts {
		if !t.seat.TellsOf(g.To, g.Given) {
			continue
		}
		if !sight.Leads && g.To != sight.Me {
			g.Reason = ""
		}
		if g.Over(t.now) {
			sight.Past = append(sight.Past, SightGift{Gift: g})
			continue
		}
		sight.Standing = append(sight.Standing, SightGift{g, sight.MayEnd && g.Kind != casework.GrantGlass})
	}
	return nil
}

// sightChanges lists when it changed who may read the card, as its history tells.
func (a *App) sightChanges(ctx context.Context, session Session, sight *Sight) error {
	access, err := a.Access(ctx, sight.Case)
	if err != nil {
		return err
	}
	state, err := a.store.LoadStructure(ctx, a.store.Reader(), sight.Case)
	if err != nil {
		return a.fault("tell who may read a card", err)
	}
	now := view.Moment{State: state, Access: access, At: a.moment()}
	reader, ok := access.Reader(session.Account.ID, now.At)
	if !ok || !mayJoin(reader.Rights) {
		return casework.Absent()
	}
	events, err := a.store.EventsUntil(ctx, a.store.Reader(), sight.Case, state.Seq)
	if err != nil {
		return a.fault("tell who may read a card", err)
	}
	lines, err := view.History(events, sight.Asked.Card, now, reader)
	if err != nil {
		return a.fault("tell who may read a card", err)
	}
	sight.Changes = slices.DeleteFunc(lines, func(l view.Line) bool {
		return !slices.Contains([]string{"tabled", "reclassed", "reperspectived", "person_reclassed"}, l.What)
	})
	return nil
}
