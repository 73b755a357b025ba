package app_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/policies"
)

// stall holds the access epoch as a change of rights does, with one command of
// the committer waiting for it: what is queued until letGo comes in one batch.
func (c conference) stall(t *testing.T) (letGo func()) {
	t.Helper()
	tx, err := c.admin.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(`SELECT pg_advisory_xact_lock(7513, 1)`); err != nil {
		t.Fatal(err)
	}
	plug := c.queue(t, "hanneke", c.id, "rename_case", with{"name": "Zilverlinde"})
	c.blocked(t, 1)
	return func() {
		if err := tx.Rollback(); err != nil {
			t.Fatal(err)
		}
		if a := answer(t, plug); a.Refusal != nil {
			t.Error("the command that waited:", a.Refusal)
		}
	}
}

// transactions counts in how many the events of a type were written.
func (c conference) transactions(t *testing.T, eventType string) int {
	t.Helper()
	return one[int](t, c.door, `SELECT count(DISTINCT xmin::text) FROM event WHERE type = $1`, eventType)
}

func TestManyCasesInOneBatch(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	ids := []casework.CaseID{c.id}
	for i := range 4 {
		ids = append(ids, c.open(t, fmt.Sprint("Casus ", i)))
	}
	letGo := c.stall(t)
	var answers []<-chan board.Answer
	for round := range 3 {
		for i, id := range ids {
			answers = append(answers, c.queue(t, "hanneke", id, "rename_case", with{"name": fmt.Sprint("Nieuw ", i, " ", round)}))
		}
	}
	letGo()
	for _, a := range answers {
		if got := answer(t, a); got.Refusal != nil {
			t.Error(got.Refusal)
		}
	}
	if n := c.transactions(t, "case_renamed"); n != 1 {
		t.Errorf("%d transactions", n)
	}
	for i, id := range ids {
		if state := c.state(t, id); state.Name.Body != fmt.Sprint("Nieuw ", i, " 2") {
			t.Errorf("the name is %q", state.Name.Body)
		}
	}
}

// A command that PostgreSQL refuses fails alone; the others of its batch, of
// other cases and of its own, are carried out.
func TestBadCommandFailsAlone(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	other := c.open(t, "Andere")
	c.exec(t, `CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.type = ''column_moved'' THEN RAISE EXCEPTION ''poison''; END IF; RETURN NEW; END'`,
		`CREATE TRIGGER poison BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION poison()`)
	before := c.state(t, c.id)
	letGo := c.stall(t)
	first := c.queue(t, "hanneke", c.id, "rename_case", with{"name": "Eerst"})
	bad := c.queue(t, "hanneke", c.id, "move_column", with{"column": before.Columns[1].ID})
	second := c.queue(t, "hanneke", c.id, "rename_column", with{"column": before.Columns[0].ID, "title": "Daarna"})
	third := c.queue(t, "hanneke", other, "rename_case", with{"name": "Elders"})
	denied := c.queue(t, "ruben", c.id, "close_case", with{})
	letGo()
	if got := answer(t, bad); got.Refusal == nil || got.Refusal.Kind != casework.Internal {
		t.Errorf("the bad one: %v", got.Refusal)
	}
	for _, a := range []<-chan board.Answer{first, second, third} {
		if got := answer(t, a); got.Refusal != nil {
			t.Errorf("a neighbour: %v", got.Refusal)
		}
	}
	if got := answer(t, denied); got.Refusal == nil || got.Refusal.Kind != casework.Denied {
		t.Errorf("a neighbour that is denied: %v", got.Refusal)
	}
	state := c.state(t, c.id)
	if state.Name.Body != "Eerst" || state.Columns[0].Title.Body != "Daarna" || state.Columns[1].ID != before.Columns[1].ID {
		t.Errorf("the case is %q, %q", state.Name.Body, state.Columns[0].Title.Body)
	}
	if name := c.state(t, other).Name.Body; name != "Elders" {
		t.Errorf("the other case is %q", name)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE detail->>'command' = 'close_case' AND outcome = 'refused'`); n != 1 {
		t.Errorf("%d records of the denied one", n)
	}
}

// Nothing that a member sends can fail a batch or come into the access log as an
// object: neither through a rule that checks before it denies, nor through one
// that does not.
func TestNoIDFailsABatch(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	closed := c.open(t, "Gesloten") // so that everything is denied there
	if a := answer(t, c.queue(t, "hanneke", closed, "close_case", with{})); a.Refusal != nil {
		t.Fatal(a.Refusal)
	}
	const bad = "Kanariegeel\x00"
	letGo := c.stall(t)
	before := c.queue(t, "hanneke", c.id, "rename_case", with{"name": "Eerst"})
	answers := []<-chan board.Answer{c.queue(t, "iris", closed, "rename_column", with{"column": bad, "title": "x"}),
		c.queue(t, "iris", closed, "move_column", with{"column": bad}), c.queue(t, "iris", closed, "remove_column", with{"column": bad, "to": bad})}
	hasty, ok := c.Enqueue(c.actor("iris"), closed, fresh(), "hasty", hasty(bad))
	if !ok {
		t.Fatal("not accepted")
	}
	after := c.queue(t, "hanneke", c.id, "rename_case", with{"name": "Daarna"})
	letGo()
	for _, a := range answers {
		if got := answer(t, a); got.Refusal == nil || got.Refusal.Kind != casework.NotFound {
			t.Errorf("answered %v", got.Refusal)
		}
	}
	if got := answer(t, hasty); got.Refusal == nil || got.Refusal.Kind != casework.Denied {
		t.Errorf("answered %v", got.Refusal)
	}
	for _, a := range []<-chan board.Answer{before, after} {
		if got := answer(t, a); got.Refusal != nil {
			t.Error(got.Refusal)
		}
	}
	if n := c.transactions(t, "case_renamed"); n != 1 {
		t.Errorf("the batch was split into %d", n)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record r WHERE r::text LIKE '%Kanariegeel%'`); n != 0 {
		t.Errorf("%d records hold what was typed", n)
	}
}

