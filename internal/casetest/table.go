// Package casetest lets tests play out a case: it takes a team and a state from
// step to step as the committer does, but without a database, a socket, a clock
// or luck. Only tests import it.
package casetest

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/view"
)

// Step is one thing that happens: a member gives a command, a member asks who
// may read something, or the team changes.
type Step struct {
	ID      casework.CommandID // every id the step makes follows from it
	At      time.Time
	User    casework.UserID  // who acts; empty: the team changes
	Command string           // name in the protocol
	With    json.RawMessage  // its fields
	Who     *board.Who       // or a question
	Member  *casework.Member // or the member as it becomes
	Gift    *Gift            // or what is given to a member
}

// Gift is that something is given to a member, or that it ends.
type Gift struct {
	User  casework.UserID
	Given casework.Given
	Ends  bool
}

// Table is a case and its team at one moment. It is a value: Do gives the next
// one and leaves this one as it was.
type Table struct {
	State  *casework.State
	Access *casework.Access
	At     time.Time
	policy *policy.Policy
}

// Outcome is what a step came to.
type Outcome struct {
	Answer Answer // to the one who acted
	Events []casework.Event
}

// Answer is all that the one who acted hears of it.
type Answer struct {
	ID      casework.CommandID `json:"id"`
	OK      bool               `json:"ok"`
	Made    string             `json:"made,omitempty"`
	Kind    casework.ErrorKind `json:"kind,omitempty"`
	Reason  string             `json:"reason,omitempty"`
	Act     casework.Act       `json:"act,omitempty"`
	Cell    casework.Cell      `json:"cell,omitzero"`
	Current *view.Text         `json:"current,omitempty"`
	Readers *board.Readers     `json:"readers,omitempty"`
}

// Open begins a case with a name; owner is recorded as who opened it.
func Open(p *policy.Policy, id casework.CaseID, name string, owner casework.UserID, at time.Time, team ...casework.Member) Table {
	t := Table{State: casework.NewState(id), Access: &casework.Access{Case: id}, At: at, policy: p}
	for _, m := range team {
		t.Access = t.seat(m)
	}
	first := casework.Event{Seq: 1, Epoch: t.Access.Epoch, Actor: owner, At: at, Command: "OPENOPENOPENOPEN",
		Change: &casework.CaseOpened{Name: casework.Text{ID: casework.NewID[casework.TextID](draws("OPEN")), Body: name}}}
	state, err := t.State.Apply(first)
	if err != nil {
		panic(err) // the first event always fits
	}
	t.State = state
	return t
}

// Moment is the table as the view package takes it.
func (t Table) Moment() view.Moment { return view.Moment{State: t.State, Access: t.Access, At: t.At} }

// Reader finds a member, or a viewer with other eyes, who is at the table now.
func (t Table) Reader(viewer casework.UserID) (casework.Reader, bool) {
	user, eyes := eyesOf(viewer)
	return eyes.Reader(user, t.Moment())
}

// Waits lists the table at each moment up to and with at at which a membership
// begins or ends by itself.
func (t Table) Waits(at time.Time) []Table {
	var waits []Table
	for next := t.Access.NextExpiry(t.At); !next.IsZero() && !next.After(at); next = t.Access.NextExpiry(t.At) {
		t.At = next
		waits = append(waits, t)
	}
	return waits
}

// Do takes the step.
func (t Table) Do(s Step) (Table, Outcome) {
	t.At = s.At
	if s.Member != nil {
		t.Access = t.seat(*s.Member)
		return t, Outcome{}
	}
	if s.Gift != nil {
		t.Access = t.give(*s.Gift)
		return t, Outcome{}
	}
	var out Outcome
	seat, err := t.seatOf(s.User)
	switch {
	case err != nil:
	case s.Who != nil:
		var readers board.Readers
		if readers, err = s.Who.Ask(seat); err == nil {
			out.Answer.Readers = &readers
		}
	default:
		var decision board.Decision
		if decision, err = decide(seat, s); err == nil {
			out.Answer.Made = decision.Made
			t.State, out.Events = t.fold(s, decision)
		}
	}
	out.Answer.refuse(err)
	out.Answer.ID = s.ID
	return t, out
}

func (t Table) seatOf(user casework.UserID) (board.Seat, error) {
	reader, ok := t.Reader(user)
	if !ok {
		return nil, casework.Absent()
	}
	return view.SeatOf(reader, t.Moment()), nil
}

func decide(seat board.Seat, s Step) (board.Decision, error) {
	command, err := board.Decode(s.Command, s.With)
	if err != nil {
		return board.Decision{}, err
	}
	return command.Decide(seat, board.Env{Now: s.At, Random: draws(s.ID)})
}

// fold panics when a decision does not fit the state it was taken from: then no
// history can be trusted.
func (t Table) fold(s Step, d board.Decision) (*casework.State, []casework.Event) {
	events := t.State.Follow(casework.Event{Epoch: t.Access.Epoch, Actor: s.User, At: s.At, Command: s.ID, Undoes: d.Undoes}, d.Changes...)
	if len(events) == 0 {
		return t.State, nil
	}
	state, err := t.State.Apply(events...)
	if err != nil {
		panic(err)
	}
	return state, events
}

// seat puts a member into the team, or replaces the one of the same user.
func (t Table) seat(m casework.Member) *casework.Access {
	next := &casework.Access{Case: t.Access.Case, Epoch: t.Access.Epoch + 1,
		Guest: t.policy.Rights(casework.Guest, casework.GrantItem)}
	seated := casework.Reader{Member: m, Rights: t.policy.Rights(m.Role, casework.NoGrant)}
	for _, r := range t.Access.Team {
		if r.User != m.User {
			next.Team = append(next.Team, r)
			continue
		}
		for _, g := range r.Given {
			g.Rights = t.policy.Rights(m.Role, g.Kind)
			seated.Given = append(seated.Given, g)
		}
	}
	next.Team = append(next.Team, seated)
	slices.SortFunc(next.Team, func(a, b casework.Reader) int {
		return strings.Compare(a.Name+string(a.User), b.Name+string(b.User))
	})
	return next
}

// give gives something to a member, or takes it away.
func (t Table) give(gift Gift) *casework.Access {
	next := *t.Access
	next.Epoch++
	next.Team = slices.Clone(t.Access.Team)
	for i, r := range next.Team {
		if r.User != gift.User {
			continue
		}
		r = r.WithGiven(func(g casework.Given) bool { return g.ID != gift.Given.ID })
		if !gift.Ends {
			gift.Given.Rights = t.policy.Rights(r.Role, gift.Given.Kind)
			r.Given = append(slices.Clip(r.Given), gift.Given)
		}
		next.Team[i] = r
	}
	return &next
}

func (a *Answer) refuse(err error) {
	a.OK = err == nil
	if err == nil {
		return
	}
	a.Kind = casework.KindOf(err)
	var e *casework.Error
	if errors.As(err, &e) {
		a.Reason, a.Act, a.Cell = e.Reason, e.Act, e.Cell
		if e.Current != nil {
			a.Current = &view.Text{Base: e.Current.ID, Body: e.Current.Body, Redacted: e.Current.Redacted}
		}
	}
}

// draws gives the same random bytes for the same command, so that a step that
// others do not see cannot shift the ids of those that they see.
func draws(id casework.CommandID) io.Reader {
	return rand.NewChaCha8(sha256.Sum256([]byte(id)))
}
