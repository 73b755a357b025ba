package view_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// pair is a history and another one which differs from it only in what the
// reader does not see: steps that brought the reader no message are left out
// (read the other way round: put in), and words that the reader never got are
// other words of other lengths.
type pair struct {
	reader  casework.UserID
	without map[casework.CommandID]bool
	reword  bool
}

// played is a history with what each user heard.
type played struct {
	steps   []casetest.Step
	users   []casework.UserID
	moments []casetest.Moments // the beginning, then one a step
}

func play(start casetest.Table, steps []casetest.Step, users ...casework.UserID) played {
	p := played{steps: steps, users: users}
	casetest.Play(start, steps, users, func(m casetest.Moments) bool {
		p.moments = append(p.moments, m)
		return true
	})
	return p
}

func (p played) heard(m casetest.Moments, user casework.UserID) []byte {
	i := slices.Index(p.users, user)
	return slices.Concat(m.Waited[i], m.Heard[i])
}

// all is everything that the user heard.
func (p played) all(user casework.UserID) []byte {
	var all []byte
	for _, m := range p.moments {
		all = append(append(all, p.heard(m, user)...), '\n')
	}
	return all
}

// silent lists the steps that brought the user nothing: of others, and either
// refused or without an effect that the user sees. A membership, or something given, that
// will begin or end by itself at another time is an effect to come, and so is a bar on
// the user: of what comes to be later it hides some, which the user is not told.
func (p played) silent(user casework.UserID) []casework.CommandID {
	var silent []casework.CommandID
	for _, m := range p.moments[1:] {
		if len(p.heard(m, user)) == 0 && !replans(m) && !shutsOut(m, user) {
			silent = append(silent, m.Step.ID)
		}
	}
	return silent
}

// shutsOut tells whether the step begins or ends a bar on the user.
func shutsOut(m casetest.Moments, user casework.UserID) bool {
	gift := m.Step.Gift
	return gift != nil && gift.User == user && gift.Given.Kind == casework.GrantBar
}

func replans(m casetest.Moments) bool {
	is := m.Step.Member
	return m.Step.Gift != nil && !m.Step.Gift.Given.Until.IsZero() || is != nil && !slices.ContainsFunc(m.Before.Access.Team, func(was casework.Reader) bool {
		return was.User == is.User && was.From.Equal(is.From) && was.Until.Equal(is.Until) && was.Active == is.Active
	})
}

// unmet lists the silent steps that are about nothing the user ever saw.
func (p played) unmet(user casework.UserID) []casework.CommandID {
	met := map[string]bool{}
	for _, id := range casetest.IDsIn(p.all(user)) {
		met[id] = true
	}
	isMet := func(id string) bool { return met[id] }
	return slices.DeleteFunc(p.silent(user), func(id casework.CommandID) bool {
		m := p.moments[1+slices.IndexFunc(p.steps, func(s casetest.Step) bool { return s.ID == id })]
		return m.Step.User == "" || met[m.Outcome.Answer.Made] || slices.ContainsFunc(casetest.IDsIn(m.Step.With), isMet)
	})
}

// unread gathers the canaries that the user neither got nor wrote.
func (p played) unread(user casework.UserID) map[string]bool {
	unread := map[string]bool{}
	for _, s := range p.steps {
		for _, w := range casetest.CanariesIn(s.With) {
			unread[w] = true
		}
	}
	read := p.all(user)
	for _, s := range p.steps {
		if s.User == user {
			read = append(read, s.With...)
		}
	}
	for _, w := range casetest.CanariesIn(read) {
		delete(unread, w)
	}
	return unread
}

// pairOf makes the n-th sort of pair of a history.
func (p played) pairOf(n int, reader casework.UserID, random *rand.Rand) pair {
	var without []casework.CommandID
	switch n % 4 {
	case 0:
		return pair{reader: reader, reword: true}
	case 1:
		without = p.silent(reader)
	case 2:
		without = p.unmet(reader)
	case 3:
		without = slices.DeleteFunc(p.silent(reader), func(casework.CommandID) bool { return random.IntN(2) == 0 })
	}
	of := pair{reader: reader, without: map[casework.CommandID]bool{}, reword: n%8 > 3}
	for _, id := range without {
		of.without[id] = true
	}
	return of
}

