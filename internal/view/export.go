package view

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

// Export is what of a case leaves in an export that a member makes: what that
// member may export, persons of the family too, and everybody who enters the case
// now may read by the rights of the own role. What was lent to somebody, or opened
// by breaking the glass, is not for paper. What is in the archive stays there.
func Export(own casework.Reader, m Moment) Projection {
	joint := casework.Reader{Member: own.Member, Joint: &casework.Joint{Eyes: []casework.Reader{withoutMore(own)}}}
	for _, member := range m.Access.Team {
		if r, ok := enters(member.User, m); ok && r.User != own.User {
			joint.Joint.Eyes = append(joint.Joint.Eyes, withoutMore(r))
		}
	}
	all := Project(m.State, m.Access, joint, m.At)
	p := Projection{Case: all.Case, Columns: all.Columns, Cards: map[casework.CardID]Card{}, Order: map[casework.ColumnID][]casework.CardID{}}
	for _, member := range all.Team {
		if member.Beside = nil; !member.Ended {
			p.Team = append(p.Team, member)
		}
	}
	may := func(about *casework.Person, class casework.Class, author casework.Author, named []casework.UserID) bool {
		return own.Rights.Allow(casework.ActExport, own.Cell(about, class, author, named), m.State.Status)
	}
	leaves := func(about *casework.Person) bool { return about == nil || may(about, about.Class, about.Added, nil) }
	for _, person := range all.Family {
		if leaves(m.State.Persons[person.ID]) {
			p.Family = append(p.Family, person)
		}
	}
	for id, card := range all.Cards {
		c := m.State.Cards[id]
		if about := m.State.About(c); !card.Archived && leaves(about) && may(about, c.Class, c.Author, c.Named) {
			card.Links = nil
			p.Cards[id] = card
		}
	}
	for column, order := range all.Order {
		p.Order[column] = slices.DeleteFunc(order, func(id casework.CardID) bool { _, stays := p.Cards[id]; return !stays })
	}
	return p
}
