package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/store/storetest"
)

var server storetest.Server

func TestMain(m *testing.M) { storetest.Main(m, &server) }

// noon is when everything happens in these tests, in microseconds.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 123456000, time.UTC)

// house is a store on a database of its own, with a plain connection per role
// that goes round every check in Go.
type house struct {
	*store.Store
	database                 string
	keys                     *store.Keyring
	super, committer, reader *sqlx.DB
}

func newHouse(t testing.TB) house {
	t.Helper()
	h := house{database: server.Database(t), keys: storetest.Keys(t)}
	config := server.Config(h.database, h.keys)
	h.Store = storetest.Open(t, config)
	h.super, h.committer, h.reader = dial(t, server.DSN(h.database)), dial(t, config.Committer), dial(t, config.Reader)
	return h
}

func dial(t testing.TB, dsn string) *sqlx.DB {
	t.Helper()
	db, err := sqlx.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// must runs a statement that has to work.
func must(t testing.TB, db sqlx.Execer, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// one reads a single value.
func one[T any](t testing.TB, db sqlx.Queryer, query string, args ...any) (value T) {
	t.Helper()
	if err := sqlx.Get(db, &value, query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return value
}

// codeOf is the SQLSTATE of an error; empty when there is none.
func codeOf(err error) string {
	var raw *pq.Error
	var plain *store.DBError
	switch {
	case errors.As(err, &raw):
		return string(raw.Code)
	case errors.As(err, &plain):
		return plain.Code
	}
	return ""
}

// transact runs fn in a transaction that has to work.
func (h house) transact(t testing.TB, fn func(*store.Tx) error) {
	t.Helper()
	if err := h.Transact(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// An id that is the same in every run, told apart by its first characters.
func id[ID ~string](name string) ID { return ID(name + "ZZZZZZZZZZZZZZZZ")[:casework.IDLength] }

// account makes an account of an organisation of its own.
func (h house) account(t testing.TB, name string) casework.UserID {
	t.Helper()
	user := id[casework.UserID](name)
	h.transact(t, func(tx *store.Tx) error {
		organisation, err := tx.Organisation(t.Context(), "Organisatie "+name, id[casework.OrganisationID](name))
		if err != nil {
			return err
		}
		return tx.AddAccount(t.Context(), identity.Account{ID: user, Login: "login-" + name, Name: name, Discipline: casework.ChildWorker,
			Organisation: organisation, Language: "nl", Active: true}, "hash of "+name, noon)
	})
	return user
}

// open makes a case of two events with a member, and gives its id.
func (h house) open(t testing.TB, name string, member casework.UserID) casework.CaseID {
	t.Helper()
	c := id[casework.CaseID](name)
	h.transact(t, func(tx *store.Tx) error {
		if err := tx.CreateCase(t.Context(), c, member, noon); err != nil {
			return err
		}
		return tx.PutMember(t.Context(), c, store.Membership{Ground: "test",
			Member: casework.Member{User: member, Role: casework.Chair, From: noon}})
	})
	h.append(t, c, member, &casework.CaseOpened{Name: text("name", name)},
		&casework.ColumnAdded{Column: id[casework.ColumnID]("COLUMN"), Title: text("column", "kolom")})
	return c
}

func text(name, body string) casework.Text {
	return casework.Text{ID: id[casework.TextID](name), Body: body}
}

// append adds changes to a case as one command.
func (h house) append(t testing.TB, c casework.CaseID, actor casework.UserID, changes ...casework.Change) []casework.Event {
	t.Helper()
	var events []casework.Event
	h.transact(t, func(tx *store.Tx) error {
		events = nil
		heads, err := tx.LockCases(t.Context(), []casework.CaseID{c})
		if err != nil {
			return err
		}
		for i, change := range changes {
			events = append(events, casework.Event{Seq: heads[c] + int64(i) + 1, Epoch: 1, Actor: actor, At: noon,
				Command: id[casework.CommandID]("COMMAND"), Change: change})
		}
		return tx.AppendEvents(t.Context(), []store.Append{{Case: c, Events: events}})
	})
	return events
}

// draft is a card with a title and a text.
func draft(card casework.CardID, title, body casework.Text) *casework.CardDrafted {
	return &casework.CardDrafted{Card: card, Column: id[casework.ColumnID]("COLUMN"), Title: title, Text: body, Class: casework.Shared,
		Labels: casework.Labels{Kind: casework.Fact}, Author: casework.Author{User: id[casework.UserID]("iris"), Discipline: casework.ChildWorker}}
}

// record adds a line of the access log for an account.
func (h house) record(t testing.TB, name string, account casework.UserID, c casework.CaseID) {
	t.Helper()
	h.transact(t, func(tx *store.Tx) error {
		return tx.Record(t.Context(), audit.Record{ID: id[string](name), At: noon, Event: "join", Action: audit.Read, Outcome: audit.Done,
			User: account, Case: c})
	})
}

// load folds a case from its newest snapshot on.
func (h house) load(t testing.TB, c casework.CaseID) *casework.State {
	t.Helper()
	state, err := h.LoadState(t.Context(), h.Reader(), c)
	if err != nil {
		t.Fatal(err)
	}
	return state
}
