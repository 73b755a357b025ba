package main

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/liveclient"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

var seed = flag.Uint64("seed", 1, "of random histories; a failure prints the one it had")

// streamRounds is how often the table comes to rest and everybody is compared.
const streamRounds = 20

// seated is a user of the streams test: signed in, with a connection at one of
// the nodes or away from the table.
type seated struct {
	*watcher
	user    casework.UserID
	browser *liveclient.Browser
	at      int
	member  store.Membership
	looksAt casework.CardID
}

// What everybody has after a long stream of differences is what a fresh load
// gives: for every role, over two nodes, while classes and memberships change,
// while some leave and come back with their cursor and seat, elsewhere or where
// they were, and while memberships end by the clock.
func TestStreamedEqualsFresh(t *testing.T) {
	tb, first := newTable(t)
	s := &streams{table: tb, nodes: []*node{first, tb.node("second")}, whim: newWhim(*seed), peers: map[string]*seated{}}
	t.Logf("-seed %d", *seed)
	s.newcomer("Sanne", casework.ChildWorker, "Opvang De Linde (verzonnen)")
	s.newcomer("Yusuf", casework.ChildWorker, "Elders (verzonnen)")
	s.newcomer("Olga", casework.ExpertByExperience, "Elders (verzonnen)")
	s.sitDown()
	for range streamRounds {
		for range 8 + s.IntN(16) {
			s.step()
		}
		s.rest()
	}
	t.Logf("%d done, %d refused, %d resumed, %d read anew, %d dismissed", s.done, s.refused, s.resumed, s.whole, s.dismissed)
	if s.done < streamRounds*3 || s.refused == 0 || s.resumed == 0 || s.whole == 0 || s.dismissed == 0 {
		t.Error("the history is too tame")
	}
}

type streams struct {
	*table
	*whim
	nodes                                    []*node
	names                                    []string
	peers                                    map[string]*seated
	done, refused, resumed, whole, dismissed int
}

func (s *streams) newcomer(name string, role casework.Role, organisation string) {
	s.t.Helper()
	id, err := s.nodes[0].app.AddUser(s.t.Context(), app.NewUser{Login: strings.ToLower(name) + "@demo.example", Name: name, Discipline: role,
		Organisation: organisation, Demo: true})
	if err != nil {
		s.t.Fatal(err)
	}
	s.users[name] = id
	s.table.member(s.nodes[0], id, casework.Member{Role: role})
}

func (s *streams) sitDown() {
	access, err := s.nodes[0].app.Access(s.t.Context(), s.id)
	if err != nil {
		s.t.Fatal(err)
	}
	for i, m := range access.Team {
		p := &seated{user: m.User, browser: s.browser(s.nodes[0], m.Name), at: i % 2, member: store.Membership{Member: m.Member, Ground: "test"}}
		s.names = append(s.names, m.Name)
		s.peers[m.Name] = p
		p.watcher = s.sat(at(s.nodes[p.at], p.browser), m.Name, s.id, nil)
	}
	slices.Sort(s.names)
}

// step does one random thing.
func (s *streams) step() {
	p := s.peers[one(s.whim, s.names)]
	switch r := s.IntN(100); {
	case r < 10:
		s.changeMember(p)
	case r < 16 && p.watcher != nil:
		if s.chance(50) {
			p.client.Kill() //nolint:errcheck // that is the point
		} else {
			p.leave()
		}
		p.until(s.t, "its own end", func() bool { return p.err != nil })
		if s.chance(50) {
			s.comeBack(p)
		}
	case r < 28:
		for _, name := range s.names {
			s.comeBack(s.peers[name])
		}
	case r < 34 && p.watcher != nil && p.failed() == nil:
		p.looksAt = s.whim.card(p.sees(), nil)
		p.client.Send(map[string]any{"t": "focus", "card": p.looksAt}) //nolint:errcheck // it may have been dismissed
	case p.watcher != nil && p.failed() == nil:
		s.ask(p)
	}
}

// ask gives random commands until one is carried out, or three were refused.
func (s *streams) ask(p *seated) {
	for range 3 {
		name, with := s.command(p.user, p.sees())
		if name == "reopen_case" {
			s.reopen(s.nodes[p.at], s.id)
		}
		m, ok := p.watcher.ask(within(s.t), name, with)
		switch {
		case !ok:
			return
		case m.OK:
			s.done++
			return
		}
		s.refused++
	}
}

