package view_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
)

// pairsOfReader is how many pairs each history and reader are good for.
const pairsOfReader = 2

// TestNoninterference is promise 1 over view and encoding: what a person
// receives follows from that person's own projected states, own commands and
// the answers to them, and from nothing else. A failure prints the seed and
// the smallest history found; repeat it with -seed and -histories 1.
func TestNoninterference(t *testing.T) {
	noninterference(t, *histories, casetest.Users(casetest.Cast()), func(steps []casetest.Step, _ uint64) []casetest.Step { return steps })
}

// TestJointNoninterference is the same for those who look through other eyes:
// the Scherm, and the chair as a colleague.
func TestJointNoninterference(t *testing.T) {
	noninterference(t, *histories/10, jointViewers(), casetest.Meeting)
}

// jointViewers are the chair's and, as roles change, those of a colleague.
func jointViewers() []casework.UserID {
	chair, child, perpetrator := casetest.Cast()[0].User, casetest.Cast()[1].User, casetest.Cast()[6].User
	return []casework.UserID{casetest.OnScreen(chair), casetest.AlongWith(chair, perpetrator), casetest.AlongWith(chair, child),
		casetest.OnScreen(child)}
}

func noninterference(t *testing.T, histories int, users []casework.UserID, met func([]casetest.Step, uint64) []casetest.Step) {
	t.Helper()
	start := newTable(t)
	pairs, whole, left := 0, 0, 0
	for n := *seed; pairs < histories; n++ {
		steps := met(casetest.History(n, *length, start), n)
		p := play(start, steps, users...)
		random := rand.New(rand.NewPCG(n, 1))
		if err := canaries(p); err != nil {
			fewer := shrink(steps, func(s []casetest.Step) bool { return canaries(play(start, s, users...)) != nil })
			t.Fatalf("-seed %d: %v\n%s", n, canaries(play(start, fewer, users...)), story(fewer, pair{}))
		}
		for _, reader := range users {
			for range pairsOfReader {
				of := p.pairOf(random.IntN(8), reader, random)
				left += len(of.without)
				switch err := of.compare(start, p); {
				case err == nil:
					whole++
				case !errors.Is(err, errPart):
					fewer := of.shrink(start, p.steps)
					t.Fatalf("-seed %d, reader %s, other words %t, steps with - left out:\n%s%v", n, reader, of.reword,
						story(fewer, of), of.compare(start, play(start, fewer, reader)))
				}
				pairs++
			}
		}
	}
	t.Logf("%d pairs from seed %d; %d alike to the end; %d hidden steps left out", pairs, *seed, whole, left)
	if whole < pairs/2 || left < 3*pairs {
		t.Errorf("the pairs are too easy to tell anything: %d of %d alike to the end, %d hidden steps left out", whole, pairs, left)
	}
}

func (of pair) shrink(start casetest.Table, steps []casetest.Step) []casetest.Step {
	return shrink(steps, func(less []casetest.Step) bool {
		p := play(start, less, of.reader)
		silent := p.silent(of.reader)
		for _, s := range less {
			if of.without[s.ID] && !slices.Contains(silent, s.ID) {
				return false // no longer hidden
			}
		}
		err := of.compare(start, p)
		return err != nil && !errors.Is(err, errPart)
	})
}
