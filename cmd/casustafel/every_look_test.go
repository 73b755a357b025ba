package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/liveclient"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// looksAtAll is how many operations all people of TestEveryLookIsOnTheRecord do
// together.
const looksAtAll = 10_000

// noCase is a case that is nowhere.
const noCase casework.CaseID = "AAAAAAAAAAAAAAAA"

// What is on the record is what happened, one to one: random people do random things
// at several tables, on pages and in the log itself, and everybody keeps a journal of
// what was asked and what came of it. From the journals alone follows what must be on
// record of everybody, in which order; nothing is missing, and nothing more is there.
// Everything that anybody was told at a table lies within a stay on the record, which
// names the persons it was about.
func TestEveryLookIsOnTheRecord(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	all := &lookers{table: tb, node: n, cases: []casework.CaseID{tb.id}}
	all.gather()
	begun := all.lastRecord()
	var people sync.WaitGroup
	for _, p := range all.people {
		people.Go(func() { p.live(p.share) })
	}
	people.Wait()
	if t.Failed() {
		return
	}
	records := all.recordsSince(begun)
	kinds := map[string]int{}
	for _, p := range all.people {
		p.compare(records[p.user], kinds)
	}
	t.Logf("-seed %d: %v", *seed, kinds)
	for _, must := range []string{"join done", "join refused", "leave done", "command done", "command refused", "history done", "version done",
		"view_records done", "view_records refused", "view_team done", "view_team refused", "export_log done", "export_log refused", "export refused", "sign_in done", "sign_out done", "list_cases done"} {
		if kinds[must] < 10 {
			t.Errorf("the history is too tame: %d times %s", kinds[must], must)
		}
	}
}

// lookers are everybody who looks, and where.
type lookers struct {
	*table
	node   *node
	cases  []casework.CaseID
	people []*looker
}

