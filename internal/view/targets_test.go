package view_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// TestNotesPointToWhatAllTheirReadersSee holds what a note can name to the plain
// rule, in random histories: nothing that one of its readers may not know, and all
// else.
func TestNotesPointToWhatAllTheirReadersSee(t *testing.T) {
	start := newTable(t)
	told, kept := 0, 0
	for n := *seed; n < *seed+streamed; n++ {
		tables := tablesOf(start, casetest.History(n, *length, start))
		table := tables[len(tables)-1]
		for _, user := range casetest.Users(casetest.Cast()) {
			r, seated := table.Reader(user)
			if !seated {
				continue
			}
			for id, c := range table.State.Cards {
				if !table.ReadsCard(r, c) {
					continue
				}
				cards, users := view.SeatOf(r, table.Moment()).Targets(c)
				wantCards, wantUsers := pointable(table, r, c)
				if !slices.Equal(cards, wantCards) || !slices.Equal(users, wantUsers) {
					t.Fatalf("-seed %d: for %s the note of %s points to %v and %v, not to %v and %v", n, user, id, cards, users, wantCards, wantUsers)
				}
				told, kept = told+len(cards), kept+len(table.State.Cards)-len(cards)
			}
		}
	}
	if told < 1000 || kept < 1000 {
		t.Errorf("%d cards can be pointed to, %d cannot", told, kept)
	}
}

// pointable finds the same by the plain rule: on the table, a note has the readers
// that it will have there.
func pointable(table casetest.Table, r casework.Reader, note *casework.Card) (cards []casework.CardID, users []casework.UserID) {
	onTable := *note
	if onTable.Draft() {
		onTable.Tabled = table.At
	}
	var readers []casework.Reader
	told := table.AsToldTo(r)
	for _, m := range table.Access.Team {
		if m.Current(table.At) && told.ReadsCard(m, &onTable) {
			readers, users = append(readers, m), append(users, m.User)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(table.State.Cards)) {
		c := table.State.Cards[id]
		if table.ReadsCard(r, c) && !slices.ContainsFunc(readers, func(one casework.Reader) bool { return !told.ReadsCard(one, c) }) {
			cards = append(cards, id)
		}
	}
	slices.Sort(users)
	return cards, users
}

// BenchmarkTargets finds what a note can name on a board of 500 cards.
func BenchmarkTargets(b *testing.B) {
	_, table, readers := bigTable(b)
	seat := view.SeatOf(readers[0], table.Moment())
	for b.Loop() {
		seat.Targets(table.State.Cards["card000"])
	}
}
