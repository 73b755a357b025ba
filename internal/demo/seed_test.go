package demo_test

import (
	"database/sql"
	"fmt"
	"testing"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/demo"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store/storetest"
	"github.com/casustafel/casustafel/policies"
)

var server storetest.Server

func TestMain(m *testing.M) { storetest.Main(m, &server) }

// A seed that was cut off, wherever, goes on where it was: everything is there
// once. A seed over a whole case changes nothing.
func TestSeedGoesOn(t *testing.T) {
	t.Parallel()
	rules, err := policy.Parse(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	for what, from := range map[string]int{"before the case": 1, "at the second person": 9, "at what is said about sharing": 17, "before the first card": 21,
		"at a card that is drafted": 30, "at the last card": 52} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			database := server.Database(t)
			a := app.New(app.Config{Store: storetest.Open(t, server.Config(database, storetest.Keys(t))), Policy: rules, Node: "test"})
			t.Cleanup(a.Close)
			admin, err := sql.Open("postgres", server.DSN(database))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { admin.Close() })
			exec := func(statement string) {
				if _, err := admin.Exec(statement); err != nil {
					t.Fatal(statement, err)
				}
			}
			count := func(want int, query string) {
				t.Helper()
				var n int
				if err := admin.QueryRow(query).Scan(&n); err != nil || n != want {
					t.Errorf("%s: %d, not %d (%v)", query, n, want, err)
				}
			}
			exec(fmt.Sprintf(`ALTER TABLE event ADD CONSTRAINT cut CHECK (seq < %d)`, from))
			if _, err := demo.Seed(t.Context(), a); err == nil {
				t.Fatal("it was not cut off")
			}
			count(from-1, `SELECT count(*) FROM event`)
			exec(`ALTER TABLE event DROP CONSTRAINT cut`)
			users, err := demo.Seed(t.Context(), a)
			if err != nil || len(users) != 6 {
				t.Fatal(users, err)
			}
			const events = 1 + 6 + 5 + 2 + 6 + 2*16
			for range 2 {
				count(1, `SELECT count(*) FROM cases`)
				count(6, `SELECT count(*) FROM account`)
				count(5, `SELECT count(*) FROM membership`)
				count(5, `SELECT count(*) FROM event WHERE type = 'person_added'`)
				count(16, `SELECT count(*) FROM event WHERE type = 'card_tabled'`)
				count(events, `SELECT count(*) FROM event`)
				before := epoch(t, admin)
				if _, err := demo.Seed(t.Context(), a); err != nil {
					t.Fatal(err)
				}
				if after := epoch(t, admin); after != before {
					t.Errorf("a seed over a whole case changed rights %d times", after-before)
				}
			}
		})
	}
}

func epoch(t *testing.T, admin *sql.DB) (now int) {
	t.Helper()
	if err := admin.QueryRow(`SELECT epoch FROM access_epoch`).Scan(&now); err != nil {
		t.Fatal(err)
	}
	return now
}
