package app

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// endsSoon is how long beforehand it is told that a place at the table ends.
const endsSoon = 14 * 24 * time.Hour

// Team is the team of a case as one member is told of it.
type Team struct {
	Case         casework.CaseID
	Name         string // empty: it was erased
	Practice     bool
	Status       casework.Status
	Me           casework.UserID
	Members      []TeamMember // at the table now or later, ordered by name
	Former       []TeamMember // who was, for who may ask them back
	Family       []TeamPerson // that this member may know of
	Interpreters []store.Interpreter
	Waiting      []store.Proposal // for who may invite; of a member by name, of anybody else by address
	Rules        store.TeamRules  // of this member's organisation
	Today        string           // 2006-01-02
	Given        []view.Given     // in force now, that this member knows of

	Chairless bool // nobody leads the table now

	MayInvite, MayEnd, KeepsExclusions bool
	MayAskSecond                       bool         // to open the case again, or to export it
	LeadsWhenOpen                      bool         // so that how long the case is kept is told
	Glass                              bool         // may break the glass, or looks back at who did
	LooksBack                          bool         // at who did what at the table
	Reports                            []TeamPerson // of whom this member may make the report of who looked
}

// TeamMember is a member of a team, as far as the reader may know.
type TeamMember struct {
	view.Member
	Ground     string
	Discipline casework.Role
	From       time.Time
	Until      time.Time // zero: open-ended
	Later      bool      // it has not begun
	Soon       bool      // it ends within two weeks
	InvitedBy  string    // a name; empty: the operator, or who opened the case
	Duty       store.Duty
	Reach      string // how to reach this colleague, if that was said
}

// TeamPerson is a person of the family to stand beside.
type TeamPerson struct {
	ID       casework.PersonID
	Kind     casework.View
	Name     string
	Redacted bool
}

// Professionals counts the professionals at the table, now or later.
func (t Team) Professionals() int {
	n := 0
	for _, m := range t.Members {
		if m.Role.Professional() {
			n++
		}
	}
	return n
}

// Member finds somebody who is or was at the table.
func (t Team) Member(user casework.UserID) (TeamMember, bool) {
	for _, m := range slices.Concat(t.Members, t.Former) {
		if m.User == user {
			return m, true
		}
	}
	return TeamMember{}, false
}

// TeamOf shows a member the team of a case, and puts the look on the record. A case
// that is absent or hidden from the user gives the same refusal.
func (a *App) TeamOf(ctx context.Context, session Session, id casework.CaseID) (Team, error) {
	var team Team
	var refusal error
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		record := a.newRecord(a.onPage(ctx, session.Account.ID), "view_team", audit.Read, audit.Done)
		record.Case = id
		access, grounds, err := a.accessIn(ctx, tx, id)
		if err != nil {
			return err
		}
		reader, ok := access.Reader(session.Account.ID, a.moment())
		if !ok || !mayJoin(reader.Rights) {
			refusal = casework.Absent()
			record.Outcome, record.Detail = audit.Refused, map[string]string{"reason": "not_found"}
			return tx.Record(ctx, record)
		}
		state, err := a.store.LoadStructure(ctx, tx, id)
		if err != nil {
			return err
		}
		seat := view.SeatOf(reader, view.Moment{State: state, Access: access, At: a.moment()})
		if team, err = a.teamFor(ctx, tx, seat, reader, state); err != nil {
			return err
		}
		record.Seat(reader, grounds[reader.User])
		lookedAt(&record, state, reader, view.Persons(state, reader))
		return tx.Record(ctx, record)
	})
	if err != nil {
		return Team{}, a.fault("show a team", err)
	}
	return team, refusal
}

