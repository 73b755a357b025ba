package view_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// A difference looks only at what was touched. These are the changes that show
// elsewhere than in the card they touch.
func TestDifferenceReachesWhatChangesBeside(t *testing.T) {
	chair, perpetrator := casetest.Cast()[0], casetest.Cast()[6]
	const (
		joris = casework.PersonID("JORS222222222222")
		facts = casework.ColumnID("FACT222222222222")
		card  = casework.CardID("CARD222222222222")
	)
	table := newTable(t)
	play := func(at time.Duration, changes ...casework.Change) casetest.Table {
		var events []casework.Event
		table.At = casetest.Start.Add(at)
		for i, change := range changes {
			events = append(events, casework.Event{Seq: table.State.Seq + int64(i) + 1, Actor: chair.User, At: table.At, Change: change})
		}
		state, err := table.State.Apply(events...)
		if err != nil {
			t.Fatal(err)
		}
		table.State = state
		return table
	}
	for _, step := range []struct {
		what string
		next func() casetest.Table
	}{
		{"a confidential card of somebody who is taken off", func() casetest.Table {
			return play(time.Minute, &casework.PersonAdded{Person: joris, Kind: casework.ViewPartner, Class: casework.Shared, Added: perpetrator.Author()},
				&casework.ColumnAdded{Column: facts},
				&casework.CardDrafted{Card: card, Column: facts, Perspective: joris, Class: casework.Confidential, Author: perpetrator.Author()},
				&casework.CardTabled{Card: card}, &casework.PersonRemoved{Person: joris})
		}},
		{"the card is shared", func() casetest.Table {
			return play(2*time.Minute, &casework.CardReclassed{Card: card, Class: casework.Shared})
		}},
		{"the card is shielded", func() casetest.Table {
			return play(3*time.Minute, &casework.CardReclassed{Card: card, Class: casework.Confidential})
		}},
		{"the card speaks as professional", func() casetest.Table {
			return play(4*time.Minute, &casework.CardReclassed{Card: card, Class: casework.Shared}, &casework.CardReperspectived{Card: card})
		}},
		{"a membership begins by the clock", func() casetest.Table { return play(10 * time.Minute) }},
	} {
		before := table
		after := step.next()
		touched := view.Compare(before.State, after.State)
		for _, member := range casetest.Cast()[:7] {
			reader, ok := after.Reader(member.User)
			if !ok {
				t.Fatalf("%s is not at the table", member.User)
			}
			was := view.Project(before.State, before.Access, reader, before.At)
			want := view.Project(after.State, after.Access, reader, after.At)
			got := was.Apply(view.Differ(before.Moment(), reader, after.Moment(), reader, touched))
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %s has\n%+v, want\n%+v", step.what, member.User, got, want)
			}
		}
	}
}