// other makes the other history.
func (of pair) other(p played) []casetest.Step {
	steps := slices.DeleteFunc(slices.Clone(p.steps), func(s casetest.Step) bool { return of.without[s.ID] })
	if of.reword {
		steps = casetest.Reworded(steps, p.unread(of.reader))
	}
	return steps
}

// errPart means that the histories part in a way that they may.
var errPart = errors.New("the histories part")

// compare plays the other history and compares what the reader hears, step by
// step. The promise speaks of histories with equal projected states, own
// commands and answers, so all that comes after a step at which the histories
// may part is left alone.
func (of pair) compare(start casetest.Table, p played) error {
	other := play(start, of.other(p), of.reader)
	j := 0
	last, otherLast := start, start
	for _, m := range p.moments {
		waited := casetest.Moments{Before: last, After: m.Before}
		last = m.After
		if m.Step != nil && of.without[m.Step.ID] {
			continue
		}
		n := other.moments[j]
		j++
		otherWaited := casetest.Moments{Before: otherLast, After: n.Before}
		otherLast = n.After
		i := slices.Index(p.users, of.reader)
		if one, two := m.Waited[i], n.Waited[0]; !bytes.Equal(one, two) {
			if !bytes.Contains(one, []byte(`{"t":"hello"`)) && of.screenOf(m) == of.screenOf(n) && !of.appears(waited) && !of.appears(otherWaited) {
				return fmt.Errorf("the clock tells of what is hidden\n  one hears   %s\n  other hears %s", one, two)
			}
			return errPart // the reader comes to the table, or what was barred until then into sight
		}
		if one, two := m.Heard[i], n.Heard[0]; !bytes.Equal(one, two) {
			if err := of.mayPart(m, n); err != nil {
				return fmt.Errorf("%w\n  one hears   %s\n  other hears %s", err, one, two)
			}
			return errPart
		}
	}
	return nil
}

// mayPart tells whether the two histories, alike to the reader until now, may
// look different after this step. Never by a step of the reader's own. By a
// step of somebody else only when
//   - it lets something appear to the reader that was hidden until now: a card
//     or person that is shared, tabled, reclassified, or comes into sight by a
//     change of the team, or a consent that was put down or a lend that was given
//     earlier; where it stands, its links and what can be undone on
//     it come with it; or the reader itself comes to the table, or
//   - it puts a card next to one that the reader does not see: the mover, who
//     sees that card, chose the place, or
//   - another list decides what the Scherm shows, which does not tell the list,
//     or
//   - the one who took it decided otherwise, or was answered otherwise, because
//     what is hidden from the reader looked different to that member.
func (of pair) mayPart(m, n casetest.Moments) error {
	switch {
	case m.Step == nil:
		return errors.New("the beginning is not the same")
	case m.Step.User == of.reader:
		return errors.New("the reader's own step tells of what is hidden")
	case of.appears(m) || of.appears(n):
		return nil
	case of.comes(m) != of.comes(n):
		return nil // the case was closed while the reader was away, and nobody leads in a closed case
	case of.hiddenAnchor(m) || of.hiddenAnchor(n):
		return nil
	case of.screenOf(m) != of.screenOf(n):
		return nil
	case m.Step.User == "":
		return errors.New("a change of the team tells of what is hidden")
	case decided(m) == decided(n):
		return errors.New("the effect of another's step depends on what is hidden from the reader")
	case bytes.Equal(projected(m.Before, m.Step.User), projected(n.Before, n.Step.User)):
		return errors.New("the decision on another's step depends on what is hidden from that member")
	}
	return nil
}

// comes tells whether the reader comes to the table by the step.
func (of pair) comes(m casetest.Moments) bool {
	_, before := m.Before.Reader(of.reader)
	_, after := m.After.Reader(of.reader)
	return after && !before
}

