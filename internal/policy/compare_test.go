package policy

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/policies"
)

func without32(t *testing.T) *Policy {
	t.Helper()
	var lines []string
	for l := range strings.Lines(string(policies.Lines)) {
		if !strings.HasPrefix(l, "p, A-32,") {
			lines = append(lines, l)
		}
	}
	p, err := parse(policies.Model, []byte(strings.Join(lines, "")))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Without the line that lets trajectory and treatment read the team's confidential
// notes, both lose just that, and nobody gains.
func TestCompare(t *testing.T) {
	t.Parallel()
	var roles []casework.Role
	for _, s := range without32(t).Compare(shipped(t)) {
		if s.Grant != casework.NoGrant {
			if s.Grant == casework.GrantLend || s.Grant == casework.GrantGlass {
				t.Errorf("%s loses with %s what that grant opens", s.Role, s.Grant)
			}
			continue
		}
		roles = append(roles, s.Role)
		if s.Gained != (casework.Mask{}) || !slices.Equal(s.Acts, []casework.Act{casework.ActRead}) || !slices.Equal(s.Statuses, casework.Statuses) {
			t.Errorf("%s: %+v", s.Role, s)
		}
		want := []Extent{{[]casework.View{casework.ViewProfessional}, []casework.Class{casework.Confidential}, []casework.Owner{casework.OwnerNamed, casework.OwnerOther}, Whoever}}
		if got := Extents(s.Lost); !slices.EqualFunc(got, want, sameExtent) {
			t.Errorf("%s loses %+v", s.Role, got)
		}
	}
	if want := []casework.Role{casework.ResidentialWorker, casework.MentalHealth}; !slices.Equal(roles, want) {
		t.Errorf("%v lose something", roles)
	}
	if same := shipped(t).Compare(shipped(t)); len(same) > 0 {
		t.Errorf("the same policy differs from itself: %+v", same)
	}
}

// What is told to change is what changes: of every question exactly those are
// answered otherwise whose cell was gained or lost.
func TestCompareTellsAll(t *testing.T) {
	t.Parallel()
	was, is := shipped(t), without32(t)
	for _, pair := range [][2]*Policy{{was, is}, {is, was}} {
		shifts := pair[1].Compare(pair[0])
		for _, role := range casework.CaseRoles {
			for _, act := range Acts() {
				for _, cell := range append(casework.Cells(), casework.NoCell) {
					q := Request{Role: role, Act: act, Cell: cell, Grant: casework.NoGrant, Status: casework.Open}
					before, after := pair[0].Rights(role, casework.NoGrant).Allow(act, cell, casework.Open), pair[1].Rights(role, casework.NoGrant).Allow(act, cell, casework.Open)
					told := slices.ContainsFunc(shifts, func(s Shift) bool {
						return s.Role == role && s.Grant == casework.NoGrant && slices.Contains(s.Acts, act) && slices.Contains(s.Statuses, casework.Open) &&
							(after && s.Gained.Has(cell) || before && s.Lost.Has(cell))
					})
					if told != (before != after) {
						t.Fatalf("%+v was %v, is %v, and is told to change: %v", q, before, after, told)
					}
				}
			}
		}
	}
}

// Extents hold the cells they are made of, and no others.
func TestExtents(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 2000 {
		var set, back casework.Mask
		for _, c := range casework.Cells() {
			if r.IntN(n%7+2) == 0 {
				set.Add(c)
			}
		}
		for _, e := range Extents(set) {
			for _, c := range casework.Cells() {
				if slices.Contains(e.Views, c.View) && slices.Contains(e.Classes, c.Class) && slices.Contains(e.Owners, c.Owner) &&
					(e.Beside == Whoever || (e.Beside == OnlyYes) == c.Beside) {
					back.Add(c)
				}
			}
		}
		if back != set {
			t.Fatalf("%v became %v", set, back)
		}
	}
}

func sameExtent(a, b Extent) bool {
	return slices.Equal(a.Views, b.Views) && slices.Equal(a.Classes, b.Classes) && slices.Equal(a.Owners, b.Owners) && a.Beside == b.Beside
}
