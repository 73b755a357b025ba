// Package demo holds the invented case Zilverlinde, to show and to try things
// with. It is made through the same door as every other case.
package demo

import (
	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// person of the invented family; Beside are the logins of who stands beside.
type person struct {
	name   string
	kind   casework.View
	class  casework.Class
	age    int
	beside []string
}

// professional of the invented team.
type professional struct {
	login        string
	name         string
	role         casework.Role
	organisation string
	contact      bool
}

// card of the invented board.
type card struct {
	person string // empty: professional
	class  casework.Class
	kind   casework.Kind
	by     string
	title  string
	column int // among those of the template
	labels casework.Labels
}

const (
	caseName = "Zilverlinde"
	shelter  = "Opvang De Linde (verzonnen)"
	clinic   = "GGzE (verzonnen)"
)

var team = []professional{
	{"hanneke", "Hanneke", casework.Chair, shelter, false},
	{"iris", "Iris", casework.ChildWorker, shelter, false},
	{"daan", "Daan", casework.AmbulantWorker, shelter, true},
	{"mirthe", "Mirthe", casework.MentalHealth, clinic, false},
	{"ruben", "Ruben", casework.PerpetratorSupport, "Begeleiding ex-partners (verzonnen)", false},
}

// els has access to the access log only, so she is no member of the case.
var els = professional{"els", "Els", casework.Manager, shelter, false}

var family = []person{
	{"Noor", casework.ViewParent, casework.Shared, 31, []string{"daan", "mirthe"}},
	{"Fenna", casework.ViewChild, casework.Shared, 12, []string{"iris"}},
	{"Bram", casework.ViewChild, casework.Shared, 5, []string{"iris"}},
	{"Joris", casework.ViewPartner, casework.Shared, 34, []string{"ruben"}},
	{"Ans", casework.ViewNetwork, casework.Shared, 61, []string{"daan"}},
}

// consents are what the family said about sharing, by the login of who heard it.
var consents = []struct {
	person  string
	sharing casework.Sharing
	answer  casework.ConsentAnswer
	by      string
}{
	{"Noor", casework.SharingTable, casework.ConsentAgreed, "daan"},
	{"Noor", casework.Sharing(casework.MentalHealth), casework.ConsentAgreed, "mirthe"},
	{"Noor", casework.Sharing(casework.PerpetratorSupport), casework.ConsentRefused, "daan"},
	{"Fenna", casework.SharingTable, casework.ConsentInformed, "iris"},
	{"Fenna", casework.Sharing(casework.PerpetratorSupport), casework.ConsentUnsafe, "iris"},
	{"Joris", casework.SharingTable, casework.ConsentAgreed, "ruben"},
}

// custody of the children, by child and by who has it.
var custody = [][2]string{{"Fenna", "Noor"}, {"Bram", "Noor"}}

// template holds the columns that the case begins with.
var template = app.Template{Name: "demo", Columns: map[string][]app.TemplateColumn{"nl": {
	{Title: "Feiten", Kind: casework.Fact}, {Title: "Eigen woorden", Kind: casework.Words}, {Title: "Vragen", Kind: casework.Question},
	{Title: "Zorgen", Kind: casework.Concern}, {Title: "Krachten", Kind: casework.Strength}, {Title: "Afspraken"}}}}

// Its columns by place.
const (
	facts = iota
	ownWords
	questions
	concerns
)

var cards = []card{
	{"Fenna", casework.Shared, casework.Words, "iris", "Ik slaap pas als Bram slaapt.", ownWords, casework.Labels{Seen: "shelter"}},
	{"Fenna", casework.Shared, casework.Fact, "iris", "Miste negen schooldagen sinds aankomst.", facts, casework.Labels{Domain: "school_work", Seen: "school"}},
	{"Fenna", casework.Shared, casework.Question, "iris", "Wat wil Fenna zelf meegeven, en hoe?", questions, casework.Labels{}},
	{"Bram", casework.Shared, casework.Fact, "iris", "Kroop viermaal onder tafel bij harde stemmen.", facts, casework.Labels{Seen: "shelter"}},
	{"Bram", casework.Shared, casework.Interpretation, "mirthe", "Past bij stress; overprikkeling is nog niet uitgesloten.", concerns, casework.Labels{Domain: "mental_health"}},
	{"Bram", casework.Shared, casework.Question, "daan", "Consult: wat hoort bij vijf jaar?", questions, casework.Labels{}},
	{"Noor", casework.Shared, casework.Words, "daan", "Ik wil één iemand bellen, niet vijf.", ownWords, casework.Labels{}},
	{"Noor", casework.Shared, casework.Fact, "daan", "Drie maanden huurachterstand; regeling ligt klaar.", facts, casework.Labels{Domain: "money", Seen: "home"}},
	{"Noor", casework.Confidential, casework.Interpretation, "daan", "Post blijft dicht: niet kunnen, eerder dan niet willen.", concerns, casework.Labels{Domain: "money"}},
	{"Noor", casework.Confidential, casework.Fact, "mirthe", "Intake GGzE over zes weken.", facts, casework.Labels{Domain: "mental_health"}},
	{"Joris", casework.Shared, casework.Words, "ruben", "Ik mis ze. Ik ging te ver.", ownWords, casework.Labels{}},
	{"Joris", casework.Shared, casework.Fact, "ruben", "Kwam naar drie van vijf gesprekken.", facts, casework.Labels{}},
	{"Joris", casework.Confidential, casework.Interpretation, "ruben", "Berichten nemen toe rond omgang; patroon: conflictscheiding of intieme terreur?", concerns, casework.Labels{Domain: "safety"}},
	{"Ans", casework.Safety, casework.Words, "daan", "Bram mag woensdag altijd bij mij eten.", ownWords, casework.Labels{Domain: "network"}},
	{"Ans", casework.Safety, casework.Question, "daan", "Is oma's adres bekend bij Joris?", questions, casework.Labels{Domain: "safety"}},
	{"Noor", casework.Private, casework.Fact, "iris", "Navragen bij school: rustplek voor Fenna?", facts, casework.Labels{}},
}
