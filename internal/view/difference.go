package view

import (
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// Difference takes one projection to the next. It is a function of the two
// projections alone, and of what was written meanwhile in the notes that are in
// both: what else was touched, how often, and in how many events, leaves no trace
// in it. A nil part stayed the same.
type Difference struct {
	Case    *Case                                   `json:"case,omitempty"`
	Team    []Member                                `json:"team,omitzero"`
	Family  *[]Person                               `json:"family,omitempty"`
	Columns []Column                                `json:"columns,omitzero"`
	Cards   []Card                                  `json:"cards,omitempty"`   // new or changed, whole but for a text that stayed
	Written []Written                               `json:"written,omitempty"` // how a text went on that was seen before
	Gone    []casework.CardID                       `json:"gone,omitempty"`
	Order   map[casework.ColumnID][]casework.CardID `json:"order,omitempty"`
	Undo    *Undo                                   `json:"undo,omitempty"`
	NoUndo  bool                                    `json:"no_undo,omitempty"`

	Consents *[]Consent          `json:"consents,omitempty"`
	Custody  *[]casework.Custody `json:"custody,omitempty"`

	Attendance *Attendance `json:"attendance,omitempty"`

	Given *[]Given `json:"given,omitempty"`
}

// Empty tells whether nothing changed.
func (d *Difference) Empty() bool { return reflect.ValueOf(*d).IsZero() }

// Moment is a case at one moment, as a room holds it.
type Moment struct {
	State  *casework.State
	Access *casework.Access
	At     time.Time
}

// Touched names the objects that may look different at a later moment. It only
// saves work: every object it leaves out looks the same to everybody, unless
// rights change. Columns are those whose own list changed: what appears in one
// or goes from it differs by reader.
type Touched struct {
	All     bool
	Cards   []casework.CardID
	Columns map[casework.ColumnID]bool
	Persons bool
	// Consents or custody; with the persons they come and go as well.
	Consents bool
}

// Compare finds what two states do not share. States share what stayed the
// same, so comparing pointers is enough; a state that was read anew shares
// nothing and everything counts as touched.
func Compare(before, after *casework.State) Touched {
	if before.Status != after.Status {
		return Touched{All: true}
	}
	t := Touched{Columns: map[casework.ColumnID]bool{},
		Consents: !slices.Equal(before.Consents, after.Consents) || !slices.Equal(before.Custody, after.Custody)}
	persons := map[casework.PersonID]bool{}
	for id, p := range after.Persons {
		if before.Persons[id] != p {
			persons[id] = true
			t.Persons = true
		}
	}
	cards := map[casework.CardID]bool{}
	for id, c := range after.Cards {
		if old := before.Cards[id]; old != c || persons[c.Perspective] {
			cards[id] = true
			// Somebody off the table shows for as long as a card that speaks for them.
			t.Persons = t.Persons || offTable(after, c) || old != nil && offTable(after, old)
		}
	}
	// A link shows only while its target is seen.
	for id, c := range after.Cards {
		if !cards[id] && slices.ContainsFunc(c.Links, func(to casework.CardID) bool { return cards[to] }) {
			t.Cards = append(t.Cards, id)
		}
	}
	t.Cards = append(t.Cards, slices.Collect(maps.Keys(cards))...)
	slices.Sort(t.Cards)
	for _, column := range after.Columns {
		if before.Column(column.ID) != column {
			t.Columns[column.ID] = true
		}
	}
	return t
}

func offTable(s *casework.State, c *casework.Card) bool {
	p := s.About(c)
	return p != nil && p.Removed
}

// Differ makes the difference between what the reader saw before and sees
// after. The reader may itself have changed in between. Nothing of a case but
// its removed columns ever leaves the log, so walking the later state covers
// the earlier one.
func Differ(before Moment, was casework.Reader, after Moment, is casework.Reader, touched Touched) *Difference {
	d := &Difference{}
	if old, now := projectCase(before.State, was), projectCase(after.State, is); old != now {
		d.Case = &now
	}
	if before.Access != after.Access || touched.All || !sameJoint(was.Joint, is.Joint) || !casework.SameGiven(was, is) {
		touched = everything(after.State)
	}
	family := touched.All || touched.Persons || !SameEyes(was, is) || clockMoves(before, after.At)
	if family {
		d.team(before, was, after, is)
		if old, now := projectFamily(before.State, was), projectFamily(after.State, is); !slices.Equal(old, now) {
			d.Family = &now
		}
	}
	if family || touched.Consents {
		d.consents(before.State, was, after.State, is)
	}
	if touched.All || !slices.Equal(before.State.Columns, after.State.Columns) {
		if old, now := projectColumns(before.State, was), projectColumns(after.State, is); !slices.Equal(old, now) {
			d.Columns = now
		}
	}
	d.cards(before.State, was, after.State, is, touched)
	d.undo(projectUndo(before.State, was), projectUndo(after.State, is))
	d.attendance(before, was, after, is)
	d.given(before, was, after, is)
	return d
}

// SameEyes tells whether two readers, under one policy, may see the same kinds of
// things.
func SameEyes(was, is casework.Reader) bool {
	return SamePlace(was, is) && casework.SameGiven(was, is)
}

// SamePlace tells the same of what they see by their place at the table alone.
func SamePlace(was, is casework.Reader) bool {
	return sameJoint(was.Joint, is.Joint) && was.User == is.User && was.Role == is.Role && was.Organisation == is.Organisation && slices.Equal(was.Beside, is.Beside)
}

// sameJoint tells whether the same people look together.
func sameJoint(was, is *casework.Joint) bool {
	if was == nil || is == nil {
		return was == is
	}
	return was.Dark == is.Dark && was.Screen == is.Screen && slices.EqualFunc(was.Eyes, is.Eyes, SameEyes)
}

// clockMoves tells whether a membership, or something given, begins or ends by
// itself until then.
func clockMoves(before Moment, then time.Time) bool {
	if before.At.Equal(then) {
		return false
	}
	next := before.Access.NextExpiry(before.At)
	return !next.IsZero() && !next.After(then)
}

func (d *Difference) team(before Moment, was casework.Reader, after Moment, is casework.Reader) {
	old := projectTeam(before.State, before.Access, was, before.At)
	now := projectTeam(after.State, after.Access, is, after.At)
	if !reflect.DeepEqual(old, now) {
		d.Team = now
	}
}

func (d *Difference) cards(before *casework.State, was casework.Reader, after *casework.State, is casework.Reader, touched Touched) {
	var reordered []casework.ColumnID // by what this reader came to see or sees no more
	for _, id := range touched.Cards {
		old, seen := before.Cards[id]
		seen = seen && seesCard(was, before, old)
		switch c := after.Cards[id]; {
		case !seesCard(is, after, c):
			if seen {
				d.Gone = append(d.Gone, id)
				reordered = append(reordered, c.Column)
			}
		case !seen:
			d.Cards = append(d.Cards, projectCard(after, is, c))
			reordered = append(reordered, c.Column)
		default:
			d.changed(projectCard(before, was, old), projectCard(after, is, c), func() (Written, bool) { return writtenSince(old, c) })
		}
	}
	for _, column := range columnsFor(after, is) {
		if touched.Columns[column.ID] || slices.Contains(reordered, column.ID) {
			d.order(before, was, after, is, column)
		}
	}
}

func (d *Difference) order(before *casework.State, was casework.Reader, after *casework.State, is casework.Reader, column *casework.Column) {
	order := projectOrder(after, is, column)
	if old := before.Column(column.ID); old != nil && !was.Dark() && slices.Equal(projectOrder(before, was, old), order) {
		return
	}
	if d.Order == nil {
		d.Order = map[casework.ColumnID][]casework.CardID{}
	}
	d.Order[column.ID] = order
}

func (d *Difference) changed(old, now Card, written func() (Written, bool)) {
	if *old.Text != *now.Text {
		w, ok := written()
		if !ok {
			d.Cards = append(d.Cards, now)
			return
		}
		d.Written = append(d.Written, w)
		old.Text, old.Changed = now.Text, now.Changed
	}
	if reflect.DeepEqual(old, now) {
		return
	}
	now.Text = nil
	d.Cards = append(d.Cards, now)
}

func (d *Difference) undo(old, now *Undo) {
	switch {
	case now == nil:
		d.NoUndo = old != nil
	case old == nil || *old != *now:
		d.Undo = now
	}
}

func everything(s *casework.State) Touched {
	t := Touched{All: true, Columns: map[casework.ColumnID]bool{}}
	t.Cards = slices.Sorted(maps.Keys(s.Cards))
	for _, c := range s.Columns {
		t.Columns[c.ID] = true
	}
	return t
}

// Apply takes a projection one difference on: the reference for every client.
func (p Projection) Apply(d *Difference) Projection {
	p.Cards, p.Order = maps.Clone(p.Cards), maps.Clone(p.Order)
	if d.Case != nil {
		p.Case = *d.Case
	}
	if d.Team != nil {
		p.Team = d.Team
	}
	if d.Family != nil {
		p.Family = *d.Family
	}
	if d.Consents != nil {
		p.Consents = *d.Consents
	}
	if d.Custody != nil {
		p.Custody = *d.Custody
	}
	if d.Columns != nil {
		p.Columns = d.Columns
		maps.DeleteFunc(p.Order, func(id casework.ColumnID, _ []casework.CardID) bool {
			return !slices.ContainsFunc(d.Columns, func(c Column) bool { return c.ID == id })
		})
	}
	for _, c := range d.Cards {
		if c.Text == nil {
			c.Text = p.Cards[c.ID].Text
		}
		p.Cards[c.ID] = c
	}
	for _, id := range d.Gone {
		delete(p.Cards, id)
	}
	for _, w := range d.Written {
		c := p.Cards[w.Card]
		text, err := w.apply(*c.Text)
		if err != nil {
			panic(err) // no receiver could do better
		}
		c.Changed, c.Text = w.Changed, &text
		p.Cards[w.Card] = c
	}
	maps.Copy(p.Order, d.Order)
	if d.Undo != nil || d.NoUndo {
		p.Undo = d.Undo
	}
	if d.Attendance != nil {
		p.Attendance = *d.Attendance
	}
	if d.Given != nil {
		p.Given = *d.Given
	}
	return p
}