// gather opens tables beside the demo case, and brings people to some of them.
func (all *lookers) gather() {
	t := all.t
	t.Helper()
	for range 3 {
		all.cases = append(all.cases, all.openCase(all.node, "Hanneke"))
	}
	names := []string{"Hanneke", "Iris", "Daan", "Mirthe", "Ruben", "Els"}
	for _, more := range []app.NewUser{
		{Name: "Sanne", Discipline: casework.ChildWorker, Organisation: "Opvang De Linde (verzonnen)"},
		{Name: "Yusuf", Discipline: casework.AmbulantWorker, Organisation: "Elders (verzonnen)"},
		{Name: "Olga", Discipline: casework.ExpertByExperience, Organisation: "Elders (verzonnen)"},
		{Name: "Bo", Discipline: casework.Manager, Organisation: "Elders (verzonnen)"},
	} {
		more.Login, more.Demo = strings.ToLower(more.Name)+"@demo.example", true
		id, err := all.node.app.AddUser(t.Context(), more)
		if err != nil {
			t.Fatal(err)
		}
		all.users[more.Name], names = id, append(names, more.Name)
	}
	seats := map[string]casework.Role{"Iris": casework.ChildWorker, "Daan": casework.AmbulantWorker, "Mirthe": casework.MentalHealth,
		"Ruben": casework.PerpetratorSupport, "Sanne": casework.ChildWorker, "Yusuf": casework.AmbulantWorker}
	for i, name := range slices.Sorted(maps.Keys(seats)) {
		for c, id := range all.cases[1:] {
			if (i+c)%3 == 0 {
				continue
			}
			if err := all.node.app.SetMember(t.Context(), chair, id, store.Membership{Ground: "test",
				Member: casework.Member{User: all.users[name], Role: seats[name], From: time.Now().Add(-time.Minute)}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i, name := range names {
		p := &looker{all: all, name: name, user: all.users[name], whim: newWhim(*seed + uint64(i)), browser: all.browser(all.node, name),
			wrote: map[string]bool{}, versions: map[casework.CardID]casework.TextID{}, share: 100}
		p.words = i * 100_000
		all.people = append(all.people, p)
	}
	atTables := all.people[:5] // and Sanne and Yusuf at some: they do the most
	atTables = append(slices.Clip(atTables), all.people[6:8]...)
	for left := looksAtAll - 100*len(all.people); left > 0; left-- {
		atTables[left%len(atTables)].share++
	}
}

// looker is one of them, with the journal of what was done and what came of it.
type looker struct {
	all  *lookers
	name string
	user casework.UserID
	*whim
	browser  *liveclient.Browser
	at       *watcher // nil: at no table
	case_    casework.CaseID
	only     bool // looks through other eyes, and does nothing
	share    int  // of all operations
	journal  []happening
	stays    []stayed
	wrote    map[string]bool // in which notes something of this person is on record
	versions map[casework.CardID]casework.TextID
}

// happening is what must be on record of one thing that somebody did.
type happening struct {
	event   audit.Event
	outcome audit.Outcome
	case_   casework.CaseID
	request string // of a command
	may     bool   // or may not: a stretch of writing goes on
	// It was refused, perhaps after the look was on record as done.
	withheld bool
}

// stands tells whether it is what a line of the log says.
func (h happening) stands(l happening) bool {
	if h.withheld {
		h.outcome = l.outcome
	}
	return h.String() == l.String()
}

func (h happening) String() string {
	return strings.Join([]string{string(h.event), string(h.outcome), string(h.case_), h.request}, " ")
}

// stayed is a stay at a table, as its client had it.
type stayed struct {
	case_ casework.CaseID
	as    string
	seen  *watcher
}

func (p *looker) did(event audit.Event, done bool, id casework.CaseID, request string) {
	h := happening{event: event, outcome: audit.Refused, case_: id, request: request}
	if done {
		h.outcome = audit.Done
	}
	p.journal = append(p.journal, h)
}

// live does so many things, one after another.
func (p *looker) live(operations int) {
	for range operations {
		if p.all.t.Failed() {
			return
		}
		switch r := p.IntN(100); {
		case r < 4 || p.manages():
			p.page() // managers have no seat
		case r < 5 && p.chance(30):
			p.signInAnew()
		case p.at == nil:
			p.join()
		case r < 7:
			p.leave()
		case p.only:
			p.leave()
		case r < 11:
			p.history()
		case r < 15:
			p.version()
		default:
			p.command()
		}
	}
	if p.at != nil {
		p.leave()
	}
}

func (p *looker) fail(what string, err any) {
	p.all.t.Errorf("-seed %d: %s: %s: %v", *seed, p.name, what, err)
}

func (p *looker) join() {
	id, as := one(p.whim, p.all.cases), ""
	if p.chance(5) {
		id = noCase
	}
	switch {
	case p.chance(5):
		as = "screen"
	case p.chance(5):
		as = string(p.all.users[one(p.whim, []string{"Iris", "Daan", "Ruben", "Olga"})])
	}
	c, err := p.browser.Open(p.all.t.Context())
	if err != nil {
		p.fail("open a socket", err)
		return
	}
	if err := c.Send(map[string]any{"t": "join", "case": id, "as": as}); err != nil {
		p.fail("join", err)
		return
	}
	hello, err := c.Until(isHello)
	if err != nil {
		if liveclient.CloseCode(err) != 4101 {
			p.fail("join", err)
		}
		p.did("join", false, id, "")
		c.Close() //nolint:errcheck // it is over
		return
	}
	p.did("join", true, id, "")
	w := watch(p.all.t, p.name, c)
	w.mu.Lock()
	w.frames = append([][]byte{hello.Raw}, w.frames...)
	w.mu.Unlock()
	p.at, p.case_, p.only = w, id, as != ""
	p.stays = append(p.stays, stayed{id, as, w})
}

// leave goes away, with a goodbye or without.
func (p *looker) leave() {
	if p.chance(50) {
		p.at.client.Kill() //nolint:errcheck // that is the point
	} else {
		p.at.leave()
	}
	p.at = nil
}

func (p *looker) command() {
	name, with := p.whim.command(p.user, p.at.sees())
	if name == "close_case" && p.name == "Hanneke" {
		name, with = "rename_case", map[string]any{"name": p.text(p.user)} // a closed case is a tame one
	}
	id := casework.NewID[casework.CommandID](zeros{p.Rand})
	m, ok := p.at.askAs(p.patience(), id, name, with)
	if !ok {
		p.fail("no answer to "+name, p.at.failed())
		return
	}
	if m.Error != nil && m.Error.Kind != casework.Denied && m.Error.Kind != casework.NotFound && m.Error.Kind != casework.Conflict && m.Error.Kind != casework.Invalid {
		p.fail(name, m.Error)
	}
	p.did("command", m.OK, p.case_, string(id))
	if note := string(p.case_) + fmt.Sprint(with["card"]); name == "write_note" && m.OK {
		p.journal[len(p.journal)-1].may = p.wrote[note]
		p.wrote[note] = true
	}
}

func (p *looker) history() {
	card := p.card(p.at.sees(), nil)
	m, ok := p.question(map[string]any{"t": "history", "card": card})
	if !ok {
		return
	}
	p.asked("history", m)
	for _, line := range m.Lines {
		if line.Version != "" {
			p.versions[card] = line.Version
		}
	}
}

func (p *looker) version() {
	card := p.card(p.at.sees(), func(c view.Card) bool { return p.versions[c.ID] != "" })
	version := cmp.Or(p.versions[card], casework.TextID(p.absent))
	if m, ok := p.question(map[string]any{"t": "version", "card": card, "version": version}); ok {
		p.asked("version", m)
	}
}

// asked notes down a question. What was looked up and then withheld, as it changed or
// was hidden meanwhile, may be on record as looked up.
func (p *looker) asked(event audit.Event, m liveclient.Message) {
	p.did(event, m.Error == nil, p.case_, "")
	last := &p.journal[len(p.journal)-1]
	last.withheld = m.Error != nil
	last.may = m.Error != nil && m.Error.Kind == casework.Unavailable
}

// question asks something of a table. What cannot be told at this moment is asked
// again.
func (p *looker) question(ask map[string]any) (liveclient.Message, bool) {
	id := casework.NewID[casework.CommandID](zeros{p.Rand})
	ask["id"] = id
	if err := p.at.client.Send(ask); err != nil {
		p.fail("ask", err)
		return liveclient.Message{}, false
	}
	m, ok := p.at.answerTo(p.patience(), id)
	if !ok {
		p.fail(fmt.Sprint("no answer to ", ask["t"]), p.at.failed())
	}
	return m, ok
}

// patience bounds one wait: only a hang takes this long.
func (p *looker) patience() context.Context {
	ctx, cancel := context.WithTimeout(p.all.t.Context(), time.Minute)
	p.all.t.Cleanup(cancel)
	return ctx
}

// zeros draws random bytes from a source of whims.
type zeros struct{ *rand.Rand }

func (z zeros) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(z.Uint32())
	}
	return len(b), nil
}