// comeBack joins again, at any node, with what the user still has.
func (s *streams) comeBack(p *seated) {
	if p.watcher != nil {
		if p.failed() == nil {
			return
		}
	}
	if _, member := fresh(s.t, s.nodes[0], s.id, p.user); !member {
		return
	}
	p.at = s.IntN(2)
	w, err := s.join(at(s.nodes[p.at], p.browser), p.name, s.id, p.watcher)
	if err != nil {
		if liveclient.CloseCode(err) == 4101 {
			return // the membership ended meanwhile, by the clock
		}
		s.t.Fatalf("-seed %d: %s comes back: %v", *seed, p.name, err)
	}
	w.mu.Lock()
	hello := string(w.frames[0])
	w.mu.Unlock()
	if strings.Contains(hello, `"whole"`) {
		s.whole++
	} else {
		s.resumed++
	}
	p.watcher, p.looksAt = w, ""
}

func (s *streams) changeMember(p *seated) {
	family := p.member.Beside
	if state, ok := fresh(s.t, s.nodes[0], s.id, s.users["Hanneke"]); ok {
		family = nil
		for _, person := range state.Family {
			if s.chance(50) {
				family = append(family, person.ID)
			}
		}
	}
	m := p.member
	switch r := s.IntN(10); {
	case r < 5:
		m.Beside = family
	case r < 6 && p.name != "Hanneke":
		m.Role = one(s.whim, casework.CaseRoles[:7])
	case r < 8 && p.name != "Hanneke":
		m.Until = time.Now()
		s.dismissed++
	case r < 9 && p.name != "Hanneke":
		m.Until = time.Now().Add(time.Duration(s.IntN(200)) * time.Millisecond)
	default:
		m.Until = time.Time{}
	}
	p.member = m
	if err := s.nodes[s.IntN(2)].app.SetMember(s.t.Context(), chair, s.id, m); err != nil {
		s.t.Fatal(err)
	}
	p.member.Until = time.Time{} // next time
}

// rest waits until everybody who is here has what a fresh load gives, from both
// nodes, and who is here is the same for all.
func (s *streams) rest() {
	s.t.Helper()
	for _, name := range s.names {
		p := s.peers[name]
		for i, n := range s.nodes {
			w, err := s.join(at(n, p.browser), name, s.id, nil)
			if code := liveclient.CloseCode(err); err != nil && code != 4101 {
				s.t.Fatalf("-seed %d: %s at node %d: %v", *seed, name, i, err)
			} else if err == nil {
				s.becomesFresh(w, p.user, fmt.Sprintf("fresh load at node %d", i))
				w.leave()
			}
		}
		if p.watcher != nil {
			s.becomesFresh(p.watcher, p.user, fmt.Sprintf("stream at node %d", p.at))
		}
	}
	for _, name := range s.names {
		if p := s.peers[name]; p.watcher != nil {
			p.until(s.t, "who is here", func() bool { return p.err != nil || encoded(s.t, p.here) == encoded(s.t, s.hereFor(p)) })
		}
	}
}

// becomesFresh waits until the watcher has what the database says, or was sent
// away because it has no place at the table.
func (s *streams) becomesFresh(w *watcher, user casework.UserID, what string) {
	s.t.Helper()
	var want view.Projection
	ok := w.await(within(s.t), func() bool {
		var member bool
		if want, member = fresh(s.t, s.nodes[0], s.id, user); !member {
			return w.err != nil
		}
		return w.err != nil || encoded(s.t, w.state) == encoded(s.t, want)
	})
	if !ok {
		s.t.Fatalf("-seed %d: %s of %s is not what the database says (ended: %v)\n%s", *seed, what, w.name, w.err,
			parts(s.t, w.sees(), want))
	}
}

// hereFor is who is here, and what they look at as far as both they and the
// viewer see it.
func (s *streams) hereFor(viewer *seated) []liveclient.Present {
	here := []liveclient.Present{}
	for _, name := range s.names {
		p := s.peers[name]
		if p.watcher == nil {
			continue
		}
		if p != viewer {
			p.mu.Lock()
		}
		gone := p.err != nil
		_, his := p.state.Cards[p.looksAt]
		if p != viewer {
			p.mu.Unlock()
		}
		if gone {
			continue
		}
		present := liveclient.Present{User: p.user}
		if _, sees := viewer.state.Cards[p.looksAt]; sees && his {
			present.Card = p.looksAt
		}
		here = append(here, present)
	}
	slices.SortFunc(here, func(a, b liveclient.Present) int { return strings.Compare(string(a.User), string(b.User)) })
	return here
}