// hasty is a command that denies before it looks whether its object is there.
type hasty string

func (h hasty) Target() (kind, id string) { return "column", string(h) }

func (hasty) Decide(board.Seat, board.Env) (board.Decision, error) {
	return board.Decision{}, casework.Refuse(casework.Denied, "not_allowed")
}

// A case whose log does not fold is a fault of ours; one with an event that only
// a newer node knows can be served again.
func TestCaseThatCannotBeServed(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]casework.ErrorKind{`data = '[]'`: casework.Internal, `type = 'of_tomorrow'`: casework.Unavailable} {
		c := newConference(t)
		c.exec(t, `UPDATE event SET `+data+` WHERE seq = 1`)
		if got := c.ask(t, "hanneke", "rename_case", with{"name": "x"}); got.Refusal == nil || got.Refusal.Kind != want {
			t.Errorf("%s: %v", data, got.Refusal)
		}
	}
}

// panicking is a command with a fault in its rule.
type panicking struct{}

func (panicking) Target() (kind, id string) { return "card", "" }

func (panicking) Decide(board.Seat, board.Env) (board.Decision, error) { panic("Kanariegeel") }

// bringing is a command that changes what it is made of.
type bringing struct{ casework.Change }

func (bringing) Target() (kind, id string) { return "card", "" }

func (b bringing) Decide(board.Seat, board.Env) (board.Decision, error) {
	return board.Decision{Changes: []casework.Change{b.Change}}, nil
}

// unsaid is a change that folds but cannot be written.
type unsaid struct{ *casework.CaseRenamed }

// Texts panics.
func (unsaid) Texts() []*casework.Text { panic("Kanariegeel") }

