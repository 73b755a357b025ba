package main

import (
	"crypto/rand"
	"flag"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/liveclient"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

var secretHistories = flag.Int("secret-histories", 200, "how many random histories to play against the running server")

// secretSteps is how many random commands a history has.
const secretSteps = 14

// Promise 1 against the running server: random histories with a canary in every
// text, on two nodes. No frame and no page holds a canary that its reader could
// not read at some moment until then, told by the plain rule of casetest; no
// log, metric or error page holds any.
func TestNothingHiddenIsTold(t *testing.T) {
	tb, seeding := newTable(t)
	log, err := os.Stat(server.Cluster().LogFile())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("-seed %d", *seed)
	told := &secretsTold{table: tb, outside: tb.sql(), browsers: map[string]*liveclient.Browser{}}
	for name := range tb.users {
		told.browsers[name] = tb.browser(seeding, name)
	}
	for told.next < *secretHistories && !t.Failed() {
		told.batch()
	}
	t.Logf("%d histories: %d canaries came by right, %d were kept from somebody, %d pages", told.next, told.came, told.hidden, told.pages)
	if told.came < *secretHistories*20 || told.hidden < *secretHistories*20 {
		t.Error("the histories are too tame")
	}
	noCanary(t, "the log", tb.log.String())
	after, err := os.ReadFile(server.Cluster().LogFile())
	if err != nil {
		t.Fatal(err)
	}
	noCanary(t, "PostgreSQL's log", string(after[min(int64(len(after)), log.Size()):]))
}

// secretsTold is what became of the histories so far.
type secretsTold struct {
	*table
	outside  *sqlx.DB
	browsers map[string]*liveclient.Browser

	mu                        sync.Mutex
	next, came, hidden, pages int
}

// batch plays some histories, a few at a time, on two nodes of their own.
func (s *secretsTold) batch() {
	counting := s.startAs(serveCmd{Node: "counting", Metrics: freeAddress(s.t), limits: unlimited}, s.db())
	nodes := []*node{counting, s.start("second")}
	var players sync.WaitGroup
	upTo := min(s.next+50, *secretHistories)
	for range 5 {
		players.Go(func() {
			for n, ok := s.draw(upTo); ok && !s.t.Failed(); n, ok = s.draw(upTo) {
				h := &secretHistory{table: s.table, whim: newWhim(*seed + uint64(n)), seed: *seed + uint64(n), nodes: nodes, browsers: s.browsers,
					members: map[string]*secretMember{}, allowed: map[casework.UserID]map[string]bool{},
					told: map[string][]casework.TextID{}, kept: map[era][]string{}}
				h.words = (n + 1) * 1000 // no two histories write the same
				h.play()
				s.over(h.id)
				s.mu.Lock()
				s.came, s.hidden, s.pages = s.came+h.came, s.hidden+h.hidden, s.pages+h.pages
				s.mu.Unlock()
			}
		})
	}
	players.Wait()
	noCanary(s.t, "the metrics", metricsOf(s.t, counting))
	for _, n := range nodes {
		if err := n.close(); err != nil {
			s.t.Error("close a node:", err)
		}
	}
}

// over takes a case from everybody's list, which would grow with each history.
func (s *secretsTold) over(id casework.CaseID) {
	if _, err := s.outside.ExecContext(s.t.Context(), `UPDATE membership SET valid_until = now() WHERE case_id = $1`, id); err != nil {
		s.t.Error("end the team of a history:", err)
	}
}

func (s *secretsTold) draw(upTo int) (n int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next >= upTo {
		return 0, false
	}
	s.next++
	return s.next - 1, true
}

// secretHistory is one case, played from its opening on.
type secretHistory struct {
	*table
	*whim
	seed                uint64
	nodes               []*node
	browsers            map[string]*liveclient.Browser
	id                  casework.CaseID
	members             map[string]*secretMember
	rights              []rightsFrom
	allowed             map[casework.UserID]map[string]bool
	told                map[string][]casework.TextID // versions of a card that anybody was told of
	kept                map[era][]string             // what versions of a card's era say, in the order of the log
	came, hidden, pages int
}

type secretMember struct {
	*watcher
	member casework.Member
	past   [][]byte // frames of earlier connections
}

// era of a card: who may read it reads all that was written in it.
type era struct {
	card casework.CardID
	n    int
}

// rightsFrom is who sits at the table from a seq on.
type rightsFrom struct {
	seq    int64
	access *casework.Access
}

var secretTeam = map[string]casework.Role{"Iris": casework.ChildWorker, "Daan": casework.AmbulantWorker, "Mirthe": casework.MentalHealth,
	"Ruben": casework.PerpetratorSupport, "Hanneke": casework.Chair}

var secretNames = []string{"Daan", "Hanneke", "Iris", "Mirthe", "Ruben"}

func (h *secretHistory) play() {
	h.id = h.openCaseAs("Hanneke", casework.Chair, h.text(h.users["Hanneke"]))
	for _, name := range secretNames {
		h.members[name] = &secretMember{member: casework.Member{User: h.users[name], Role: secretTeam[name], From: time.Now().Add(-time.Hour)}}
	}
	defer func() {
		for _, m := range h.members {
			if m.watcher != nil {
				m.leave()
			}
		}
	}()
	hanneke := h.members["Hanneke"]
	h.put("Hanneke")
	h.sitDown("Hanneke")
	for _, class := range []casework.Class{casework.Shared, casework.Safety, casework.Confidential, casework.Shared} {
		hanneke.ask(h.t.Context(), "add_person", map[string]any{"kind": one(h.whim, casework.Views[:4]), "class": class, "name": h.text(hanneke.member.User)})
	}
	for _, name := range secretNames {
		if name != "Hanneke" {
			h.besides(name)
			h.sitDown(name)
		}
	}
	for range secretSteps {
		name := one(h.whim, secretNames)
		m := h.members[name]
		switch {
		case h.chance(8):
			h.besides(one(h.whim, secretNames))
		case h.chance(4) && name != "Hanneke":
			m.member.Until = time.Now()
			h.put(name)
			m.member.Until = time.Time{}
		case h.chance(50) && !m.here():
			h.put(name)
			h.sitDown(name)
		case h.chance(25) && m.here():
			h.lookAtACard(m)
		case m.here():
			for range 3 {
				command, with := h.command(m.member.User, m.sees())
				switch command {
				case "redact":
					continue // what was erased cannot be looked up afterwards
				case "reopen_case":
					h.reopen(h.nodes[0], h.id)
				}
				if answer, ok := m.ask(h.t.Context(), command, with); !ok || answer.OK {
					break
				}
			}
		}
	}
	h.look()
	h.allow()
	h.judge()
}

// lookAtACard asks for the text and the past of a card of anybody's, for a version
// of it and for what it can name, and says to write there; what comes back to
// anybody is judged with all other frames.
func (h *secretHistory) lookAtACard(m *secretMember) {
	var cards []string
	versions := map[string]casework.TextID{}
	for _, other := range secretNames {
		if w := h.members[other].watcher; w != nil {
			sees := w.sees().Cards
			cards = append(cards, slices.Sorted(maps.Keys(idsOf(sees)))...)
			for id, c := range sees {
				versions[string(id)] = c.Text.Base
			}
		}
	}
	if len(cards) > 0 {
		card := one(h.whim, cards)
		for _, question := range []string{"caret", "render", "history", "version", "targets"} {
			id := casework.NewID[casework.CommandID](rand.Reader)
			with := map[string]any{"t": question, "id": id, "card": card}
			switch question {
			case "caret":
				with = map[string]any{"t": question, "card": card, "base": versions[card], "anchor": 0, "head": 0}
			case "version":
				with["version"] = one(h.whim, append(h.told[card], versions[card]))
			}
			if m.client.Send(with) == nil && question != "caret" {
				answer, _ := m.answerTo(within(h.t), id) // none comes when the right to sit there is over
				for _, line := range answer.Lines {
					h.told[card] = append(h.told[card], line.Version)
				}
			}
		}
	}
}

func idsOf(cards map[casework.CardID]view.Card) map[string]bool {
	ids := map[string]bool{}
	for id := range cards {
		ids[string(id)] = true
	}
	return ids
}

func (m *secretMember) here() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.err == nil
}

