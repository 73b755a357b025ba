package policy

import (
	"slices"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/policies"
)

// oneCase is a line of testdata/cases.txt.
type oneCase struct {
	text    string
	allowed bool
	rule    string // "" when no line decides
	request Request
}

func readCases(t *testing.T) []oneCase {
	t.Helper()
	var all []oneCase
	for text := range strings.Lines(testdata(t, "cases.txt")) {
		f := strings.Fields(text)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		if len(f) != 10 || f[0] != "allow" && f[0] != "deny" {
			t.Fatalf("cases.txt: %q", text)
		}
		c := oneCase{text: strings.TrimSpace(text), allowed: f[0] == "allow", rule: f[1]}
		if c.rule == "-" {
			c.rule = ""
		}
		c.request = Request{Role: casework.Role(f[2]), Act: casework.Act(f[3]), Grant: casework.Grant(f[8]), Status: casework.Status(f[9])}
		if f[4] != "-" {
			c.request.Cell = casework.Cell{View: casework.View(f[4]), Beside: f[5] == "yes", Class: casework.Class(f[6]), Owner: casework.Owner(f[7])}
		}
		all = append(all, c)
	}
	return all
}

func TestDecidingLines(t *testing.T) {
	p := shipped(t)
	rules, err := parseRules(policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	why := map[string]string{"": Unruled}
	for _, r := range rules {
		why[r.ID] = r.Why
	}
	decided := map[string]bool{}
	for _, c := range readCases(t) {
		want := Decision{Allowed: c.allowed, Rule: c.rule, Why: why[c.rule]}
		if got := p.Decide(c.request); got != want {
			t.Errorf("%s\n got %+v", c.text, got)
		}
		decided[c.rule] = true
	}
	for _, r := range rules {
		if !decided[r.ID] {
			t.Errorf("no case is decided by %s", r.ID)
		}
	}
}

// TestWhoReadsTheDemoCards asks for every card of the demo case what each
// member of its team reads.
func TestWhoReadsTheDemoCards(t *testing.T) {
	p := shipped(t)
	fenna := &casework.Person{ID: "fenna", Kind: casework.ViewChild}
	bram := &casework.Person{ID: "bram", Kind: casework.ViewChild}
	noor := &casework.Person{ID: "noor", Kind: casework.ViewParent}
	joris := &casework.Person{ID: "joris", Kind: casework.ViewPartner}
	ans := &casework.Person{ID: "ans", Kind: casework.ViewNetwork}
	member := func(name string, role casework.Role, beside ...*casework.Person) casework.Reader {
		m := casework.Member{User: casework.UserID(name), Role: role, Organisation: casework.OrganisationID("of " + name)}
		for _, person := range beside {
			m.Beside = append(m.Beside, person.ID)
		}
		return casework.Reader{Member: m, Rights: p.Rights(role, casework.NoGrant)}
	}
	iris := member("iris", casework.ChildWorker, fenna, bram)
	daan := member("daan", casework.AmbulantWorker, noor, ans)
	mirthe := member("mirthe", casework.MentalHealth, noor)
	ruben := member("ruben", casework.PerpetratorSupport, joris)
	hanneke := member("hanneke", casework.Chair)
	els := member("els", casework.Manager)
	cards := []struct {
		about *casework.Person
		class casework.Class
		kind  casework.Kind
		by    casework.Reader
	}{
		{fenna, casework.Shared, casework.Words, iris}, {fenna, casework.Shared, casework.Fact, iris},
		{fenna, casework.Shared, casework.Question, iris}, {bram, casework.Shared, casework.Fact, iris},
		{bram, casework.Shared, casework.Interpretation, mirthe}, {bram, casework.Shared, casework.Question, daan},
		{noor, casework.Shared, casework.Words, daan}, {noor, casework.Shared, casework.Fact, daan},
		{noor, casework.Confidential, casework.Interpretation, daan}, {noor, casework.Confidential, casework.Fact, mirthe},
		{joris, casework.Shared, casework.Words, ruben}, {joris, casework.Shared, casework.Fact, ruben},
		{joris, casework.Confidential, casework.Interpretation, ruben}, {ans, casework.Safety, casework.Words, daan},
		{ans, casework.Safety, casework.Question, daan}, {noor, casework.Private, casework.Fact, iris},
	}
	for _, c := range []struct {
		reader casework.Reader
		beyond []int // the shared ones; nil for nothing at all
	}{
		{iris, []int{14, 15, 16}}, {daan, []int{9, 10, 14, 15}}, {mirthe, []int{9, 10}}, {ruben, []int{13}},
		{hanneke, []int{9, 10, 13, 14, 15}}, {els, nil},
	} {
		var want, got []int
		for i, card := range cards {
			if c.beyond != nil && card.class == casework.Shared || slices.Contains(c.beyond, i+1) {
				want = append(want, i+1)
			}
			cell := c.reader.Cell(card.about, card.class, card.by.Author(), nil)
			if c.reader.Rights.Allow(casework.ActRead, cell, casework.Open) {
				got = append(got, i+1)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s reads %v, want %v", c.reader.User, got, want)
		}
	}
	for i, card := range cards {
		cell := card.by.Cell(card.about, card.class, card.by.Author(), nil)
		if !card.by.Rights.Allow(card.kind.Act(), cell, casework.Open) {
			t.Errorf("%s could not have written card %d", card.by.User, i+1)
		}
	}
}

func TestReadingOutlivesTheCase(t *testing.T) {
	p := shipped(t)
	for _, role := range casework.Roles {
		for _, grant := range []casework.Grant{casework.NoGrant, casework.GrantGlass, casework.GrantBar} {
			r := p.Rights(role, grant)
			if r.Open[casework.ActRead] != r.Closed[casework.ActRead] {
				t.Errorf("%s with %s reads something else in a closed case", role, grant)
			}
		}
		for act := range p.Rights(role, casework.NoGrant).Closed {
			if !slices.Contains([]casework.Act{casework.ActRead, casework.ActShield, casework.ActRedact, casework.ActBar, casework.ActExport, casework.ActJoin,
				casework.ActClose, casework.ActReopen, casework.ActAudit, casework.ActGlass, casework.ActUsers, casework.ActPolicies, casework.ActSecond}, act) {
				t.Errorf("%s may %s in a closed case", role, act)
			}
		}
	}
}

// TestGains compares the shared set with the decisions themselves.
func TestGains(t *testing.T) {
	p := shipped(t)
	gains := p.Rights(casework.Guest, casework.NoGrant).Gains
	reads := func(role casework.Role, c casework.Cell) bool {
		return p.Decide(Request{role, casework.ActRead, c, casework.NoGrant, casework.Open}).Allowed
	}
	want := map[casework.Reclassification]bool{}
	for _, role := range casework.CaseRoles {
		var open, shut []casework.Cell
		for _, c := range casework.Cells() {
			switch {
			case c.Owner != casework.OwnerPeer && c.Owner != casework.OwnerOther:
			case reads(role, c):
				open = append(open, c)
			default:
				shut = append(shut, c)
			}
		}
		for _, from := range shut {
			for _, to := range open {
				if from.Owner != to.Owner {
					continue
				}
				change := casework.Reclassification{FromView: from.View, FromClass: from.Class, ToView: to.View, ToClass: to.Class, Other: true}
				want[change] = true
				if from.Beside == to.Beside {
					change.Other = false
					want[change] = true
				}
			}
		}
	}
	if len(gains) != len(want) {
		t.Errorf("%d gains, want %d", len(gains), len(want))
	}
	for change := range want {
		if !gains[change] {
			t.Errorf("%+v gains nobody", change)
		}
	}
	for change, gain := range map[casework.Reclassification]bool{
		{FromView: "child", FromClass: "confidential", ToView: "child", ToClass: "shared"}:                    true,
		{FromView: "child", FromClass: "shared", ToView: "partner", ToClass: "shared"}:                        false,
		{FromView: "child", FromClass: "confidential", ToView: "partner", ToClass: "confidential"}:            true,
		{FromView: "parent", FromClass: "confidential", ToView: "network", ToClass: "confidential"}:           false, // the same person
		{FromView: "child", FromClass: "confidential", ToView: "child", ToClass: "confidential", Other: true}: true,  // who stands beside the other child
		{FromView: "child", FromClass: "safety", ToView: "child", ToClass: "named"}:                           false,
		{FromView: "child", FromClass: "safety", ToView: "child", ToClass: "private"}:                         true, // colleagues in mental health
	} {
		if gains[change] != gain {
			t.Errorf("%+v: gain %v", change, gains[change])
		}
	}
}
