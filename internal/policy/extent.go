package policy

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

// Extent is a set of cells in few words: every card from one of the views, of one
// of the classes, of one of the owners.
type Extent struct {
	Views   []casework.View
	Classes []casework.Class
	Owners  []casework.Owner
	Beside  Beside
}

// Beside says for which persons an extent holds.
type Beside int

// Ways to stand to a person.
const (
	Whoever Beside = iota // however the reader stands to the person
	OnlyYes               // only persons beside whom the reader stands
	OnlyNo                // only the others
)

// Extents puts a set of cells, but for NoCell, into words: as few extents as
// equal columns of the table allow, not the fewest there could be.
func Extents(cells casework.Mask) []Extent {
	var all []Extent
	for _, view := range casework.Views {
		for _, one := range extentsOf(cells, view) {
			same := slices.IndexFunc(all, func(e Extent) bool {
				return e.Beside == one.Beside && slices.Equal(e.Classes, one.Classes) && slices.Equal(e.Owners, one.Owners)
			})
			if same < 0 {
				all = append(all, one)
			} else {
				all[same].Views = append(all[same].Views, view)
			}
		}
	}
	return all
}

// extentsOf does so for one view: classes with the same owners go together.
func extentsOf(cells casework.Mask, view casework.View) []Extent {
	var all []Extent
	for _, beside := range []Beside{Whoever, OnlyYes, OnlyNo} {
		for _, class := range casework.Classes {
			var owners []casework.Owner
			for _, owner := range casework.Owners {
				if how, any := besideIn(cells, view, class, owner); any && how == beside {
					owners = append(owners, owner)
				}
			}
			if len(owners) == 0 {
				continue
			}
			same := slices.IndexFunc(all, func(e Extent) bool { return e.Beside == beside && slices.Equal(e.Owners, owners) })
			if same < 0 {
				all = append(all, Extent{Views: []casework.View{view}, Classes: []casework.Class{class}, Owners: owners, Beside: beside})
			} else {
				all[same].Classes = append(all[same].Classes, class)
			}
		}
	}
	return all
}

// besideIn tells for which persons a card is in the set; false: for none.
func besideIn(cells casework.Mask, view casework.View, class casework.Class, owner casework.Owner) (how Beside, any bool) {
	no := cells.Has(casework.Cell{View: view, Class: class, Owner: owner})
	yes := view.IsPersonKind() && cells.Has(casework.Cell{View: view, Beside: true, Class: class, Owner: owner})
	switch {
	case !no && !yes:
		return Whoever, false
	case no && (yes || !view.IsPersonKind()):
		return Whoever, true
	case yes:
		return OnlyYes, true
	}
	return OnlyNo, true
}
