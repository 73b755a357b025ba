package policy

import (
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/policies"
)

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := parse(policies.Model, policies.Lines); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRights works all rights out anew, parsing included: what was asked is kept.
func BenchmarkRights(b *testing.B) {
	for b.Loop() {
		p, err := parse(policies.Model, policies.Lines)
		if err != nil {
			b.Fatal(err)
		}
		for _, role := range casework.Roles {
			for _, grant := range casework.Grants {
				p.Rights(role, grant)
			}
		}
	}
}

func BenchmarkGains(b *testing.B) {
	p, err := Parse(policies.Model, policies.Lines)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		p.computeGains()
	}
}

func BenchmarkDecide(b *testing.B) {
	p, err := Parse(policies.Model, policies.Lines)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		p.Decide(Request{casework.Chair, casework.ActRead, casework.Cell{View: casework.ViewChild, Class: casework.Safety, Owner: casework.OwnerPeer}, casework.NoGrant, casework.Open})
	}
}

func BenchmarkPromises(b *testing.B) {
	rules, err := parseRules(policies.Lines)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := checkPromises(newReaches(rules)); err != nil {
			b.Fatal(err)
		}
	}
}
