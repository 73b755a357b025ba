package store_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
)

// here is where days and hours are told of.
var here = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err)
	}
	return zone
}()

// tallying counts what overviews do.
func tallying(review store.Review) store.Tallying {
	return store.Tallying{Review: review, Accesses: audit.Accesses(), Exports: audit.Leaving, Glass: audit.Glass, WorkFrom: 7, WorkBefore: 20}
}

// counted is what somebody with the page of records in hand counts for an overview.
func counted(lines []store.ReviewedRecord, asked store.Tallying, own map[casework.CaseID]bool) (t store.Tally) {
	type person struct {
		id   casework.CaseID
		role casework.Role
		user casework.UserID
	}
	days, people, refused := map[time.Time]*store.DayTally{}, map[person]*store.AccessTally{}, map[store.RefusalTally]int{}
	for _, l := range lines {
		at := l.At.In(here)
		y, m, d := at.Date()
		date := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		day := days[date]
		if day == nil {
			day = &store.DayTally{Day: date}
			days[date] = day
		}
		if l.Outcome == audit.Refused {
			day.Refused++
			refused[store.RefusalTally{Event: l.Event, Rule: l.Rule}]++
			continue
		}
		if slices.Contains(asked.Exports, l.Event) {
			day.Exports++
		}
		if l.Event == asked.Glass {
			day.Glass++
		}
		if !slices.Contains(asked.Accesses, l.Event) {
			continue
		}
		day.Accesses++
		t.Hours[(int(at.Weekday())+6)%7][at.Hour()]++
		p := person{l.Case, l.Role, l.User}
		if people[p] == nil {
			people[p] = &store.AccessTally{Case: l.Case, Own: own[l.Case], Role: l.Role, User: l.User}
		}
		people[p].All++
		if weekend := at.Weekday() == time.Saturday || at.Weekday() == time.Sunday; weekend || at.Hour() < asked.WorkFrom || at.Hour() >= asked.WorkBefore {
			people[p].After++
		}
	}
	for _, d := range days {
		if d.Accesses+d.Refused+d.Exports+d.Glass > 0 {
			t.Days = append(t.Days, *d)
		}
	}
	for _, p := range people {
		t.Accesses = append(t.Accesses, *p)
	}
	for r, n := range refused {
		r.Count = n
		t.Refusals = append(t.Refusals, r)
	}
	return sorted(t)
}

// sorted brings what has no order into one.
func sorted(t store.Tally) store.Tally {
	slices.SortFunc(t.Days, func(x, y store.DayTally) int { return x.Day.Compare(y.Day) })
	slices.SortFunc(t.Accesses, func(x, y store.AccessTally) int {
		return cmp.Or(cmp.Compare(x.Case, y.Case), cmp.Compare(x.Role, y.Role), cmp.Compare(x.User, y.User))
	})
	slices.SortFunc(t.Refusals, func(x, y store.RefusalTally) int {
		return cmp.Or(cmp.Compare(x.Event, y.Event), cmp.Compare(x.Rule, y.Rule))
	})
	return t
}