func (h *secretHistory) sitDown(name string) {
	m := h.members[name]
	if m.watcher != nil {
		m.past = append(m.past, m.frames...)
	}
	w, err := h.join(at(one(h.whim, h.nodes), h.browsers[name]), name, h.id, m.watcher)
	if err != nil {
		h.t.Errorf("-seed %d: %s sits down: %v", h.seed, name, err)
		return
	}
	m.watcher = w
}

// besides lets somebody stand beside some of the family.
func (h *secretHistory) besides(name string) {
	m := h.members[name]
	m.member.Beside = nil
	for _, p := range h.members["Hanneke"].sees().Family {
		if h.chance(60) {
			m.member.Beside = append(m.member.Beside, p.ID)
		}
	}
	if h.chance(10) && name != "Hanneke" {
		m.member.Role = one(h.whim, casework.CaseRoles[:7])
	}
	h.put(name)
}

// put makes a member what it is now, and notes from which seq on. Nobody gives
// a command in this case meanwhile.
func (h *secretHistory) put(name string) {
	n := h.nodes[0]
	err := n.app.SetMember(h.t.Context(), chair, h.id, store.Membership{Member: h.members[name].member, Ground: "test"})
	if err != nil {
		h.t.Error(err)
		return
	}
	access, err := n.app.Access(h.t.Context(), h.id)
	if err != nil {
		h.t.Error(err)
		return
	}
	_, heads, err := n.app.Heads(h.t.Context(), []casework.CaseID{h.id})
	if err != nil {
		h.t.Error(err)
		return
	}
	h.rights = append(h.rights, rightsFrom{heads[h.id], access})
}

