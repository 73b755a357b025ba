package view_test

import (
	"testing"

	"github.com/casustafel/casustafel/internal/seeded"
)

// faults break promise 1.
func faults() []seeded.Fault {
	const sound = "TestNoninterference"
	const stream = "TestStreamedIsFresh"
	const joint = "TestJointStreamedIsFresh"
	const whose = "TestWhoMayLookThroughWhose"
	const blanks = "TestWhatBlanksTheScherm" // of package board
	const past = "TestHistoryIsReadableThenAndNow"
	const apart = "TestHistoryTellsOfNothingHidden"
	const rules = "TestPersons"              // of package board; random histories take some 10,000 pairs to find this one
	const consent = "TestConsent"            // likewise
	const undo = "TestUndoTellsWhatItBrings" // an undo that is told again after its anchor was hidden is rare
	const written = "TestWritingIsToldStepByStep"
	const news = "TestNewsTellNothingHidden"
	const cameBy = "TestPastIsWhatCameBy"
	list := []seeded.Fault{
		seeded.One("drafts are seen by others", sound, "sight.go", "if c.Draft() && c.Author.User != r.User && !c.AskedOf(r.User) {", "if false {"),
		seeded.One("what is asked of one is seen by others", sound, "sight.go", "!c.AskedOf(r.User) {", "c.For == \"\" {"),
		seeded.One("being asked opens what the policy shields", sound, "sight.go", "return reads(r, s, r.Cell(about, c.Class", "return c.AskedOf(r.User) || reads(r, s, r.Cell(about, c.Class"),
		seeded.One("cards of a hidden person are seen", sound, "sight.go", "if about != nil && !seesPerson(r, s, about) {", "if false {"),
		seeded.One("a person who was taken off tells of hidden cards", stream, "sight.go",
			"if c.Perspective == p.ID && seesCard(r, s, c) {", "if c.Perspective == p.ID {"),
		seeded.One("the order holds hidden cards", sound, "projection.go", "if seesCard(r, s, s.Cards[id]) {", "if true {"),
		seeded.One("links name hidden cards", sound, "projection.go", "target != nil && seesCard(r, s, target)", "target != nil"),
		seeded.One("the team tells beside which hidden persons it stands", sound, "projection.go", "p != nil && showsPerson(r, s, p)", "p != nil"),
		seeded.One("a hidden card can be undone", sound, "undo.go", "c.Era == u.Era && seesCard(r, s, c)", "true"),
		seeded.One("an undo tells what was written before the card was shielded", sound, "undo.go", "c.Era == u.Era && seesCard", "seesCard"),
		seeded.One("an undo names the hidden card it goes back after", undo, "undo.go", "anchor.Column == u.Was.Column && seesCard(r, s, anchor)", "anchor.Column == u.Was.Column"),
		seeded.One("what was touched but looks the same is sent", stream, "difference.go", "if reflect.DeepEqual(old, now) {", "if false {"),
		seeded.One("what was never seen is said to be gone", sound, "difference.go", "seen = seen && seesCard(was, before, old)", "_ = was"),
		seeded.One("what is hidden by now is sent", sound, "difference.go", "seesCard(is, after, c)", "true"),
		seeded.One("links stay when their target is hidden", stream, "difference.go",
			"func(to casework.CardID) bool { return cards[to] }", "func(casework.CardID) bool { return false }"),
		seeded.One("hidden cards are not absent to rules", sound, "seat.go", "if !ok || !seesCard(t.reader, t.moment.State, c) {", "if !ok {"),
		seeded.One("hidden cards keep a person at the table", sound, "seat.go",
			"c.Perspective == id && !c.Archived && seesCard(t.reader, t.moment.State, c)", "c.Perspective == id && !c.Archived"),
		seeded.One("what was heard is told to all who see the person", stream, "consents.go",
			"reads(r, s, r.Cell(person, c.Class, c.Author, nil), func(g casework.Given) bool { return g.CoversAbout(c.Person) })", "true"),
		seeded.One("custody names hidden persons", stream, "consents.go", " && showsPerson(r, s, s.Persons[c.Person])", ""),
		seeded.One("what was written for others is told step by step", written, "written.go", "if old.Era != now.Era || len(steps) == 0 {", "if len(steps) == 0 {"),
		seeded.One("who looks back is told what was done with hidden cards", cameBy, "past.go", "!Differ(was, p.reader, is, p.reader, touched).Empty()", "len(touched.Cards) > 0"),
		seeded.One("who looks back is told of writing in hidden notes", cameBy, "past.go", "was != nil && seesCard(p.reader, before, was) && seesCard(p.reader, after, after.Cards[id])", "was != nil"),
		seeded.One("what was in sight then is what is in sight now", cameBy, "past.go", "if s.from.After(at) {", "if false {"),
		seeded.One("what was erased is told step by step", written, "written.go", "steps[0].Changes.Before() != note.Length(text.Body)", "note.Length(text.Body) < 0"),
		seeded.One("a note points to what one of its readers may not see", "TestNotesPointToWhatAllTheirReadersSee", "targets.go", "everybody = seesCard(t.known(m), s, c)", "everybody = seesCard(t.reader, s, c)"),
		seeded.One("rules look at what colleagues heard", consent, "consents.go", "c.Author.User == t.reader.User && seesConsent(t.reader, t.moment.State, c)", "true"),
		seeded.One("news tell of hidden cards", news, "news.go", "if !seesCard(r, s, c) {", "if false {"),
		seeded.One("a look holds hidden cards", news, "news.go", "if seesCard(r, s, c) {", "if true {"),
		seeded.One("another kind of person opens cards", rules, "../board/persons.go", "if opensCards(seat, p.Kind, c.Kind) {", "if false {"),
		seeded.One("the history of another era is told", past, "history.go", "is.Era != card.Era ||", "false ||"),
		seeded.One("the history of a hidden card is told", past, "history.go", "card == nil || !seesCard(r, now.State, card)", "card == nil"),
		seeded.One("a history tells what was hidden then", past, "history.go", "!seesCard(r, before, was) ||", "false ||"),
		seeded.One("a history tells of moves past hidden cards", apart, "history.go", "if was.Column == is.Column {", "if false {"),
		seeded.One("of those who look together one is enough", joint, "sight.go",
			"		if !may(one) {\n			return false\n		}\n	}\n	return len(r.Joint.Eyes) > 0", "		if may(one) {\n			return true\n		}\n	}\n	return false"),
		seeded.One("drafts lie on the Scherm", joint, "sight.go", "return !c.Draft()", "return true"),
		seeded.One("what was heard is told to all when one may know", joint, "consents.go", "return showsPerson(r, s, person) && everyEye(", "return showsPerson(r, s, person) || everyEye("),
		seeded.One("Kijk als shows all that the other reads", joint, "eyes.go", "[]casework.Reader{own, other}", "[]casework.Reader{other}"),
		seeded.One("Kijk als shows all that the chair reads", whose, "eyes.go", "enters(e.As, m)", "enters(user, m)"),
		seeded.One("anybody looks as anybody", whose, "eyes.go", "if !ok || !leads(own, m.State.Status) {", "if !ok {"),
		seeded.One("the Scherm stays on when somebody is ticked", blanks, "../casework/attendance_events.go", "append(s.Attends, c.Member), false", "append(s.Attends, c.Member), s.Screen"),
		seeded.One("a blank Scherm shows the case", joint, "screen.go", "if !m.State.Screen || len(m.State.Attends)+len(m.State.Guests) == 0 {", "if false {"),
		seeded.One("who left the case narrows the Scherm no more", joint, "screen.go", "		if !ok {\n			return dark", "		if !ok {\n			continue"),
		seeded.One("guests do not narrow the Scherm", joint, "screen.go", "range m.State.Guests {", "range m.State.Guests[:0] {"),
		seeded.One("a bar is not looked at", stream, "sight.go", "		if !g.Opens() {\n			return given\n		}", ""),
		seeded.One("a lend covers everything", stream, "../casework/given.go", "return g.Card == c.ID", "return g.Opens() || g.Card == c.ID"),
		seeded.One("glass does not end", stream, "../casework/given.go", "(g.Until.IsZero() || now.Before(g.Until))", "(g.Kind == GrantGlass || g.Until.IsZero() || now.Before(g.Until))"),
		seeded.One("a lend survives the place that it was given to", stream, "../casework/given.go", "if g.Opens() && g.From.Before(m.From) {", "if false {"),
		seeded.One("a lend opens what hangs on a hidden person", stream, "sight.go", "if about != nil && !seesPerson(r, s, about) {", "if about != nil && len(r.Given) == 0 && !seesPerson(r, s, about) {"),
		seeded.One("who is shut out is told so", stream, "given.go", "return g.Opens()\n	case", "return true\n	case"),
		seeded.One("everybody is told what was lent", stream, "given.go", "g.Card != \"\" && s.Cards[g.Card].Author.User == r.User", "true"),
		seeded.One("a question about readers tells of what was given", sound, "seat.go", "seesCard(t.known(m), t.moment.State, &card)", "seesCard(m.Holding(t.moment.At), t.moment.State, &card)"),
		seeded.One("what was lent lies on the Scherm", joint, "screen.go", "shown.Eyes = append(shown.Eyes, withoutMore(r))", "shown.Eyes = append(shown.Eyes, r)"),
		{Name: "limits count hidden persons", Test: sound, Edits: []seeded.Edit{
			seeded.Swap("seat.go", "len(projectFamily(t.moment.State, t.reader))", "len(t.moment.State.Persons)"),
			seeded.Swap("../board/persons.go", "seat.Persons() >= MaxPersons", "seat.Persons() >= 2")}},
		{Name: "a column with hidden cards stays", Test: sound, Edits: []seeded.Edit{
			seeded.Swap("seat.go", "columns[i] = &casework.Column{ID: c.ID, Title: c.Title, Kind: c.Kind}", "columns[i] = c"),
			seeded.Swap("../board/columns.go", "case c.To == c.Column:", `case func() bool {
				column, _ := existing(seat, c.Column)
				return len(column.Cards) > len(seat.Order(c.Column))
			}():
				return Decision{}, casework.Refuse(casework.Conflict, "column_same")
			case c.To == c.Column:`)}},
	}
	for i, f := range list {
		switch f.Test {
		case rules, consent, blanks:
			list[i].Package = "../board"
		default:
			list[i].Args = []string{"-histories", "5000"}
		}
	}
	return list
}

// TestSeededFaultsAreCaught shows that the tests of promise 1 can fail.
func TestSeededFaultsAreCaught(t *testing.T) { seeded.Caught(t, faults()) }