// Every number of an overview is of lines that the same reader finds on the page of
// records: whichever of them have their leaves, whoever reads, whatever is kept from whom.
func TestTalliesAreOfLinesThatTheirReaderFinds(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 28)) //nolint:gosec // no secret
	defer func() {
		if t.Failed() {
			t.Logf("seed %d", seed)
		}
	}()
	h := newHouse(t)
	var users []casework.UserID
	var cases []casework.CaseID
	organisation := map[casework.UserID]casework.OrganisationID{}
	owners := map[casework.CaseID]casework.OrganisationID{}
	for _, name := range []string{"iris", "ruben", "tess"} {
		user := h.account(t, name)
		users, organisation[user] = append(users, user), casework.OrganisationID(user)
		colleague := id[casework.UserID](name + "II")
		h.transact(t, func(tx *store.Tx) error {
			return tx.AddAccount(t.Context(), identity.Account{ID: colleague, Login: "login-ii-" + name, Name: name, Discipline: casework.ChildWorker,
				Organisation: organisation[user], Language: "nl", Active: true}, "hash", noon)
		})
		users, organisation[colleague] = append(users, colleague), organisation[user]
		for _, n := range []string{"C1", "C2", "C3"} {
			c := h.open(t, n+name, user)
			cases, owners[c] = append(cases, c), organisation[user]
		}
	}
	cases = append(cases, "", id[casework.CaseID]("NOWHERE"))
	pick := func(n int) int { return random.IntN(n) }
	events := []audit.Event{"join", "command", "leave", "view", "history", "export", "export_log", audit.Glass, "sign_in", "exclude", "list_exclusions", "lend", "view_overview"}
	begins := []time.Time{time.Date(2026, 1, 31, 21, 0, 0, 0, time.UTC), time.Date(2026, 2, 28, 22, 30, 0, 0, time.UTC), time.Date(2026, 3, 28, 22, 0, 0, 0, time.UTC), time.Date(2025, 10, 25, 21, 0, 0, 0, time.UTC)}
	written := 0
	write := func(n int) {
		var all []audit.Record
		for range n {
			written++
			r := audit.Record{ID: id[string](fmt.Sprintf("R%06d", written)), At: begins[pick(len(begins))].Add(time.Duration(pick(30*3600)) * time.Second), Event: events[pick(len(events))],
				Action: audit.Read, Outcome: []audit.Outcome{audit.Done, audit.Refused}[pick(2)], User: append(users, "")[pick(len(users)+1)],
				Role: []casework.Role{casework.NoRole, casework.Chair, casework.ChildWorker}[pick(3)], Case: cases[pick(len(cases))],
				Ground: []string{"", "treatment", "lent"}[pick(3)], PolicyRule: []string{"", "A-01", "R-01"}[pick(3)]}
			all = append(all, r)
		}
		h.transact(t, func(tx *store.Tx) error { return tx.Record(t.Context(), all...) })
	}
	check := func(when string) {
		t.Helper()
		for _, reader := range users {
			var never []casework.CaseID
			for _, c := range cases {
				if pick(5) == 0 && c != "" {
					never = append(never, c)
				}
			}
			own := map[casework.CaseID]bool{}
			for c, by := range owners {
				own[c] = by == organisation[reader]
			}
			from := time.Date(2025, 10, 20+pick(160), 0, 0, 0, 0, here)
			if pick(2) == 0 {
				from = time.Date(2026, 2, 1, 0, 0, 0, 0, here)
			}
			asked := tallying(store.Review{Organisation: organisation[reader], Never: never, From: from, Until: from.AddDate(0, 0, 1+pick(160)), Limit: 1 << 20})
			lines, err := h.Reviewed(t.Context(), reader, asked.Review)
			if err != nil {
				t.Fatal(err)
			}
			got, err := h.Tallies(t.Context(), reader, asked)
			if err != nil {
				t.Fatal(err)
			}
			if want := counted(lines, asked, own); !reflect.DeepEqual(sorted(got), want) {
				t.Fatalf("%s, %s, %v, from %s until %s:\n%+v\nand of %d lines\n%+v", when, reader, never, asked.From, asked.Until, got, len(lines), want)
			}
		}
	}
	for round := range 4 {
		write(150)
		check("waiting")
		h.grow(t, 1+pick(200))
		check(fmt.Sprintf("some have leaves, round %d", round))
	}
	h.grow(t, 2000)
	check("all have leaves")
	write(50)
	must(t, h.super, `SELECT recount_records(month) FROM (SELECT DISTINCT month FROM counted_record) m`)
	check("counted anew")
	must(t, h.super, `DELETE FROM record WHERE id LIKE '%3Z%'`)
	check("some lines went")
}

// What is counted is nobody's to write; it is done by lines getting their leaves, and
// events stand together, or nowhere, as the program says.
func TestOnlyLeavesAreCounted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, role := range []struct{ name, statements string }{{"committer", `
		INSERT INTO record_count (h0) VALUES (1)
		UPDATE record_count SET h0 = 1
		DELETE FROM record_count
		TRUNCATE record_count
		SELECT count_records('{}', '{}')
		SELECT recount_records('2026-03-01')
		SELECT waiting_records()
		ALTER TABLE leaf DISABLE TRIGGER count_leaves`}, {"reader", `
		INSERT INTO record_count (h0) VALUES (1)
		UPDATE record_count SET h0 = 1
		DELETE FROM record_count
		SELECT count_records('{}', '{}')
		SELECT recount_records('2026-03-01')`}} {
		db := h.committer
		if role.name == "reader" {
			db = h.reader
		}
		wallsOf(t, db, role.statements)
	}
	iris := h.account(t, "iris")
	var all []audit.Record
	for _, kind := range audit.Kinds {
		for _, event := range kind.Events() {
			for _, outcome := range []audit.Outcome{audit.Done, audit.Refused} {
				all = append(all, audit.Record{ID: id[string](fmt.Sprintf("R%03d", len(all))), At: noon, Event: event, Action: audit.Read, Outcome: outcome, User: iris})
			}
		}
	}
	h.transact(t, func(tx *store.Tx) error { return tx.Record(t.Context(), all...) })
	h.grow(t, len(all))
	got := map[[2]string]int{}
	var rows []struct {
		Event, Outcome string
		H13            int
	}
	if err := h.super.Select(&rows, `SELECT event, outcome, h13 FROM record_count`); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		got[[2]string{r.Event, r.Outcome}] = r.H13
	}
	want := map[[2]string]int{}
	for _, r := range all {
		event, often := string(r.Event), slices.Contains(audit.Often, r.Event)
		switch {
		case r.Outcome == audit.Done && slices.Contains(audit.Uncounted, r.Event):
			if slices.Contains(audit.Accesses(), r.Event) || slices.Contains(audit.Leaving, r.Event) || r.Event == audit.Glass {
				t.Errorf("%s is counted nowhere", event)
			}
			continue
		case r.Outcome == audit.Done && often:
			if !slices.Contains(audit.Accesses(), r.Event) || slices.Contains(audit.Leaving, r.Event) || r.Event == audit.Glass {
				t.Errorf("%s is counted as an access and no more", event)
			}
			event = ""
		}
		want[[2]string{event, string(r.Outcome)}]++
	}
	if !maps.Equal(got, want) {
		t.Errorf("counted %v\nand not %v", got, want)
	}
}
