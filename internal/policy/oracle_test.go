package policy

import (
	"bytes"
	"encoding/csv"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/policies"
)

// parsed is the policy that the program ships with, its rights computed once
// for all tests.
var parsed = sync.OnceValues(func() (*Policy, error) { return Parse(policies.Model, policies.Lines) })

func shipped(t testing.TB) *Policy {
	t.Helper()
	p, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// oracle decides by a plain loop over the file, sharing no code with the
// package: a second opinion on casbin and on the masks.
type oracle [][]string

func newOracle(lines []byte) (oracle, error) {
	r := csv.NewReader(bytes.NewReader(lines))
	r.Comment, r.TrimLeadingSpace = '#', true
	return r.ReadAll()
}

// about keeps the lines that speak of the role and the act.
func (o oracle) about(role casework.Role, act casework.Act) oracle {
	return slices.DeleteFunc(slices.Clone(o), func(line []string) bool {
		return !fits(line[3], string(role)) || !fits(line[4], string(act))
	})
}

func fits(cell, word string) bool {
	return cell == "*" || strings.Contains("|"+cell+"|", "|"+word+"|")
}

func (o oracle) decide(q Request) Decision {
	view, beside, class, owner := string(q.Cell.View), "no", string(q.Cell.Class), string(q.Cell.Owner)
	if q.Cell.Beside {
		beside = "yes"
	}
	if view == "professional" {
		beside = "-"
	}
	if view == "" {
		view, beside, class, owner = "-", "-", "-", "-"
	}
	request := []string{string(q.Role), string(q.Act), view, beside, class, owner, string(q.Grant), string(q.Status)}
	answer := Decision{Why: Unruled}
	for _, line := range o {
		matches := true
		for i, word := range request {
			if matches = fits(line[3+i], word); !matches {
				break
			}
		}
		switch {
		case matches && line[2] == "deny":
			return Decision{false, line[1], line[11]}
		case matches && !answer.Allowed:
			answer = Decision{true, line[1], line[11]}
		}
	}
	return answer
}

// everyRequest calls do with every request that can be asked, roles in
// parallel.
func everyRequest(do func(Request)) {
	var group sync.WaitGroup
	places := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, role := range casework.Roles {
		group.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			requestsOf(role, do)
		})
	}
	group.Wait()
}

func requestsOf(role casework.Role, do func(Request)) {
	for _, act := range Acts() {
		cells := append(casework.Cells(), casework.NoCell)
		if slices.Contains(casework.CaseActs, act) {
			cells = []casework.Cell{casework.NoCell}
		}
		for _, cell := range cells {
			for _, grant := range casework.Grants {
				for _, status := range casework.Statuses {
					do(Request{role, act, cell, grant, status})
				}
			}
		}
	}
}

// TestCasbinAgreesWithAPlainLoop compares every decision, as casbin gave it for
// the rights. The deciding line is asked for as well, but where a grant is not
// expected to change it only every fifth time.
func TestCasbinAgreesWithAPlainLoop(t *testing.T) {
	t.Parallel()
	p := shipped(t)
	all, err := newOracle(policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	small := map[jurisdiction]oracle{}
	for _, role := range casework.Roles {
		for _, act := range Acts() {
			small[jurisdiction{role, act}] = all.about(role, act)
		}
	}
	var count, wrong counter
	everyRequest(func(q Request) {
		count.add()
		plain := small[jurisdiction{q.Role, q.Act}]
		want := plain.decide(q)
		if right := p.Rights(q.Role, q.Grant).Allow(q.Act, q.Cell, q.Status); right != want.Allowed && wrong.add() < 10 {
			t.Errorf("%+v: right %v, plain loop %+v", q, right, want)
		}
		ungranted := q
		ungranted.Grant = casework.NoGrant
		if q.Grant != casework.NoGrant && q.Cell.Index()%5 != 0 && plain.decide(ungranted) == want {
			return
		}
		if got := p.Decide(q); got != want && wrong.add() < 10 {
			t.Errorf("%+v: decided %+v, plain loop %+v", q, got, want)
		}
	})
	t.Logf("%d decisions compared", count.value())
	if want := 12 * (15*181 + 15) * 6 * 2; count.value() != want {
		t.Errorf("compared %d decisions, want %d", count.value(), want)
	}
}

// counter counts from several goroutines.
type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) add() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return c.n
}

func (c *counter) value() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

func TestRequestsNobodyCanAskAreRefused(t *testing.T) {
	p := shipped(t)
	cell := casework.Cell{View: casework.ViewChild, Class: casework.Shared, Owner: casework.OwnerSelf}
	good := Request{casework.Chair, casework.ActRead, cell, casework.NoGrant, casework.Open}
	if !p.Decide(good).Allowed {
		t.Fatal("the chair does not read shared cards")
	}
	for name, change := range map[string]func(*Request){
		"role":               func(q *Request) { q.Role = "owner" },
		"no role":            func(q *Request) { q.Role = "" },
		"star role":          func(q *Request) { q.Role = "*" },
		"act":                func(q *Request) { q.Act = "look" },
		"star act":           func(q *Request) { q.Act = "*" },
		"view":               func(q *Request) { q.Cell.View = "pet" },
		"class":              func(q *Request) { q.Cell.Class = "secret" },
		"owner":              func(q *Request) { q.Cell.Owner = "*" },
		"half a cell":        func(q *Request) { q.Cell = casework.Cell{View: casework.ViewChild} },
		"beside the table":   func(q *Request) { q.Cell.View, q.Cell.Beside = casework.ViewProfessional, true },
		"grant":              func(q *Request) { q.Grant = "" },
		"status":             func(q *Request) { q.Status = "" },
		"case act of a card": func(q *Request) { q.Act = casework.ActJoin },
	} {
		q := good
		change(&q)
		if got := p.Decide(q); got != (Decision{Why: Unruled}) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	for _, s := range []standing{{"owner", casework.NoGrant}, {casework.Chair, ""}, {"*", "*"}, {"", ""}} {
		if r := p.Rights(s.role, s.grant); r.Open != nil || r.Closed != nil || r.Gains != nil {
			t.Errorf("rights for %q holding %q", s.role, s.grant)
		}
	}
}

func TestAskingFromManyGoroutinesAtOnce(t *testing.T) {
	t.Parallel()
	settled := shipped(t)
	fresh, err := parse(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	q := Request{Act: casework.ActRead, Grant: casework.NoGrant, Status: casework.Open,
		Cell: casework.Cell{View: casework.ViewNetwork, Class: casework.Safety, Owner: casework.OwnerOther}}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for _, role := range casework.CaseRoles {
				q := q
				q.Role = role
				got, want := fresh.Decide(q), settled.Decide(q)
				rights := fresh.Rights(role, casework.NoGrant)
				if got != want || rights.Allow(q.Act, q.Cell, q.Status) != want.Allowed {
					t.Errorf("%s: %+v, alone %+v", role, got, want)
				}
			}
		})
	}
	group.Wait()
	// One answer is computed once and shared.
	chair := fresh.Rights(casework.Chair, casework.NoGrant)
	guest := fresh.Rights(casework.Guest, casework.GrantItem)
	chair.Gains[casework.Reclassification{}] = true
	if !guest.Gains[casework.Reclassification{}] {
		t.Error("each role has gains of its own")
	}
}
