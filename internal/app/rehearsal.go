package app

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/practice"
	"github.com/casustafel/casustafel/internal/view"
)

// rehearsal plays the invented case by the rules of the board, as if each of its
// colleagues did what it may, and keeps the events.
type rehearsal struct {
	state   *casework.State
	access  *casework.Access
	users   map[casework.Role]casework.UserID
	persons map[string]casework.PersonID
	now     time.Time
	random  io.Reader
	events  []casework.Event
}

func newRehearsal(id casework.CaseID, access *casework.Access, now time.Time, random io.Reader) *rehearsal {
	r := &rehearsal{state: casework.NewState(id), access: access, users: map[casework.Role]casework.UserID{},
		persons: map[string]casework.PersonID{}, now: now, random: random}
	for _, m := range access.Team {
		r.users[m.Role] = m.User
	}
	return r
}

// inventedTeam is who sits at the table, each beside the persons of its role.
func inventedTeam(id casework.CaseID, epoch int64, rules *policy.Policy, colleagues map[casework.Role]identity.Account, now time.Time) *casework.Access {
	access := &casework.Access{Case: id, Epoch: epoch, Policy: rules.Version()}
	for _, c := range practice.Team {
		account := colleagues[c.Role]
		access.Team = append(access.Team, casework.Reader{Rights: rules.Rights(c.Role, casework.NoGrant), Member: casework.Member{
			User: account.ID, Name: account.Name, Role: c.Role, Organisation: account.Organisation, Contact: c.Contact, From: now, Active: true}})
	}
	return access
}

// play takes every step, from the opening to the last card.
func (r *rehearsal) play() error {
	chair := practice.Team[0].Role
	opened := &casework.CaseOpened{Name: text(practice.CaseName, r.random), Practice: true}
	if err := r.fold(chair, append([]casework.Change{opened}, Templates[0].changes("nl", r.random)...)); err != nil {
		return err
	}
	columns := map[casework.Kind]casework.ColumnID{}
	for _, column := range r.state.Columns {
		columns[column.Kind] = column.ID
	}
	for _, p := range practice.Family {
		made, err := r.do(chair, "add_person", map[string]any{"kind": p.Kind, "class": casework.Shared, "name": p.Name,
			"born": r.now.AddDate(-p.Age, -3, 0).Format(time.DateOnly)})
		if err != nil {
			return err
		}
		r.persons[p.Name] = casework.PersonID(made)
	}
	r.standBeside()
	for _, c := range practice.Cards {
		column, ok := columns[columnOf(c.Kind)]
		if !ok {
			column = r.state.Columns[0].ID
		}
		fields := map[string]any{"column": column, "title": c.Title, "text": c.Text, "person": r.persons[c.Person], "class": c.Class,
			"kind": c.Kind, "domain": c.Labels.Domain, "seen": c.Labels.Seen}
		if c.Class == casework.Named {
			fields["named"] = r.usersOf(c.Named)
		}
		made, err := r.do(c.By, "draft_card", fields)
		if casework.KindOf(err) == casework.Denied {
			continue // by a policy that differs from the one of the house the case has one card less
		}
		if err != nil {
			return err
		}
		if _, err := r.do(c.By, "table_card", map[string]any{"card": made}); err != nil {
			return err
		}
	}
	return nil
}

// columnOf is the kind of the column in which a card of a kind stands.
func columnOf(kind casework.Kind) casework.Kind {
	if kind == casework.Interpretation {
		return casework.Concern
	}
	return kind
}

func (r *rehearsal) standBeside() {
	for i, m := range r.access.Team {
		for _, place := range practice.BesideOf(m.Role) {
			r.access.Team[i].Beside = append(r.access.Team[i].Beside, r.state.Family[place])
		}
	}
}

func (r *rehearsal) usersOf(roles []casework.Role) (users []casework.UserID) {
	for _, role := range roles {
		users = append(users, r.users[role])
	}
	return users
}

// do lets the colleague of a role give a command.
func (r *rehearsal) do(role casework.Role, name string, with map[string]any) (made string, err error) {
	body, err := json.Marshal(with)
	if err != nil {
		return "", fmt.Errorf("practice: %w", err)
	}
	command, err := board.Decode(name, body)
	if err != nil {
		return "", err
	}
	reader, _ := r.access.Reader(r.users[role], r.now)
	decision, err := command.Decide(view.SeatOf(reader, view.Moment{State: r.state, Access: r.access, At: r.now}), board.Env{Now: r.now, Random: r.random})
	if err != nil {
		return "", err
	}
	return decision.Made, r.fold(role, decision.Changes)
}

func (r *rehearsal) fold(role casework.Role, changes []casework.Change) error {
	command := casework.NewID[casework.CommandID](r.random)
	events := r.state.Follow(casework.Event{Epoch: r.access.Epoch, Actor: r.users[role], At: r.now, Command: command}, changes...)
	next, err := r.state.Apply(events...)
	if err != nil {
		return fmt.Errorf("practice: %w", err)
	}
	r.state, r.events = next, append(r.events, events...)
	return nil
}