func (a *App) teamFor(ctx context.Context, tx *store.Tx, seat view.Seat, reader casework.Reader, state *casework.State) (Team, error) {
	now := a.moment()
	t := Team{Case: state.ID, Given: seat.Given(), Practice: seat.Practice(), Status: state.Status, Me: reader.User, Today: now.In(Here).Format(time.DateOnly),
		MayInvite: mayInvite(seat), MayEnd: mayEnd(seat), KeepsExclusions: keepsExclusions(seat),
		LeadsWhenOpen: leadsWhenOpen(seat),
		MayAskSecond:  mayAsk(seat, casework.ActReopen) || mayAsk(seat, casework.ActExport),
		Glass:         mayBreak(seat) || looksBack(seat) && !seat.Practice(), LooksBack: looksBack(seat)}
	name := seat.CaseName()
	if err := a.store.OpenTexts(ctx, tx, t.Case, []*casework.Text{&name}); err != nil {
		return Team{}, err
	}
	t.Name = name.Body
	var err error
	if t.Family, err = a.familyFor(ctx, tx, seat, t.Case); err != nil {
		return Team{}, err
	}
	for _, p := range t.Family {
		if person, sees := seat.Person(p.ID); sees && mayReport(seat, reader, person) {
			t.Reports = append(t.Reports, p)
		}
	}
	if err := a.tellMembers(ctx, tx, seat, &t, now); err != nil {
		return Team{}, err
	}
	t.Chairless = t.Status == casework.Open && !t.Practice && !slices.ContainsFunc(t.Members, func(m TeamMember) bool {
		return m.Role == casework.Chair && !m.Later
	})
	if t.Interpreters, err = tx.Interpreters(ctx, t.Case); err != nil {
		return Team{}, err
	}
	if t.MayEnd {
		if t.Waiting, err = tx.ProposalsIn(ctx, t.Case, now.Add(-proposalKept)); err != nil {
			return Team{}, err
		}
		for i, p := range t.Waiting {
			if m, found := t.Member(p.User); found { // who asks may never have known the address
				t.Waiting[i].Address, t.Waiting[i].Name = "", m.Name
			} else if err := a.tellVouched(ctx, tx, &t.Waiting[i]); err != nil {
				return Team{}, err
			}
		}
	}
	t.Rules, err = tx.TeamRules(ctx, reader.Organisation)
	return t, err
}

// familyFor names the persons of the family that a member sees and that are at the
// table still.
func (a *App) familyFor(ctx context.Context, tx *store.Tx, seat view.Seat, id casework.CaseID) ([]TeamPerson, error) {
	persons := slices.DeleteFunc(seat.Family(), func(p *casework.Person) bool { return p.Removed })
	names := make([]casework.Text, 2*len(persons))
	texts := make([]*casework.Text, len(names))
	for i, p := range persons {
		names[2*i], names[2*i+1] = p.Name, p.Calls
	}
	for i := range names {
		texts[i] = &names[i]
	}
	if err := a.store.OpenTexts(ctx, tx, id, texts); err != nil {
		return nil, err
	}
	family := make([]TeamPerson, len(persons))
	for i, p := range persons {
		family[i] = TeamPerson{ID: p.ID, Kind: p.Kind, Name: names[2*i].Body, Redacted: names[2*i].Redacted}
		if calls := names[2*i+1].Body; calls != "" && !family[i].Redacted {
			family[i].Name = calls
		}
	}
	return family, nil
}

// tellMembers adds to what the seat tells of each colleague what stands beside it.
func (a *App) tellMembers(ctx context.Context, tx *store.Tx, seat view.Seat, t *Team, now time.Time) error {
	teams, err := tx.Team(ctx, []casework.CaseID{t.Case})
	if err != nil {
		return err
	}
	kept := map[casework.UserID]store.Membership{}
	for _, m := range teams[t.Case] {
		kept[m.User] = m
	}
	reach, err := tx.Reach(ctx, slices.Collect(maps.Keys(kept)))
	if err != nil {
		return err
	}
	for _, told := range seat.Team() {
		m := kept[told.User]
		member := TeamMember{Member: told, Ground: m.Ground, Discipline: m.Discipline, From: m.From, Until: m.Until,
			Later: m.From.After(now), Soon: soon(m.Member, now), InvitedBy: kept[m.InvitedBy].Name}
		if member.Duty, err = a.store.OpenDuty(ctx, tx, t.Case, told.User, m.Duty); err != nil {
			return err
		}
		switch {
		case m.Active && (m.Until.IsZero() || m.Until.After(now) && m.Until.After(m.From)):
			member.Reach = reach[told.User]
			t.Members = append(t.Members, member)
		case t.MayInvite:
			t.Former = append(t.Former, member)
		}
	}
	return nil
}
