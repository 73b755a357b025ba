package app_test

import (
	"database/sql"
	"sync"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store/storetest"
	"github.com/casustafel/casustafel/policies"
)

// door is an app on a database of its own, with a clock that the test turns.
type door struct {
	*app.App
	clock  *clock
	admin  *sql.DB // sees everything, goes round every rule
	second *secondSteps
}

func newDoor(t *testing.T, rule identity.SessionRule) door {
	t.Helper()
	database := server.Database(t)
	rules, err := policy.Parse(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	clock := &clock{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	passkeys, err := identity.NewPasskeys([]string{origin})
	if err != nil {
		t.Fatal(err)
	}
	a := app.New(app.Config{Store: storetest.Open(t, server.Config(database, storetest.Keys(t))), Policy: rules, Node: "test",
		Now: clock.Now, Sessions: rule, Passkeys: passkeys})
	t.Cleanup(a.Close)
	admin, err := sql.Open("postgres", server.DSN(database))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		wholeRecords(t, admin)
		admin.Close()
	})
	return door{a, clock, admin, &secondSteps{codes: map[string][]string{}, secrets: map[string]string{}}}
}

const password = "een lang genoeg woord"

// user makes an account with password.
func (d door) user(t *testing.T, login string) casework.UserID {
	t.Helper()
	id, err := d.AddUser(t.Context(), app.NewUser{Login: login, Name: "Naam van " + login, Discipline: casework.ChildWorker,
		Organisation: "De Linde", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// one reads a single value from the database.
func one[T any](t *testing.T, d door, query string, args ...any) (value T) {
	t.Helper()
	if err := d.admin.QueryRow(query, args...).Scan(&value); err != nil {
		t.Fatal(query, err)
	}
	return value
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the time that it is in the test.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) turn(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
