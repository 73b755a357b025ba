package store_test

import (
	"errors"
	"testing"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
)

// Whose log a line stands in is that of the account and of the case as they are: what a
// transaction made and did not commit counts for no other, and what is not there for
// nobody.
func TestWhoseLog(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	iris := h.account(t, "iris")
	c := h.open(t, "case", iris)
	first, second := h.account(t, "els"), h.account(t, "daan") // organisations have the name of their account
	const late = casework.UserID("LATELATELATELATE")
	write := func(tx *store.Tx, name string, user casework.UserID, of casework.CaseID, outcome audit.Outcome) {
		t.Helper()
		if err := tx.Record(t.Context(), audit.Record{ID: id[string](name), At: noon, Event: "join", Action: audit.Read, Outcome: outcome, User: user, Case: of}); err != nil {
			t.Fatal(err)
		}
	}
	come := func(tx *store.Tx, organisation casework.UserID) {
		t.Helper()
		err := tx.AddAccount(t.Context(), identity.Account{ID: late, Login: "late", Name: "Late", Discipline: casework.ChildWorker,
			Organisation: casework.OrganisationID(organisation), Language: "nl", Active: true}, "hash", noon)
		if err != nil {
			t.Fatal(err)
		}
	}
	h.transact(t, func(tx *store.Tx) error { write(tx, "none", late, "ABSENTABSENTABSE", audit.Refused); return nil })
	back := errors.New("back")
	if err := h.Transact(t.Context(), func(tx *store.Tx) error { come(tx, first); write(tx, "lost", late, c, audit.Done); return back }); !errors.Is(err, back) {
		t.Fatal(err)
	}
	h.transact(t, func(tx *store.Tx) error {
		come(tx, second)
		write(tx, "own", late, c, audit.Done)
		return nil
	})
	h.transact(t, func(tx *store.Tx) error {
		write(tx, "again", late, c, audit.Done)
		write(tx, "refused", late, c, audit.Refused)
		write(tx, "nobody", "", "", audit.Refused)
		return nil
	})
	for name, want := range map[string]string{"none": " ", "own": string(second) + " " + string(iris), "again": string(second) + " " + string(iris),
		"refused": string(second) + " " + string(iris), "nobody": " "} {
		if got := one[string](t, h.super, `SELECT actor_organisation || ' ' || case_organisation FROM record WHERE id = $1`, id[string](name)); got != want {
			t.Errorf("%s stands in the logs of %q, not %q", name, got, want)
		}
	}
}
