package demo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
)

// User is an account of the demo.
type User struct {
	ID   casework.UserID
	Name string
	Role casework.Role
}

// Seed makes the case Zilverlinde and everybody around it, as far as they are
// not there: every step has a command id that stays the same, so a seed that was
// cut off goes on where it was. It must not run where real people work: the
// caller sees to that.
func Seed(ctx context.Context, a *app.App) ([]User, error) {
	s := seeder{ctx: ctx, app: a, users: map[string]casework.UserID{}, persons: map[string]casework.PersonID{}}
	var all []User
	for _, p := range append([]professional{els}, team...) {
		id, err := s.account(p)
		if err != nil {
			return nil, fmt.Errorf("demo account of %s: %w", p.name, err)
		}
		s.users[p.login] = id
		all = append(all, User{id, p.name, p.role})
	}
	state, err := s.openCase()
	if err != nil || complete(state) {
		return all, err
	}
	return all, s.furnish(state.Columns)
}

type seeder struct {
	ctx     context.Context
	app     *app.App
	id      casework.CaseID
	users   map[string]casework.UserID
	persons map[string]casework.PersonID
	steps   int
}

// command gives the next step its id.
func (s *seeder) command() casework.CommandID {
	s.steps++
	sum := sha256.Sum256(fmt.Appendf(nil, "demo step %d", s.steps))
	return casework.NewID[casework.CommandID](bytes.NewReader(sum[:]))
}

func (s *seeder) account(p professional) (casework.UserID, error) {
	login := p.login + "@demo.example"
	id, err := s.app.UserByLogin(s.ctx, login)
	if err == nil || casework.KindOf(err) != casework.NotFound {
		return id, err
	}
	return s.app.AddUser(s.ctx, app.NewUser{Login: login, Name: p.name, Discipline: p.role, Organisation: p.organisation, Demo: true})
}

// openCase opens the case, or finds the one it opened before.
func (s *seeder) openCase() (*casework.State, error) {
	chair := team[0]
	owner := app.Session{Account: identity.Account{ID: s.users[chair.login], Discipline: chair.role, Language: "nl"}}
	id, err := s.app.OpenCase(s.ctx, owner, s.command(), caseName, template)
	if err != nil {
		return nil, fmt.Errorf("open the demo case: %w", err)
	}
	s.id = id
	commit, err := s.app.CatchUp(s.ctx, casework.NewState(id))
	if err != nil {
		return nil, fmt.Errorf("read the demo case: %w", err)
	}
	return commit.State, nil
}

// complete tells whether the last step was taken: a card that lies on the table
// never becomes a draft again, nor does it go.
func complete(state *casework.State) bool {
	tabled := 0
	for _, c := range state.Cards {
		if !c.Draft() {
			tabled++
		}
	}
	return tabled >= len(cards)
}

// furnish takes the steps from an open case to the whole one.
func (s *seeder) furnish(columns []*casework.Column) error {
	chair := team[0]
	now := time.Now()
	for _, p := range family {
		made, err := s.do(chair.login, "add_person", map[string]any{"kind": p.kind, "class": p.class, "name": p.name,
			"born": now.AddDate(-p.age, -3, 0).Format(time.DateOnly)})
		if err != nil {
			return err
		}
		s.persons[p.name] = casework.PersonID(made)
	}
	for _, p := range team {
		if err := s.seat(p, now); err != nil {
			return err
		}
	}
	if err := s.speak(); err != nil {
		return err
	}
	for _, c := range cards {
		made, err := s.do(c.by, "draft_card", map[string]any{"column": columns[c.column].ID, "title": c.title,
			"person": s.persons[c.person], "class": c.class, "kind": c.kind, "domain": c.labels.Domain, "seen": c.labels.Seen})
		if err != nil {
			return err
		}
		if _, err := s.do(c.by, "table_card", map[string]any{"card": made}); err != nil {
			return err
		}
	}
	return nil
}

func (s *seeder) seat(p professional, now time.Time) error {
	m := store.Membership{Ground: "demo", Member: casework.Member{User: s.users[p.login], Role: p.role, Contact: p.contact, From: now}}
	for _, f := range family {
		for _, login := range f.beside {
			if login == p.login {
				m.Beside = append(m.Beside, s.persons[f.name])
			}
		}
	}
	return s.app.SetMember(s.ctx, audit.Actor{User: s.users[team[0].login], Door: "demo"}, s.id, m)
}

func (s *seeder) do(login, name string, with map[string]any) (made string, err error) {
	body, err := json.Marshal(with)
	if err != nil {
		return "", fmt.Errorf("demo command: %w", err)
	}
	actor := audit.Actor{User: s.users[login], Door: "demo"}
	answer := s.app.Do(s.ctx, actor, s.id, s.command(), name, body)
	if answer.Refusal != nil {
		return "", fmt.Errorf("demo: %s by %s: %w", name, login, errors.Join(answer.Refusal, errors.New(answer.Why)))
	}
	return answer.Made, nil
}
