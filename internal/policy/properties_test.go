package policy

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/policies"
)

// drawLine makes a line of any words; as often as not about what matters most.
func drawLine(t *rapid.T, effect string) Rule {
	cell := func(label string, words ...string) string {
		if rapid.IntRange(0, 2).Draw(t, label+" every") == 0 {
			return EveryWord
		}
		return strings.Join(rapid.SliceOfNDistinct(rapid.SampledFrom(words), 1, min(3, len(words)), rapid.ID[string]).Draw(t, label), "|")
	}
	// Read and perpetrator support stand first, so that rapid draws them often.
	return Rule{ID: "X-01", Effect: effect,
		Role:   cell("role", append([]string{"perpetrator_support"}, drop(plain(casework.Roles), "perpetrator_support")...)...),
		Act:    cell("act", plain(Acts())...),
		View:   cell("view", plain(casework.Views)...),
		Beside: cell("beside", "yes", "no", "-"),
		Class:  cell("class", plain(casework.Classes)...),
		Owner:  cell("owner", plain(casework.Owners)...),
		Grant:  cell("grant", plain(casework.Grants)...),
		Status: cell("status", plain(casework.Statuses)...),
		Why:    "why"}
}

// written is the rule as a line of the file.
func written(r Rule) string { return "p, " + strings.Join(r.words(), ", ") + "\n" }

// among draws one of the words that a cell holds.
func among[W ~string](t *rapid.T, label, cell string, words []W) W {
	return rapid.SampledFrom(slices.DeleteFunc(slices.Clone(words), func(w W) bool { return !has(cell, string(w)) })).Draw(t, label)
}

func drop(words []string, word string) []string {
	return slices.DeleteFunc(words, func(w string) bool { return w == word })
}

// take reads and checks lines as Parse does, without making judges for all.
func take(lines string) ([]Rule, error) {
	rules, err := parseRules([]byte(lines))
	if err != nil {
		return nil, err
	}
	return rules, checkPromises(newReaches(rules))
}

// judgesOf are casbin's judges for one role and act.
func judgesOf(t *rapid.T, rules []Rule, role casework.Role, act casework.Act) judges {
	var about []Rule
	for _, r := range rules {
		if has(r.Role, string(role)) && has(r.Act, string(act)) {
			about = append(about, r)
		}
	}
	one, err := newJudge(about)
	if err != nil {
		t.Fatal(err)
	}
	return judges{{role, act}: one}
}

// TestNoAcceptedLineOpensWhatMustStayClosed adds one allow line, after taking
// out one line of the shipped policy or none, and asks casbin and the plain
// loop what then is allowed.
func TestNoAcceptedLineOpensWhatMustStayClosed(t *testing.T) {
	t.Parallel()
	texts := strings.SplitAfter(string(policies.Lines), "\n")
	accepted, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		kept := slices.Clone(texts)
		if n := rapid.IntRange(0, len(texts)-1).Draw(t, "without"); strings.HasPrefix(kept[n], "p,") {
			kept[n] = "\n"
		}
		line := drawLine(t, allow)
		lines := strings.Join(kept, "") + written(line)
		rules, err := take(lines)
		if err != nil {
			refused++
			return
		}
		accepted++
		loop, err := newOracle([]byte(lines))
		if err != nil {
			t.Fatal(err)
		}
		role := among(t, "asks", line.Role, casework.Roles)
		grant, status := among(t, "under", line.Grant, casework.Grants), among(t, "in", line.Status, casework.Statuses)
		acts := []casework.Act{casework.ActRead}
		if act := among(t, "does", line.Act, Acts()); slices.Contains(casework.CardActs, act) {
			acts = append(acts, act)
		}
		for _, act := range acts {
			q := Request{Role: role, Act: act, Grant: grant, Status: status}
			mask, small := judgesOf(t, rules, role, act).mask(q), loop.about(role, act)
			for _, q.Cell = range casework.Cells() {
				allowed := mask.Has(q.Cell)
				if plain := small.decide(q); plain.Allowed != allowed {
					t.Fatalf("%+v: casbin %v, plain loop %+v", q, allowed, plain)
				}
				if allowed && q.Cell.Owner != casework.OwnerSelf {
					if broken := brokenBy(q); broken != "" {
						t.Fatalf("%s: %+v", broken, q)
					}
				}
			}
		}
	})
	t.Logf("%d policies accepted, %d refused", accepted, refused)
}

// brokenBy tells what is broken when this is allowed on another's card.
func brokenBy(q Request) string {
	c := q.Cell
	partnerSide := c.View == casework.ViewPartner || c.View == casework.ViewProfessional
	switch {
	case q.Role == casework.PerpetratorSupport && c.Class == casework.Safety:
		return "perpetrator support and a safety card"
	case q.Role == casework.PerpetratorSupport && c.Class != casework.Shared && !partnerSide:
		return "perpetrator support and what was told in confidence"
	case c.Class == casework.Private && c.Owner != casework.OwnerPeer:
		return "another discipline's private note"
	case c.Class == casework.Named && c.Owner != casework.OwnerNamed:
		return "a card by name"
	case q.Grant == casework.GrantBar:
		return "the bar does not win"
	case slices.Contains([]casework.Role{casework.Manager, casework.Admin, casework.NoRole}, q.Role):
		return "a card outside the case"
	case (q.Role == casework.Guest || q.Role == casework.ConsultChildWorker) && c.Class != casework.Shared && c.Class != casework.Confidential:
		return "a guest or a consult beyond its cards"
	}
	return ""
}

// TestDenyLinesOpenNothing adds one deny line and compares what casbin allows.
func TestDenyLinesOpenNothing(t *testing.T) {
	t.Parallel()
	before, err := parseRules(policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	closing := 0
	rapid.Check(t, func(t *rapid.T) {
		line := drawLine(t, deny)
		after, err := parseRules([]byte(string(policies.Lines) + written(line)))
		if err != nil {
			return // the words fit no card
		}
		q := Request{Role: among(t, "asks", line.Role, casework.Roles), Act: among(t, "does", line.Act, Acts()),
			Grant: among(t, "under", line.Grant, casework.Grants), Status: among(t, "in", line.Status, casework.Statuses)}
		was, is := judgesOf(t, before, q.Role, q.Act).mask(q), judgesOf(t, after, q.Role, q.Act).mask(q)
		if without(is, was) != (casework.Mask{}) {
			t.Fatalf("%+v opens %v for %+v", line, without(is, was), q)
		}
		if is != was {
			closing++
		}
	})
	t.Logf("%d lines closed something", closing)
}
