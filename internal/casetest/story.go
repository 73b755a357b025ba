package casetest

import (
	"fmt"
	"time"

	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
)

// Story is a case that a test tells step by step; a minute passes between two.
type Story struct {
	Table
	Log   []casework.Event // all events since the story began
	steps int
}

// Fields are the fields of a command by their names in the protocol.
type Fields map[string]any

// Do lets the user give the command.
func (s *Story) Do(user casework.UserID, command string, fields Fields) Answer {
	return s.take(Step{User: user, Command: command, With: encode(fields)})
}

// Send lets the user give the command with fields exactly as they are written.
func (s *Story) Send(user casework.UserID, command, with string) Answer {
	return s.take(Step{User: user, Command: command, With: []byte(with)})
}

// Ask lets the user ask who may read something.
func (s *Story) Ask(user casework.UserID, who board.Who) Answer {
	return s.take(Step{User: user, Who: &who})
}

// Seat puts a member into the team, or changes the one that is there.
func (s *Story) Seat(m casework.Member) { s.take(Step{Member: &m}) }

// Member finds a member of the team, now at the table or not.
func (s *Story) Member(user casework.UserID) casework.Member {
	for _, r := range s.Access.Team {
		if r.User == user {
			return r.Member
		}
	}
	panic("casetest: no member " + string(user))
}

// Reads tells whether the card is in what the user sees.
func (s *Story) Reads(user casework.UserID, card casework.CardID) bool {
	reader, ok := s.Reader(user)
	return ok && s.ReadsCard(reader, s.State.Cards[card])
}

func (s *Story) take(step Step) Answer {
	s.steps++
	step.At = s.At.Add(time.Minute)
	step.ID = casework.CommandID(idOf(fmt.Sprintf("step %d", s.steps)))
	var out Outcome
	s.Table, out = s.Table.Do(step)
	s.Log = append(s.Log, out.Events...)
	return out.Answer
}

func idOf(name string) string { return casework.NewID[string](draws(casework.CommandID(name))) }
