package casetest

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// Stream is the connection of one user: what is sent there depends on what was
// sent before.
type Stream struct {
	User   casework.UserID
	seen   view.Moment
	reader casework.Reader
	seated bool
}

// See sends what takes the user from what it has to the table as it is; nil
// when nothing does. Touched is what changed since the stream last looked.
func (s *Stream) See(t Table, touched view.Touched) []byte {
	was, wasSeated := s.reader, s.seated
	before := s.seen
	s.reader, s.seated = t.Reader(s.User)
	s.seen = t.Moment()
	switch {
	case !s.seated && wasSeated:
		return []byte(`{"t":"bye"}`)
	case !s.seated:
		return nil
	case !wasSeated:
		return message("hello", view.Project(t.State, t.Access, s.reader, t.At))
	case before.State == t.State && before.Access == t.Access && before.At.Equal(t.At):
		return nil
	}
	d := view.Differ(before, was, s.seen, s.reader, touched)
	if d.Empty() {
		return nil
	}
	return message("change", d)
}

func message(kind string, body any) []byte {
	raw, err := json.Marshal(body)
	if err != nil {
		panic(fmt.Errorf("encode %s: %w", kind, err)) // messages hold nothing that cannot be encoded
	}
	return fmt.Appendf(nil, `{"t":%q,%q:%s}`, kind, kind, raw)
}

// Moments is what happened around one step: the tables before and after, and
// what each of the users heard.
type Moments struct {
	Step    *Step // nil: the beginning
	Before  Table
	After   Table
	Outcome Outcome
	Waited  [][]byte // by user: what the clock brought before the step
	Heard   [][]byte // by user: what the step brought; messages one a line
}

// Play takes the steps in order and gives what the users heard, beginning with
// the moment of joining. Watch is called after each and may stop the play.
func Play(start Table, steps []Step, users []casework.UserID, watch func(Moments) bool) {
	streams := make([]Stream, len(users))
	for i, user := range users {
		streams[i].User = user
	}
	none := make([][]byte, len(users))
	if !watch(Moments{Before: start, After: start, Waited: none, Heard: hear(streams, start, view.Touched{All: true})}) {
		return
	}
	table := start
	for i := range steps {
		m := Moments{Step: &steps[i], Waited: none, Heard: none}
		for _, wait := range table.Waits(m.Step.At) {
			table = wait
			m.Waited = joined(m.Waited, hear(streams, table, view.Touched{}))
		}
		m.Before = table
		table, m.Outcome = table.Do(*m.Step)
		m.After = table
		if m.Before.State != table.State || m.Before.Access != table.Access {
			m.Heard = hear(streams, table, view.Compare(m.Before.State, table.State))
		}
		m.Heard = joined(m.Heard, answers(users, m))
		if !watch(m) {
			return
		}
	}
}

func hear(streams []Stream, table Table, touched view.Touched) [][]byte {
	heard := make([][]byte, len(streams))
	for i := range streams {
		heard[i] = streams[i].See(table, touched)
	}
	return heard
}

func answers(users []casework.UserID, m Moments) [][]byte {
	answers := make([][]byte, len(users))
	if i := slices.Index(users, m.Step.User); i >= 0 {
		answers[i] = message("answer", m.Outcome.Answer)
	}
	return answers
}

func joined(heard, more [][]byte) [][]byte {
	all := make([][]byte, len(heard))
	for i := range all {
		switch {
		case len(heard[i]) == 0:
			all[i] = more[i]
		case len(more[i]) == 0:
			all[i] = heard[i]
		default:
			all[i] = slices.Concat(heard[i], []byte("\n"), more[i])
		}
	}
	return all
}