// look reads the pages that everybody can ask for, and asks questions.
func (h *secretHistory) look() {
	for _, name := range append([]string{"Els"}, secretNames...) {
		b := at(one(h.whim, h.nodes), h.browsers[name])
		paths := []string{"/", "/cases/" + string(h.id), "/cases/" + string(h.absent), "/cases/kanarie", "/nergens"}
		if name == "Els" {
			if _, err := h.join(b, name, h.id, nil); liveclient.CloseCode(err) != 4101 {
				h.t.Errorf("-seed %d: a manager at the table: %v", h.seed, err)
			}
		}
		for i, path := range paths {
			if h.seed%4 > 0 && (path == "/") != (name == "Els") {
				continue // all of them in one of four histories
			}
			code, body, err := b.Get(h.t.Context(), path)
			if want := []int{http.StatusOK, http.StatusOK, http.StatusOK, http.StatusNotFound, http.StatusNotFound}[i]; err != nil || code != want {
				h.t.Errorf("GET %s: %d, %v", path, code, err)
			}
			h.pages++
			if path != "/" {
				noCanary(h.t, path, body)
			} else if m := h.members[name]; m != nil {
				m.past = append(m.past, h.own(body))
			} else {
				noCanary(h.t, "the list of a manager", body)
			}
		}
	}
}

// own is what a list of cases holds of this history: others play meanwhile.
func (h *secretHistory) own(page string) []byte {
	var own []byte
	for _, word := range casetest.CanariesIn([]byte(page)) {
		if _, mine := h.wrote[word]; mine {
			own = append(append(own, word...), '\n')
		}
	}
	return own
}

// allow works out from the log what each could read at some moment.
func (h *secretHistory) allow() {
	n := h.nodes[0]
	events, err := n.store.EventsAfter(h.t.Context(), n.store.Reader(), h.id, 0)
	if err != nil {
		h.t.Error(err)
		return
	}
	for word, user := range h.wrote {
		h.may(user, word)
	}
	state, left := casework.NewState(h.id), h.rights
	access := left[0].access
	for _, e := range events {
		if state, err = state.Apply(e); err != nil {
			h.t.Error(err)
			return
		}
		h.keep(state, e.Change)
		for len(left) > 0 && left[0].seq < e.Seq {
			access, left = left[0].access, left[1:]
		}
		h.known(state, access)
		for len(left) > 0 && left[0].seq == e.Seq {
			access, left = left[0].access, left[1:]
			h.known(state, access)
		}
	}
}

// keep notes what a version says.
func (h *secretHistory) keep(state *casework.State, c casework.Change) {
	switch c := c.(type) {
	case *casework.NoteBegun:
		of := era{c.Card, state.Cards[c.Card].Era}
		h.kept[of] = append(h.kept[of], c.Was.Body)
	case *casework.NoteNamed:
		of := era{c.Card, state.Cards[c.Card].Era}
		h.kept[of] = append(h.kept[of], c.Text.Body, c.Name.Body)
	}
}

func (h *secretHistory) known(state *casework.State, access *casework.Access) {
	for _, reader := range access.Team {
		table := casetest.Table{State: state, Access: access}
		words, _ := table.Known(reader)
		for id, c := range state.Cards {
			for _, text := range h.kept[era{id, c.Era}] {
				words[text] = words[text] || table.ReadsCard(reader, c)
			}
		}
		for text, may := range words {
			if !may {
				continue
			}
			for _, word := range casetest.CanariesIn([]byte(text)) {
				h.may(reader.User, word)
			}
		}
	}
}

func (h *secretHistory) may(user casework.UserID, word string) {
	if h.allowed[user] == nil {
		h.allowed[user] = map[string]bool{}
	}
	h.allowed[user][word] = true
}

// judge holds everything that came to somebody against what that was allowed.
func (h *secretHistory) judge() {
	for _, name := range secretNames {
		m := h.members[name]
		allowed := h.allowed[m.member.User]
		m.mu.Lock()
		frames := slices.Concat(m.past, m.frames)
		m.mu.Unlock()
		for _, f := range frames {
			for _, word := range casetest.CanariesIn(f) {
				if h.came++; !allowed[word] {
					h.t.Errorf("-seed %d: %s got %s in %s", h.seed, name, word, f)
				}
			}
		}
		h.hidden += len(h.wrote) - len(allowed)
	}
}

func noCanary(t testing.TB, what, content string) {
	t.Helper()
	if i := strings.Index(content, "kanarie"); i >= 0 && casetest.CanariesIn([]byte(content[i:])) != nil {
		t.Errorf("%s holds a canary: %s", what, content[max(0, i-200):min(len(content), i+100)])
	}
}

// openCaseAs opens a case of somebody's own, in a role.
func (h *secretHistory) openCaseAs(name string, role casework.Role, title string) casework.CaseID {
	id, err := h.nodes[0].app.OpenCase(h.t.Context(), sessionOf(h.users[name], role), casework.NewID[casework.CommandID](rand.Reader), title, app.Templates[0])
	if err != nil {
		h.t.Error("open a case:", err)
	}
	return id
}
