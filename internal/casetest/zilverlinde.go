package casetest

import (
	"fmt"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/policy"
)

// Demo is the case Zilverlinde of the field's own words, wholly invented, told
// with the commands of the program.
type Demo struct {
	Story
	Hanneke, Iris, Daan, Mirthe, Ruben casework.UserID
	Noor, Fenna, Bram, Joris, Ans      casework.PersonID
	Columns                            []casework.ColumnID
	Cards                              map[int]casework.CardID // by their number in the table of the field
}

// Zilverlinde tells the case up to the moment at which all its cards are on the table.
func Zilverlinde(p *policy.Policy) *Demo {
	user := func(name string) casework.UserID { return casework.UserID(idOf(name)) }
	d := &Demo{Hanneke: user("Hanneke"), Iris: user("Iris"), Daan: user("Daan"), Mirthe: user("Mirthe"), Ruben: user("Ruben"),
		Cards: map[int]casework.CardID{}}
	member := func(id casework.UserID, name string, role casework.Role, organisation string) casework.Member {
		return casework.Member{User: id, Name: name, Role: role, Organisation: casework.OrganisationID(idOf(organisation)),
			OrganisationName: organisation, From: Start, Active: true}
	}
	d.Table = Open(p, casework.CaseID(idOf("Zilverlinde")), "Zilverlinde", d.Hanneke, Start,
		member(d.Hanneke, "Hanneke", casework.Chair, "De Linde"), member(d.Iris, "Iris", casework.ChildWorker, "De Linde"),
		member(d.Daan, "Daan", casework.AmbulantWorker, "De Linde"), member(d.Mirthe, "Mirthe", casework.MentalHealth, "GGzE"),
		member(d.Ruben, "Ruben", casework.PerpetratorSupport, "De Omslag"))
	d.family()
	for _, title := range []string{"Kinderen", "Ouders", "Netwerk en veiligheid"} {
		d.Columns = append(d.Columns, casework.ColumnID(d.must(d.Hanneke, "add_column", Fields{"title": title, "after": last(d.Columns)})))
	}
	d.tellCards()
	return d
}

func (d *Demo) family() {
	add := func(name string, kind casework.View, born string) casework.PersonID {
		return casework.PersonID(d.must(d.Hanneke, "add_person", Fields{"name": name, "kind": kind, "class": casework.Shared, "born": born}))
	}
	d.Noor = add("Noor", casework.ViewParent, "1994-05-11")
	d.Fenna = add("Fenna", casework.ViewChild, "2013-09-02")
	d.Bram = add("Bram", casework.ViewChild, "2020-06-30")
	d.Joris = add("Joris", casework.ViewPartner, "1991-10-17")
	d.Ans = add("Ans", casework.ViewNetwork, "")
	d.beside(d.Iris, d.Fenna, d.Bram)
	d.beside(d.Daan, d.Noor, d.Ans)
	d.beside(d.Mirthe, d.Noor)
	d.beside(d.Ruben, d.Joris)
}

func (d *Demo) beside(user casework.UserID, persons ...casework.PersonID) {
	m := d.Member(user)
	m.Beside, m.Contact = persons, user == d.Daan
	d.Seat(m)
}

func (d *Demo) tellCards() {
	for i, c := range []struct {
		by     casework.UserID
		person casework.PersonID
		column int
		class  casework.Class
		kind   casework.Kind
		title  string
	}{
		{d.Iris, d.Fenna, 0, casework.Shared, casework.Words, "Ik slaap pas als Bram slaapt."},
		{d.Iris, d.Fenna, 0, casework.Shared, casework.Fact, "Miste negen schooldagen sinds aankomst."},
		{d.Iris, d.Fenna, 0, casework.Shared, casework.Question, "Wat wil Fenna zelf meegeven, en hoe?"},
		{d.Iris, d.Bram, 0, casework.Shared, casework.Fact, "Kroop viermaal onder tafel bij harde stemmen."},
		{d.Mirthe, d.Bram, 0, casework.Shared, casework.Interpretation, "Past bij stress; overprikkeling is nog niet uitgesloten."},
		{d.Daan, d.Bram, 0, casework.Shared, casework.Question, "Consult: wat hoort bij vijf jaar?"},
		{d.Daan, d.Noor, 1, casework.Shared, casework.Words, "Ik wil één iemand bellen, niet vijf."},
		{d.Daan, d.Noor, 1, casework.Shared, casework.Fact, "Drie maanden huurachterstand; regeling ligt klaar."},
		{d.Daan, d.Noor, 1, casework.Confidential, casework.Interpretation, "Post blijft dicht: niet kunnen, eerder dan niet willen."},
		{d.Mirthe, d.Noor, 1, casework.Confidential, casework.Fact, "Intake GGzE over zes weken."},
		{d.Ruben, d.Joris, 1, casework.Shared, casework.Words, "Ik mis ze. Ik ging te ver."},
		{d.Ruben, d.Joris, 1, casework.Shared, casework.Fact, "Kwam naar drie van vijf gesprekken."},
		{d.Ruben, d.Joris, 1, casework.Confidential, casework.Interpretation, "Berichten nemen toe rond omgang; patroon?"},
		{d.Daan, d.Ans, 2, casework.Safety, casework.Words, "Bram mag woensdag altijd bij mij eten."},
		{d.Daan, d.Ans, 2, casework.Safety, casework.Question, "Is oma's adres bekend bij Joris?"},
		{d.Iris, d.Noor, 1, casework.Private, casework.Fact, "Werkaantekening van het kinderwerk"},
	} {
		card := d.must(c.by, "draft_card", Fields{"column": d.Columns[c.column], "title": c.title, "person": c.person, "class": c.class, "kind": c.kind})
		d.must(c.by, "table_card", Fields{"card": card})
		d.Cards[i+1] = casework.CardID(card)
	}
}

// Draft lets the user write a card with the fields and put it on the table when
// tabled; a title, a column, a kind and a class need not be given.
func (d *Demo) Draft(user casework.UserID, tabled bool, fields Fields) casework.CardID {
	all := Fields{"column": d.Columns[0], "title": "een kaart", "class": casework.Shared, "kind": casework.Question}
	for name, value := range fields {
		all[name] = value
	}
	card := d.must(user, "draft_card", all)
	if tabled {
		d.must(user, "table_card", Fields{"card": card})
	}
	return casework.CardID(card)
}

// must is for steps that a story rests on.
func (d *Demo) must(user casework.UserID, command string, fields Fields) string {
	a := d.Do(user, command, fields)
	if !a.OK {
		panic(fmt.Sprintf("casetest: %s is refused: %s", command, a.Reason))
	}
	return a.Made
}

func last[T any](list []T) (none T) {
	if len(list) == 0 {
		return none
	}
	return list[len(list)-1]
}
