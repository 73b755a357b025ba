package casework

import "slices"

// A Cell is one kind of card as the policy tells them apart: from whom it
// speaks, whether the reader stands beside that person, who may know, and how
// the reader stands to its author.
type Cell struct {
	View   View
	Beside bool // always false for ViewProfessional
	Class  Class
	Owner  Owner
}

// NoCell is the cell of an act that is not about a card.
var NoCell = Cell{}

// cellCount is the number of cells with a card; index cellCount is NoCell.
const cellCount = 5 * 2 * 5 * 4

// Index is the cell's bit: ((view*2 + beside)*5 + class)*4 + owner in the order
// of Views, Classes and Owners; NoCell is the last. It is -1 for unknown words.
func (c Cell) Index() int {
	if c == NoCell {
		return cellCount
	}
	view, class, owner := viewIndex(c.View), classIndex(c.Class), ownerIndex(c.Owner)
	if view < 0 || class < 0 || owner < 0 {
		return -1
	}
	beside := 0
	if c.Beside {
		beside = 1
	}
	return ((view*2+beside)*len(Classes)+class)*len(Owners) + owner
}

func viewIndex(v View) int   { return slices.Index(Views, v) }
func classIndex(c Class) int { return slices.Index(Classes, c) }
func ownerIndex(o Owner) int { return slices.Index(Owners, o) }

// Cells lists every cell that a card can have, NoCell not among them.
func Cells() []Cell {
	var all []Cell
	for _, view := range Views {
		for _, beside := range []bool{false, true} {
			if beside && view == ViewProfessional {
				continue
			}
			for _, class := range Classes {
				for _, owner := range Owners {
					all = append(all, Cell{view, beside, class, owner})
				}
			}
		}
	}
	return all
}

// Mask is a set of cells, one bit a cell.
type Mask [4]uint64

// Has tells whether the cell is in the set; an unknown cell never is.
func (m Mask) Has(c Cell) bool {
	i := c.Index()
	return i >= 0 && m[i/64]&(1<<(i%64)) != 0
}

// Add puts the cell into the set.
func (m *Mask) Add(c Cell) {
	i := c.Index()
	m[i/64] |= 1 << (i % 64)
}

// Rights are everything one role may do in one case, computed from the policy
// beforehand so that no delivery and no decision has to ask it again. They are
// never changed after that. The zero value allows nothing.
type Rights struct {
	Open, Closed map[Act]Mask // by status of the case
	// Gains holds every reclassification by which somebody would come to read,
	// whatever roles are at the table today; the same for all roles.
	Gains map[Reclassification]bool
}

// Reclassification takes a card or person from one view and class to another.
type Reclassification struct {
	FromView  View
	FromClass Class
	ToView    View
	ToClass   Class
	// Other: it speaks from another person then, whom others stand beside.
	Other bool
}

// In returns the masks for a case of that status.
func (r Rights) In(status Status) map[Act]Mask {
	if status == Open {
		return r.Open
	}
	return r.Closed
}

// Allow tells whether the act is allowed on the cell in a case of that status.
func (r Rights) Allow(act Act, cell Cell, status Status) bool {
	return r.In(status)[act].Has(cell)
}
