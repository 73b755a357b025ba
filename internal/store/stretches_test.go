package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// Whether a log is looked through at once or stretch by stretch, the same is found in it,
// also what stands where stretches meet, and lines of one moment.
func TestStretchesFindTheSame(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	reader := h.account(t, "els")
	var all []audit.Record
	for i, days := range []int{-2, 0, 0, 1, 30, 31, 31, 31, 32, 60, 124, 124, 125, 300, 496, 497, 497, 800} {
		event := audit.Event("join")
		if i%3 == 0 {
			event = "sign_in"
		}
		all = append(all, audit.Record{ID: id[string](fmt.Sprintf("R%02d", i)), At: noon.AddDate(0, 0, -days), Event: event, Action: audit.Read, Outcome: audit.Done, User: reader})
	}
	h.transact(t, func(tx *store.Tx) error { return tx.Record(t.Context(), all...) })
	ids := func(review store.Review) (ids []string) {
		review.Organisation = casework.OrganisationID(reader)
		list, err := h.Reviewed(t.Context(), reader, review)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range list {
			ids = append(ids, r.ID)
		}
		return ids
	}
	ago := func(days int) time.Time { return noon.AddDate(0, 0, -days) }
	if got := ids(store.Review{Limit: 100, Now: noon}); len(got) != len(all) {
		t.Fatalf("%d of %d lines", len(got), len(all))
	}
	for _, asked := range []store.Review{
		{}, {Newer: true}, {Events: []audit.Event{"sign_in"}}, {Until: ago(31)}, {From: ago(124)}, {From: ago(497), Until: ago(31)}, {From: ago(31), Newer: true},
		{After: store.RecordPlace{At: ago(31), ID: id[string]("R06")}}, {After: store.RecordPlace{At: ago(31), ID: id[string]("R06")}, Newer: true},
		{After: store.RecordPlace{At: ago(800), ID: id[string]("R17")}, Newer: true}, {After: store.RecordPlace{At: ago(800), ID: id[string]("R17")}, Newer: true, From: ago(300), Until: ago(1)},
		{After: store.RecordPlace{At: ago(0), ID: id[string]("R01")}, Until: ago(124)}, {After: store.RecordPlace{At: ago(-2), ID: id[string]("R00")}, Newer: true},
		{After: store.RecordPlace{At: ago(300), ID: id[string]("R13")}, Until: ago(60), From: ago(496)},
	} {
		for _, limit := range []int{1, 3, 7, 100} {
			asked.Limit, asked.Now = limit, time.Time{}
			whole := ids(asked)
			asked.Now = noon
			if got := ids(asked); !slices.Equal(got, whole) {
				t.Errorf("%+v finds %v, and at once %v", asked, got, whole)
			}
		}
	}
}