// A panic on the way of one command, wherever it is, costs that command alone.
func TestPanicIsContained(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]struct {
		command      board.Command
		transactions int // of its neighbours
	}{
		"in the rule":     {panicking{}, 1},
		"in the fold":     {bringing{(*casework.CardTabled)(nil)}, 1},
		"while it writes": {bringing{unsaid{&casework.CaseRenamed{Name: casework.Text{ID: casework.TextID(fresh()), Body: "Kanariegeel"}}}}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConference(t)
			letGo := c.stall(t)
			before := c.queue(t, "hanneke", c.id, "rename_case", with{"name": "Ervoor"})
			fault, ok := c.Enqueue(c.actor("iris"), c.id, fresh(), "panicking", bad.command)
			if !ok {
				t.Fatal("not accepted")
			}
			after := c.queue(t, "hanneke", c.id, "rename_case", with{"name": "Erna"})
			letGo()
			if got := answer(t, fault); got.Refusal == nil || got.Refusal.Kind != casework.Internal {
				t.Errorf("answered %v", got.Refusal)
			}
			for _, a := range []<-chan board.Answer{before, after} {
				if got := answer(t, a); got.Refusal != nil {
					t.Error(got.Refusal)
				}
			}
			if n := c.transactions(t, "case_renamed"); n != bad.transactions {
				t.Errorf("its neighbours were written in %d transactions", n)
			}
			if name := c.state(t, c.id).Name.Body; name != "Erna" {
				t.Errorf("the case is %q", name)
			}
			if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE request <> '' AND account = $1 AND role = 'child_worker'
				AND outcome = 'refused' AND detail->>'reason' = 'internal'`, c.users["iris"]); bad.transactions == 1 && n != 1 {
				t.Errorf("%d records", n)
			}
		})
	}
}

// A committer that stops waits for a case of another node as calmly as before.
func TestStoppingIsNoHotLoop(t *testing.T) {
	t.Parallel()
	const times = 20
	if took := app.TakeWhileStopping(times); took < times*app.LockedOut {
		t.Errorf("it looked %d times within %v", times, took)
	}
}

// A case that another node holds waits its turn and delays nobody.
func TestHeldCaseDelaysNobody(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	other := c.open(t, "Andere")
	letGo := c.hold(t, c.id)
	waits := c.queue(t, "hanneke", c.id, "rename_case", with{"name": "Later"})
	for i := range 10 {
		if got := answer(t, c.queue(t, "hanneke", other, "rename_case", with{"name": fmt.Sprint(i)})); got.Refusal != nil {
			t.Error(got.Refusal)
		}
	}
	select {
	case got := <-waits:
		t.Fatalf("the held one was answered: %v", got.Refusal)
	default:
	}
	letGo()
	if got := answer(t, waits); got.Refusal != nil {
		t.Error(got.Refusal)
	}
}

func TestFullQueueRefuses(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	letGo := c.stall(t)
	decoded, err := board.Decode("rename_case", []byte(`{"name":"Zilverlinde"}`))
	if err != nil {
		t.Fatal(err)
	}
	var answers []<-chan board.Answer
	for {
		a, ok := c.Enqueue(c.actor("iris"), c.id, fresh(), "rename_case", decoded)
		if !ok {
			break
		}
		answers = append(answers, a)
	}
	got := c.ask(t, "hanneke", "rename_case", with{"name": "Te veel"})
	letGo()
	if len(answers) != app.QueueLength {
		t.Errorf("%d waited", len(answers))
	}
	if got.Refusal == nil || got.Refusal.Kind != casework.Unavailable {
		t.Errorf("one more: %v", got.Refusal)
	}
	for _, a := range answers {
		answer(t, a)
	}
	if got := c.ask(t, "hanneke", "rename_case", with{"name": "Weer ruimte"}); got.Refusal != nil {
		t.Error(got.Refusal)
	}
}

func TestCloseFinishesWhatWasAccepted(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	rules, err := policy.Parse(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	closing := c
	closing.App = app.New(app.Config{Store: c.store, Policy: rules, Node: "closing", Now: c.clock.Now})
	letGo := closing.stall(t)
	var answers []<-chan board.Answer
	for i := range 40 {
		answers = append(answers, closing.queue(t, "hanneke", c.id, "rename_case", with{"name": fmt.Sprint("Naam ", i)}))
	}
	closed := make(chan struct{})
	go func() {
		closing.Close()
		close(closed)
	}()
	letGo()
	for _, a := range answers {
		if got := answer(t, a); got.Refusal != nil {
			t.Error(got.Refusal)
		}
	}
	<-closed
	if name := c.state(t, c.id).Name.Body; name != "Naam 39" {
		t.Errorf("the name is %q", name)
	}
	if got := closing.ask(t, "hanneke", "rename_case", with{"name": "Te laat"}); got.Refusal == nil || got.Refusal.Kind != casework.Unavailable {
		t.Errorf("after it: %v", got.Refusal)
	}
	if name := c.state(t, c.id).Name.Body; name != "Naam 39" {
		t.Errorf("carried out after it: %q", name)
	}
}

// Two nodes write in one case: one order without a gap, nothing twice or lost.
func TestTwoNodesOnOneCase(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	second := c
	second.App = c.node(t, "second", c.store)
	const each = 25
	var all sync.WaitGroup
	for _, node := range []conference{c, second} {
		for _, name := range []string{"hanneke", "iris"} {
			all.Go(func() {
				for i := range each {
					got := node.ask(t, name, "draft_card", with{"column": c.column(t), "title": fmt.Sprint(name, i), "class": "shared", "kind": "question"})
					if got.Refusal != nil || got.Made == "" {
						t.Errorf("%s: %v", name, got.Refusal)
					}
				}
			})
		}
	}
	all.Wait()
	state := c.state(t, c.id)
	if len(state.Cards) != 4*each {
		t.Errorf("%d cards", len(state.Cards))
	}
	if n := one[int64](t, c.door, `SELECT count(*) FROM event WHERE case_id = $1`, c.id); n != state.Seq {
		t.Errorf("%d events up to seq %d", n, state.Seq)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM command WHERE case_id = $1`, c.id); n != 4*each {
		t.Errorf("%d commands", n)
	}
	if n := one[int](t, c.door, `SELECT count(DISTINCT access_point) FROM record WHERE event = 'command' AND outcome = 'done'`); n != 2 {
		t.Errorf("%d nodes wrote", n)
	}
}

// What is written after an erasure in one batch stays, in memory and in the log.
func TestErasureAndEditInOneBatch(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	card := c.card(t, "iris", "adres van oma", with{"text": "adres"})
	letGo := c.stall(t)
	erase := c.queue(t, "hanneke", c.id, "redact", with{"card": card})
	title := c.state(t, c.id).Cards[card].Title.ID
	edit := c.queue(t, "iris", c.id, "retitle_card", with{"card": card, "title": "zonder", "base": title})
	letGo()
	for _, a := range []<-chan board.Answer{erase, edit} {
		if got := answer(t, a); got.Refusal != nil {
			t.Fatal(got.Refusal)
		}
	}
	if got := c.state(t, c.id).Cards[card]; got.Title.Body != "zonder" || got.Title.Redacted || got.Text.Body != "" || !got.Text.Redacted {
		t.Errorf("the card is %+v", got)
	}
}
