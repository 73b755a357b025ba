package view_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// bigTable is a board of 500 cards of all classes and perspectives, as a
// snapshot would bring it, before and after one of them is labelled. Its team
// is the cast of eight.
func bigTable(b *testing.B) (before, after casetest.Table, readers []casework.Reader) {
	b.Helper()
	table := newTable(b)
	table.At = casetest.Start.Add(time.Hour)
	var events []casework.Event
	add := func(by casework.Member, change casework.Change) {
		events = append(events, casework.Event{Seq: table.State.Seq + int64(len(events)) + 1, Actor: by.User, At: table.At, Change: change})
	}
	team := casetest.Cast()
	for i, kind := range casework.Views[:4] {
		person := casework.PersonID(fmt.Sprintf("person%d", i))
		add(team[0], &casework.PersonAdded{Person: person, Kind: kind, Class: casework.Shared, Added: team[0].Author()})
	}
	for i := range 6 {
		add(team[0], &casework.ColumnAdded{Column: casework.ColumnID(fmt.Sprintf("column%d", i))})
	}
	for i := range 500 {
		by := team[i%len(team)]
		card := casework.CardID(fmt.Sprintf("card%03d", i))
		add(by, &casework.CardDrafted{Card: card, Column: casework.ColumnID(fmt.Sprintf("column%d", i%6)), Class: casework.Classes[i%5],
			Perspective: casework.PersonID(fmt.Sprintf("person%d", i%4)), Labels: casework.Labels{Kind: casework.Fact}, Author: by.Author()})
		add(by, &casework.CardTabled{Card: card})
	}
	before, after = table, table
	var err error
	if before.State, err = table.State.Apply(events...); err != nil {
		b.Fatal(err)
	}
	after.State, err = before.State.Apply(casework.Event{Seq: before.State.Seq + 1, At: table.At, Actor: team[0].User,
		Change: &casework.CardLabelled{Card: "card000", Labels: casework.Labels{Kind: casework.Words}}})
	if err != nil {
		b.Fatal(err)
	}
	for _, m := range team {
		reader, ok := after.Reader(m.User)
		if !ok {
			b.Fatalf("%s is not at the table", m.User)
		}
		readers = append(readers, reader)
	}
	return before, after, readers
}

// BenchmarkProject makes the whole projection for eight readers.
func BenchmarkProject(b *testing.B) {
	_, table, readers := bigTable(b)
	b.ReportAllocs()
	for b.Loop() {
		for _, r := range readers {
			view.Project(table.State, table.Access, r, table.At)
		}
	}
}

// BenchmarkDiffer makes the difference of one changed card for eight readers.
func BenchmarkDiffer(b *testing.B) {
	before, after, readers := bigTable(b)
	b.ReportAllocs()
	for b.Loop() {
		touched := view.Compare(before.State, after.State)
		for _, r := range readers {
			view.Differ(before.Moment(), r, after.Moment(), r, touched)
		}
	}
}
