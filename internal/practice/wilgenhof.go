// Package practice holds the invented case Wilgenhof, in which the people of an
// organisation try the table out. It is data alone: the use cases play it
// through the same rules as every other case.
package practice

import "github.com/casustafel/casustafel/internal/casework"

// CaseName is what a practice case is called, in every language: its cards are
// in Dutch too.
const CaseName = "Oefencasus Wilgenhof"

// Colleague is somebody of the invented team. There is one of a role.
type Colleague struct {
	Name    string
	Role    casework.Role
	Contact bool
}

// Person is somebody of the invented family. Beside are the roles that stand
// beside this person, of colleagues and of those who come to practise.
type Person struct {
	Name   string
	Kind   casework.View
	Age    int
	Beside []casework.Role
}

// Card is a card of the invented board.
type Card struct {
	By     casework.Role
	Person string // empty: professional
	Class  casework.Class
	Named  []casework.Role
	Kind   casework.Kind
	Title  string
	Text   string
	Labels casework.Labels
}

// Team is at the table before anybody comes to practise; the first leads.
var Team = []Colleague{
	{"Wieke (oefening)", casework.Chair, false},
	{"Lotte (oefening)", casework.ChildWorker, false},
	{"Milan (oefening)", casework.AmbulantWorker, true},
	{"Esra (oefening)", casework.MentalHealth, false},
	{"Koen (oefening)", casework.PerpetratorSupport, false},
}

// Family is who the case is about.
var Family = []Person{
	{"Sanne", casework.ViewParent, 33, []casework.Role{casework.AmbulantWorker, casework.ResidentialWorker, casework.MentalHealth}},
	{"Jip", casework.ViewChild, 10, []casework.Role{casework.ChildWorker, casework.ResidentialWorker}},
	{"Pien", casework.ViewChild, 6, []casework.Role{casework.ChildWorker, casework.ResidentialWorker}},
	{"Mark", casework.ViewPartner, 36, []casework.Role{casework.PerpetratorSupport}},
	{"Gerda", casework.ViewNetwork, 64, []casework.Role{casework.AmbulantWorker}},
}

// BesideOf lists, by their place in Family, the persons beside whom a role stands.
func BesideOf(role casework.Role) (places []int) {
	for i, p := range Family {
		for _, r := range p.Beside {
			if r == role {
				places = append(places, i)
			}
		}
	}
	return places
}

// Cards lie on the table, each class among them. Nobody has written down any
// words of Pien yet: that is left to whoever practises.
var Cards = []Card{
	{casework.ChildWorker, "Jip", casework.Shared, nil, casework.Words, "Ik wil gewoon weer naar voetbal.",
		"Een kaart met eigen woorden. De hele tafel leest hem.", casework.Labels{Domain: "school_work", Seen: "shelter"}},
	{casework.ChildWorker, "Jip", casework.Shared, nil, casework.Fact, "Kwam deze maand drie keer te laat op school.",
		"Een feit: wat is gezien, zonder uitleg erbij.", casework.Labels{Domain: "school_work", Seen: "school"}},
	{casework.ChildWorker, "Pien", casework.Shared, nil, casework.Question, "Wat helpt Pien om in slaap te vallen?",
		"Een vraag aan de tafel. Schrijf jij op wat Pien er zelf over zegt?", casework.Labels{Seen: "shelter"}},
	{casework.ChildWorker, "Pien", casework.Confidential, nil, casework.Interpretation, "Trekt zich terug na het bellen: spanning, of moe?",
		"Vertrouwelijk: dit leest wie naast Pien staat, en de voorzitter.", casework.Labels{Domain: "mental_health"}},
	{casework.AmbulantWorker, "Sanne", casework.Shared, nil, casework.Words, "Vraag eerst eens hoe het met míj gaat.",
		"Een kaart met eigen woorden van een ouder.", casework.Labels{}},
	{casework.AmbulantWorker, "Sanne", casework.Confidential, nil, casework.Fact, "Twee maanden achter met de kinderopvang.",
		"Vertrouwelijk: dit leest wie naast Sanne staat, en de voorzitter.", casework.Labels{Domain: "money"}},
	{casework.MentalHealth, "Sanne", casework.Confidential, nil, casework.Fact, "Begint over drie weken met een groep.",
		"Vertrouwelijk: wat een behandelaar weet, leest niet de hele tafel.", casework.Labels{Domain: "mental_health"}},
	{casework.PerpetratorSupport, "Mark", casework.Shared, nil, casework.Words, "Ik weet niet hoe ik moet stoppen met bellen.",
		"Ook de (ex-)partner heeft een stem aan tafel.", casework.Labels{Domain: "relations"}},
	{casework.PerpetratorSupport, "Mark", casework.Confidential, nil, casework.Interpretation, "Belt vaker als de omgang niet doorgaat.",
		"Vertrouwelijk: dit leest wie naast Mark staat, en de voorzitter.", casework.Labels{Domain: "safety"}},
	{casework.AmbulantWorker, "Gerda", casework.Safety, nil, casework.Fact, "Haalt Pien op dinsdag op; Mark kent dat adres niet.",
		"Veiligheid: dit leest wie iemand veilig houdt, en nooit de kant van de (ex-)partner.", casework.Labels{Domain: "safety"}},
	{casework.AmbulantWorker, "Gerda", casework.Shared, nil, casework.Strength, "Kookt elke zondag voor iedereen.",
		"Een kracht: wat blijft, ook als wij weer weg zijn.", casework.Labels{Domain: "network"}},
	{casework.AmbulantWorker, "", casework.Named, []casework.Role{casework.ChildWorker, casework.Chair}, casework.Question, "Stemmen we samen af voor het gesprek met Jip?",
		"Op naam: dit lezen alleen de mensen die de schrijver heeft aangevinkt.", casework.Labels{}},
	{casework.ChildWorker, "", casework.Private, nil, casework.Fact, "Volgende keer de tekendoos meenemen.",
		"Alleen eigen discipline: een werkaantekening van het kinderwerk.", casework.Labels{}},
	{casework.Chair, "", casework.Shared, nil, casework.Question, "Wat willen we vandaag samen besluiten?",
		"Een vraag van de voorzitter aan de hele tafel.", casework.Labels{}},
}
