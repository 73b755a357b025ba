package app_test

import (
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/patience"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/store/storetest"
	"github.com/casustafel/casustafel/policies"
)

// with are the fields of a command.
type with map[string]any

// conference is a door with a case and four people at its table.
type conference struct {
	door
	id     casework.CaseID
	users  map[string]casework.UserID
	config store.Config
	store  *store.Store
}

var roles = map[string]casework.Role{"hanneke": casework.Chair, "iris": casework.ChildWorker, "daan": casework.AmbulantWorker,
	"ruben": casework.PerpetratorSupport}

func newConference(t *testing.T) conference {
	t.Helper()
	database := server.Database(t)
	config := server.Config(database, storetest.Keys(t))
	s := storetest.Open(t, config)
	admin, err := sql.Open("postgres", server.DSN(database))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		wholeRecords(t, admin)
		admin.Close()
	})
	c := conference{door: door{clock: &clock{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}, admin: admin},
		users: map[string]casework.UserID{}, config: config, store: s}
	c.App = c.node(t, "test", s)
	for name, role := range roles {
		c.users[name] = c.person(t, name, role).Account.ID
	}
	c.id = c.open(t, "Zilverlinde")
	return c
}

// node is another door on the same database.
func (c conference) node(t *testing.T, name string, s *store.Store) *app.App {
	t.Helper()
	rules, err := policy.Parse(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	a := app.New(app.Config{Store: s, Policy: rules, Node: name, Now: c.clock.Now})
	t.Cleanup(a.Close)
	if goOn, err := a.ConfirmStays(t.Context()); err != nil || !goOn {
		t.Fatal("no life in which stays begin:", err)
	}
	return a
}

// person makes an account and signs it in.
func (c conference) person(t *testing.T, login string, role casework.Role) app.Session {
	t.Helper()
	id, err := c.AddUser(t.Context(), app.NewUser{Login: login, Name: login, Discipline: role, Organisation: "De Linde", Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	return c.session(t, id, role)
}

func (c conference) session(t *testing.T, id casework.UserID, role casework.Role) app.Session {
	t.Helper()
	return app.Session{Account: identity.Account{ID: id, Discipline: role, Language: "nl",
		Organisation: casework.OrganisationID(one[string](t, c.door, `SELECT organisation FROM account WHERE id = $1`, id))}}
}

// open opens a case as Hanneke and seats the others.
func (c conference) open(t *testing.T, name string) casework.CaseID {
	t.Helper()
	id, err := c.OpenCase(t.Context(), c.session(t, c.users["hanneke"], casework.Chair), fresh(), name, app.Templates[0])
	if err != nil {
		t.Fatal(err)
	}
	for name, role := range roles {
		if name != "hanneke" {
			c.seat(t, id, name, role)
		}
	}
	return id
}

func (c conference) seat(t *testing.T, id casework.CaseID, name string, role casework.Role) {
	t.Helper()
	m := store.Membership{Ground: "treatment", Member: casework.Member{User: c.users[name], Role: role, From: c.clock.Now()}}
	if err := c.SetMember(t.Context(), audit.Actor{User: c.users["hanneke"], Door: "test"}, id, m); err != nil {
		t.Fatal(err)
	}
}

func (c conference) actor(name string) audit.Actor {
	return audit.Actor{User: c.users[name], Door: "live", Request: "CONNECTION"}
}

func fresh() casework.CommandID { return casework.NewID[casework.CommandID](rand.Reader) }

// ask carries out a command of somebody at the table.
func (c conference) ask(t *testing.T, name, command string, fields with) board.Answer {
	t.Helper()
	return c.Do(t.Context(), c.actor(name), c.id, fresh(), command, body(t, fields))
}

// made carries out a command that has to succeed and gives what it made.
func (c conference) made(t *testing.T, name, command string, fields with) string {
	t.Helper()
	answer := c.ask(t, name, command, fields)
	if answer.Refusal != nil {
		t.Fatalf("%s may not %s: %v", name, command, answer.Refusal)
	}
	return answer.Made
}

func body(t *testing.T, fields with) []byte {
	t.Helper()
	b, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// state is the case as its log has it.
func (c conference) state(t *testing.T, id casework.CaseID) *casework.State {
	t.Helper()
	state, err := c.store.LoadState(t.Context(), c.store.Reader(), id)
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// column is the first column of the case.
func (c conference) column(t *testing.T) casework.ColumnID {
	t.Helper()
	return c.state(t, c.id).Columns[0].ID
}

// card drafts a card for the whole table and puts it there.
func (c conference) card(t *testing.T, by, title string, fields with) casework.CardID {
	t.Helper()
	all := with{"column": c.column(t), "title": title, "class": "shared", "kind": "question"}
	for k, v := range fields {
		all[k] = v
	}
	id := c.made(t, by, "draft_card", all)
	c.made(t, by, "table_card", with{"card": id})
	return casework.CardID(id)
}

// hold keeps the rows of the cases from every committer until let go.
func (c conference) hold(t *testing.T, ids ...casework.CaseID) (letGo func()) {
	t.Helper()
	tx, err := c.admin.Begin()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		if _, err := tx.Exec(`SELECT 1 FROM cases WHERE id = $1 FOR UPDATE`, id); err != nil {
			t.Fatal(err)
		}
	}
	return func() {
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
	}
}

// queue queues a command of somebody at a table and gives where its answer comes.
func (c conference) queue(t *testing.T, name string, id casework.CaseID, command string, fields with) <-chan board.Answer {
	t.Helper()
	decoded, err := board.Decode(command, body(t, fields))
	if err != nil {
		t.Fatal(err)
	}
	answer, ok := c.Enqueue(c.actor(name), id, fresh(), command, decoded)
	if !ok {
		t.Fatal("not accepted")
	}
	return answer
}

// answer waits for an answer.
func answer(t *testing.T, from <-chan board.Answer) board.Answer {
	t.Helper()
	return patience.Next(t, "an answer", from)
}

// blocked waits until n transactions wait for somebody's lock.
func (c conference) blocked(t *testing.T, n int) {
	t.Helper()
	patience.Eventually(t, fmt.Sprint("waiting are ", n), func() bool {
		return one[int](t, c.door, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) >= n
	})
}

// exec runs a statement as the superuser, round every rule.
func (c conference) exec(t *testing.T, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := c.admin.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}
