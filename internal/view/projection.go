package view

import (
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// Projection is the whole of a case as one audience sees it. Its JSON form is
// part of the protocol (internal/room/PROTOCOL.md).
type Projection struct {
	Case    Case                                    `json:"case"`
	Team    []Member                                `json:"team"`
	Family  []Person                                `json:"family"`
	Columns []Column                                `json:"columns"`
	Cards   map[casework.CardID]Card                `json:"cards"`
	Order   map[casework.ColumnID][]casework.CardID `json:"order"`
	Undo    *Undo                                   `json:"undo,omitempty"`
	// Consents and Custody of the persons in Family.
	Consents []Consent          `json:"consents"`
	Custody  []casework.Custody `json:"custody"`

	Attendance Attendance `json:"attendance"`
	// Given is what the reader knows of what was given to members; most know of none.
	Given []Given `json:"given,omitempty"`
}

// Case is what every member knows of the case itself.
type Case struct {
	ID       casework.CaseID `json:"id"`
	Name     string          `json:"name"`
	Status   casework.Status `json:"status"`
	Practice bool            `json:"practice,omitempty"`
}

// Member is a colleague at the table.
type Member struct {
	User             casework.UserID         `json:"user"`
	Name             string                  `json:"name"`
	Role             casework.Role           `json:"role"`
	Organisation     casework.OrganisationID `json:"org"`
	OrganisationName string                  `json:"org_name"`
	// Beside are the persons this colleague stands beside, as far as the reader
	// may know of them.
	Beside   []casework.PersonID    `json:"beside"`
	Contact  bool                   `json:"contact,omitempty"`
	Function casework.ChairFunction `json:"function,omitempty"` // of a chair
	Ended    bool                   `json:"ended,omitempty"`    // no longer, or not yet, at this table
}

// Person of the family.
type Person struct {
	ID       casework.PersonID       `json:"id"`
	Kind     casework.View           `json:"kind"`
	Class    casework.Class          `json:"class"`
	Name     string                  `json:"name"`
	Calls    string                  `json:"calls,omitempty"`
	Born     string                  `json:"born,omitempty"` // 2006-01-02
	By       casework.UserID         `json:"by"`
	Role     casework.Role           `json:"role"`
	Org      casework.OrganisationID `json:"org"`
	Removed  bool                    `json:"removed,omitempty"`
	Redacted bool                    `json:"redacted,omitempty"`
}

// Column of the board.
type Column struct {
	ID    casework.ColumnID `json:"id"`
	Title string            `json:"title"`
	Kind  casework.Kind     `json:"kind,omitempty"` // of new cards; empty: unsaid
}

// Card of the board. Title and Text are told only where they are new.
type Card struct {
	ID       casework.CardID         `json:"id"`
	Column   casework.ColumnID       `json:"col"`
	Title    Text                    `json:"title"`
	Text     *Text                   `json:"text,omitempty"`
	Person   casework.PersonID       `json:"person,omitempty"` // empty: professional
	Class    casework.Class          `json:"class"`
	Named    []casework.UserID       `json:"named,omitempty"`
	Kind     casework.Kind           `json:"kind"`
	Domain   casework.Domain         `json:"domain,omitempty"`
	Seen     casework.Seen           `json:"seen,omitempty"`
	By       casework.UserID         `json:"by"`
	Role     casework.Role           `json:"role"`
	Org      casework.OrganisationID `json:"org"`
	For      casework.UserID         `json:"for,omitempty"`      // of whom it is asked
	Declined casework.UserID         `json:"declined,omitempty"` // who would not have the draft in their name
	At       time.Time               `json:"at"`
	Tabled   time.Time               `json:"tabled,omitzero"` // absent: a draft
	Changed  time.Time               `json:"changed"`
	Archived bool                    `json:"archived,omitempty"`
	Links    []casework.CardID       `json:"links,omitempty"`
}

// Text of a card. Base names this version when it is edited.
type Text struct {
	Base     casework.TextID `json:"base"`
	Body     string          `json:"body"`
	Redacted bool            `json:"redacted,omitempty"`
}

// Project makes everything the reader gets of the state at now.
func Project(s *casework.State, access *casework.Access, r casework.Reader, now time.Time) Projection {
	p := Projection{
		Case: projectCase(s, r), Team: projectTeam(s, access, r, now), Family: projectFamily(s, r), Columns: projectColumns(s, r),
		Cards: map[casework.CardID]Card{}, Order: map[casework.ColumnID][]casework.CardID{}, Undo: projectUndo(s, r),
		Consents: projectConsents(s, r), Custody: projectCustody(s, r),
		Attendance: projectAttendance(s, access, r, now),
		Given:      projectGiven(s, access, r, now),
	}
	for id, c := range s.Cards {
		if seesCard(r, s, c) {
			p.Cards[id] = projectCard(s, r, c)
		}
	}
	for _, column := range columnsFor(s, r) {
		p.Order[column.ID] = projectOrder(s, r, column)
	}
	return p
}

func projectCase(s *casework.State, r casework.Reader) Case {
	if r.Dark() {
		return Case{ID: s.ID, Status: s.Status, Practice: s.Practice}
	}
	return Case{ID: s.ID, Name: s.Name.Body, Status: s.Status, Practice: s.Practice}
}

func projectTeam(s *casework.State, access *casework.Access, r casework.Reader, now time.Time) []Member {
	team := make([]Member, 0, len(access.Team))
	if r.Dark() {
		return team
	}
	for _, m := range access.Team {
		known := Member{User: m.User, Name: m.Name, Role: m.Role, Organisation: m.Organisation,
			OrganisationName: m.OrganisationName, Beside: []casework.PersonID{}, Contact: m.Contact, Function: m.Function, Ended: !m.Current(now)}
		for _, id := range m.Beside {
			if p := s.Persons[id]; p != nil && showsPerson(r, s, p) {
				known.Beside = append(known.Beside, id)
			}
		}
		team = append(team, known)
	}
	return team
}

func projectFamily(s *casework.State, r casework.Reader) []Person {
	family := []Person{}
	for _, id := range s.Family {
		p := s.Persons[id]
		if showsPerson(r, s, p) {
			family = append(family, Person{ID: id, Kind: p.Kind, Class: p.Class, Name: p.Name.Body, Calls: p.Calls.Body,
				Born: p.Born.Body, By: p.Added.User, Role: p.Added.Discipline, Org: p.Added.Organisation,
				Removed: p.Removed, Redacted: p.Name.Redacted})
		}
	}
	return family
}

func projectColumns(s *casework.State, r casework.Reader) []Column {
	seen := columnsFor(s, r)
	columns := make([]Column, len(seen))
	for i, c := range seen {
		columns[i] = Column{c.ID, c.Title.Body, c.Kind}
	}
	return columns
}

// columnsFor lists the columns that the reader sees: all, or none in the dark.
func columnsFor(s *casework.State, r casework.Reader) []*casework.Column {
	if r.Dark() {
		return nil
	}
	return s.Columns
}

// projectOrder is the full order of a column with the hidden cards taken out:
// a frame never tells a position among cards the reader cannot see.
func projectOrder(s *casework.State, r casework.Reader, column *casework.Column) []casework.CardID {
	order := []casework.CardID{}
	for _, id := range column.Cards {
		if seesCard(r, s, s.Cards[id]) {
			order = append(order, id)
		}
	}
	return order
}

func projectCard(s *casework.State, r casework.Reader, c *casework.Card) Card {
	text := projectText(c.Text)
	card := Card{ID: c.ID, Column: c.Column, Title: projectText(c.Title), Text: &text, Person: c.Perspective,
		Class: c.Class, Named: c.Named, Kind: c.Kind, Domain: c.Domain, Seen: c.Seen,
		By: c.Author.User, Role: c.Author.Discipline, Org: c.Author.Organisation,
		For: c.For, Declined: c.Declined, At: c.At, Tabled: c.Tabled, Changed: c.Changed, Archived: c.Archived}
	for _, to := range c.Links {
		if target := s.Cards[to]; target != nil && seesCard(r, s, target) {
			card.Links = append(card.Links, to)
		}
	}
	return card
}

func projectText(t casework.Text) Text {
	return Text{Base: t.ID, Body: t.Body, Redacted: t.Redacted}
}