// appears tells whether the reader sees a card, person or consent, or knows of
// something given earlier, that it did not before the step.
func (of pair) appears(m casetest.Moments) bool {
	is, ok := m.After.Reader(of.reader)
	was, before := m.Before.Reader(of.reader)
	if !ok || !before || was.Dark() != is.Dark() {
		return ok && !is.Dark()
	}
	for id, c := range m.After.State.Cards {
		if old := m.Before.State.Cards[id]; m.After.ReadsCard(is, c) && (old == nil || !m.Before.ReadsCard(was, old)) {
			return true
		}
	}
	for id, p := range m.After.State.Persons {
		if old := m.Before.State.Persons[id]; m.After.ShowsPerson(is, p) && (old == nil || !m.Before.ShowsPerson(was, old)) {
			return true
		}
	}
	for _, c := range m.Before.State.Consents {
		if slices.Contains(m.After.State.Consents, c) && m.After.ReadsConsent(is, c) && !m.Before.ReadsConsent(was, c) {
			return true
		}
	}
	known := m.Before.KnownGiven(was)
	return slices.ContainsFunc(m.After.KnownGiven(is), func(id casework.GivenID) bool {
		return !slices.Contains(known, id) && isGiven(m.Before, id)
	})
}

// isGiven tells whether something was given to a member.
func isGiven(t casetest.Table, id casework.GivenID) bool {
	return slices.ContainsFunc(t.Access.Team, func(r casework.Reader) bool {
		return slices.ContainsFunc(r.Given, func(g casework.Given) bool { return g.ID == id })
	})
}

// screenOf is what decides who looks at the Scherm, for whom looks at it.
func (of pair) screenOf(m casetest.Moments) string {
	if reader, _ := m.Before.Reader(of.reader); reader.Joint == nil || !reader.Joint.Screen {
		return ""
	}
	return fmt.Sprint(m.Before.State.Screen, m.Before.State.Attends, len(m.Before.State.Guests))
}

func (of pair) hiddenAnchor(m casetest.Moments) bool {
	reader, _ := m.Before.Reader(of.reader)
	for _, e := range m.Outcome.Events {
		if moved, ok := e.Change.(*casework.CardMoved); ok && moved.To.After != "" &&
			!m.Before.ReadsCard(reader, m.Before.State.Cards[moved.To.After]) {
			return true
		}
	}
	return false
}

// decided is what was decided, but for where a mover saw the card before.
func decided(m casetest.Moments) string {
	var out strings.Builder
	for _, e := range m.Outcome.Events {
		change := e.Change
		if moved, ok := change.(*casework.CardMoved); ok {
			change = &casework.CardMoved{Card: moved.Card, To: moved.To}
		}
		raw, _ := json.Marshal(change)
		fmt.Fprintf(&out, "%s %s\n", change.Type(), raw)
		for _, text := range change.Texts() {
			out.WriteString(text.Body + "\n")
		}
	}
	return out.String()
}

// projected is what a member sees, and what its own changes could bring back: how
// the member saw it when it made them.
func projected(t casetest.Table, user casework.UserID) []byte {
	reader, ok := t.Reader(user)
	if !ok {
		return nil
	}
	raw, _ := json.Marshal(view.Project(t.State, t.Access, reader, t.At))
	own, _ := json.Marshal(view.SeatOf(reader, t.Moment()).Undoables())
	return append(raw, own...)
}

// shrink takes away steps as long as fails still says so.
func shrink(steps []casetest.Step, fails func([]casetest.Step) bool) []casetest.Step {
	for size := max(1, len(steps)/2); ; size = max(1, size/2) {
		smaller := false
		for from := 0; from+size <= len(steps); {
			less := slices.Delete(slices.Clone(steps), from, from+size)
			if fails(less) {
				steps, smaller = less, true
			} else {
				from += size
			}
		}
		if size == 1 && !smaller {
			return steps
		}
	}
}

func story(steps []casetest.Step, of pair) string {
	var out strings.Builder
	for _, s := range steps {
		mark := " "
		if of.without[s.ID] {
			mark = "-"
		}
		switch {
		case s.Member != nil:
			fmt.Fprintf(&out, "%s %s team     %+v\n", mark, s.ID, *s.Member)
		case s.Gift != nil:
			g := s.Gift.Given
			fmt.Fprintf(&out, "%s %s given    %s %.4s ends %t card %s person %s until %s\n", mark, s.ID, g.Kind, s.Gift.User, s.Gift.Ends, g.Card, g.Person, g.Until)
		case s.Who != nil:
			fmt.Fprintf(&out, "%s %s %.4s who  %+v\n", mark, s.ID, s.User, *s.Who)
		default:
			fmt.Fprintf(&out, "%s %s %.4s %s %s\n", mark, s.ID, s.User, s.Command, s.With)
		}
	}
	return out.String()
}
