package room

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/view"
	"github.com/casustafel/casustafel/policies"
)

// A writingRoom is the room of the case Zilverlinde. Its clients have no lines:
// what is to be sent stays with them.
type writingRoom struct {
	*room
	t     testing.TB
	demo  *casetest.Demo
	cases *deafCases
}

// deafCases keeps what the other nodes are told.
type deafCases struct {
	Cases
	heard []string
	views []audit.StayMoment // that were put on the record
	fails error              // to put anything there
}

func (c *deafCases) TellCarets(payload string) { c.heard = append(c.heard, payload) }

func (c *deafCases) TellHere(string) {}

func (c *deafCases) RefuseInRoom(_ context.Context, _ audit.Actor, _ casework.CaseID, _ casework.Reader, _ audit.Event, refusal *casework.Error) error {
	return refusal
}

func (c *deafCases) Observe(_ context.Context, _ casework.CaseID, event audit.Event, stays ...audit.StayMoment) error {
	if event == "view" {
		c.views = append(c.views, stays...)
	}
	return c.fails
}

func newWritingRoom(t testing.TB) *writingRoom {
	t.Helper()
	p, err := policy.Parse(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	w := &writingRoom{t: t, demo: casetest.Zilverlinde(p), cases: &deafCases{}}
	hub := NewHub(Config{Cases: w.cases, Tokens: plainTokens{}, Now: func() time.Time { return w.demo.At }})
	w.room = newRoom(hub, w.demo.State.ID, w.demo.Access)
	w.moment = w.demo.Moment()
	hub.confirmedAt(w.demo.At)
	return w
}

type plainTokens struct{}

func (plainTokens) Seal(plain string) string         { return plain }
func (plainTokens) Open(token string) (string, bool) { return token, true }

func (w *writingRoom) sit(user casework.UserID, eyes view.Eyes) *client {
	w.t.Helper()
	c := &client{hub: w.hub, room: w.room, visitor: Visitor{User: user}, actor: audit.Actor{User: user}, eyes: eyes, writing: true}
	reader, ok := w.reader(c)
	if !ok {
		w.t.Fatal("no place for", user)
	}
	w.clients[c] = struct{}{}
	w.seat(c, groupIn(w.groups, eyes, reader, w.moment, w.turn))
	return c
}

// happens shows everybody what the demo came to.
func (w *writingRoom) happens() {
	w.t.Helper()
	w.hub.confirmedAt(w.demo.At)
	if !w.show(w.demo.Moment()) {
		w.t.Fatal("nothing is shown")
	}
}

// told is what waits for a client of carets, as user:card:base:anchor:head.
func (w *writingRoom) told(c *client) string {
	w.t.Helper()
	w.tellCarets()
	if c.others == nil {
		return "nothing"
	}
	var m carets
	if err := json.Unmarshal([]byte(c.carets), &m); c.carets != "" && err != nil {
		w.t.Fatal(err)
	}
	c.others = nil
	var all []string
	for _, p := range m.Carets {
		all = append(all, p.word())
	}
	return strings.Join(all, " ")
}

// Where somebody writes is told to who may read that note, and only where its
// writer may write: in a text that there is, at a place in it.
func TestCaretsAreToldToWhoMayReadTheNote(t *testing.T) {
	w := newWritingRoom(t)
	d := w.demo
	note := func(by casework.UserID, tabled bool, class casework.Class, person casework.PersonID) (casework.CardID, casework.TextID) {
		card := d.Draft(by, tabled, casetest.Fields{"text": "Tien tekens", "class": class, "person": person})
		return card, d.State.Cards[card].Text.ID
	}
	shared, text := note(d.Iris, true, casework.Shared, d.Fenna)
	hidden, secret := note(d.Daan, true, casework.Safety, d.Ans)
	draft, idea := note(d.Iris, false, casework.Shared, d.Fenna)
	gone, old := note(d.Iris, true, casework.Shared, d.Fenna)
	d.Do(d.Iris, "archive_card", casetest.Fields{"card": gone})
	w.moment = d.Moment()
	w.hub.confirmedAt(d.At)
	iris, other, ruben, daan := w.sit(d.Iris, view.Eyes{}), w.sit(d.Iris, view.Eyes{}), w.sit(d.Ruben, view.Eyes{}), w.sit(d.Daan, view.Eyes{})
	all := []*client{iris, other, ruben, daan}
	for _, c := range []struct {
		what   string
		writer *client
		at     spot
		told   []*client
	}{
		{"in a shared note", iris, spot{shared, text, 0, 11}, []*client{other, ruben, daan}},
		{"beyond its end", iris, spot{shared, text, 0, 12}, nil},
		{"in a text that never was", iris, spot{shared, "NSUCHTEXT2222222", 0, 0}, nil},
		{"in the text of another card", iris, spot{shared, secret, 0, 0}, nil},
		{"in a note that Ruben may not read", daan, spot{hidden, secret, 3, 3}, []*client{iris, other}},
		{"in a note that its writer may not read", ruben, spot{hidden, secret, 3, 3}, nil},
		{"in a note that its writer may only read", ruben, spot{shared, text, 3, 3}, nil},
		{"in a draft", iris, spot{draft, idea, 0, 0}, nil},
		{"in an archived note", iris, spot{gone, old, 0, 0}, nil},
		{"nowhere", iris, spot{}, nil},
	} {
		c.writer.writes = c.at
		for _, reader := range all {
			want := "nothing"
			if slices.Contains(c.told, reader) {
				want = placed{User: c.writer.visitor.User, spot: c.at}.word()
			}
			if got := w.told(reader); got != want {
				t.Errorf("%s: %s is told %q, not %q", c.what, reader.visitor.User, got, want)
			}
		}
		c.writer.writes = spot{}
		for _, reader := range all {
			if got := w.told(reader); (got == "") != slices.Contains(c.told, reader) {
				t.Errorf("%s no more: %s is told %q", c.what, reader.visitor.User, got)
			}
		}
	}
}

// A caret that waits to be sent goes no further once its reader may see less, and
// once its writer may not write there nobody hears of it.
func TestCaretsEndWithTheRight(t *testing.T) {
	for what, c := range map[string]struct {
		happens func(d *casetest.Demo, card casework.CardID)
		told    string // to Ruben, after that
	}{
		"the note is shielded": {func(d *casetest.Demo, card casework.CardID) {
			d.Do(d.Iris, "shield_card", casetest.Fields{"card": card, "class": casework.Confidential})
		}, ""},
		"the note is archived": {func(d *casetest.Demo, card casework.CardID) {
			d.Do(d.Iris, "archive_card", casetest.Fields{"card": card})
		}, ""},
		"the case is closed": {func(d *casetest.Demo, _ casework.CardID) { d.Do(d.Hanneke, "close_case", nil) }, ""},
		"the writer sits there no more": {func(d *casetest.Demo, _ casework.CardID) {
			m := d.Member(d.Iris)
			m.Until = d.At
			d.Seat(m)
		}, ""},
		"the reader sits there no more": {func(d *casetest.Demo, _ casework.CardID) {
			m := d.Member(d.Ruben)
			m.Until = d.At
			d.Seat(m)
		}, "nothing"},
		"something else": {func(d *casetest.Demo, _ casework.CardID) {
			d.Do(d.Hanneke, "add_column", casetest.Fields{"title": "Later"})
		}, "the same"},
	} {
		w := newWritingRoom(t)
		d := w.demo
		card := d.Draft(d.Iris, true, casetest.Fields{"text": "Tekst", "person": d.Fenna})
		w.moment = d.Moment()
		w.hub.confirmedAt(d.At)
		iris, ruben := w.sit(d.Iris, view.Eyes{}), w.sit(d.Ruben, view.Eyes{})
		iris.writes = spot{card, d.State.Cards[card].Text.ID, 1, 2}
		w.tellCarets()
		if ruben.others == nil {
			t.Fatal("Ruben is not told of what Iris writes in a shared note")
		}
		c.happens(d, card)
		w.happens()
		if ruben.others != nil {
			t.Errorf("%s: what waited still goes out", what)
		}
		want := c.told
		if want == "the same" {
			want = placed{User: d.Iris, spot: iris.writes}.word()
		}
		if got := w.told(ruben); got != want {
			t.Errorf("%s: Ruben is told %q, not %q", what, got, want)
		}
	}
}

// The eyes of the Scherm are told where all before it may read, and nobody writes
// through them.
func TestCaretsThroughOtherEyes(t *testing.T) {
	w := newWritingRoom(t)
	d := w.demo
	shared := d.Draft(d.Iris, true, casetest.Fields{"text": "Tekst", "person": d.Fenna})
	safety := d.Draft(d.Daan, true, casetest.Fields{"text": "Tekst", "person": d.Ans, "class": casework.Safety})
	d.Do(d.Hanneke, "tick_member", casetest.Fields{"member": d.Ruben})
	d.Do(d.Hanneke, "show_screen", nil)
	w.moment = d.Moment()
	w.hub.confirmedAt(d.At)
	screen, iris, daan := w.sit(d.Hanneke, view.Eyes{Screen: true}), w.sit(d.Iris, view.Eyes{}), w.sit(d.Daan, view.Eyes{})
	iris.writes = spot{shared, d.State.Cards[shared].Text.ID, 1, 1}
	daan.writes = spot{safety, d.State.Cards[safety].Text.ID, 1, 1}
	screen.writes = spot{shared, d.State.Cards[shared].Text.ID, 2, 2}
	if got, want := w.told(screen), (placed{User: d.Iris, spot: iris.writes}).word(); got != want {
		t.Errorf("the Scherm is told %q, not %q", got, want)
	}
	if got, want := w.told(daan), (placed{User: d.Iris, spot: iris.writes}).word(); got != want {
		t.Errorf("Daan is told %q, not %q", got, want)
	}
	d.Do(d.Hanneke, "blank_screen", nil)
	w.happens()
	if got := w.told(screen); got != "" {
		t.Errorf("a blank Scherm is told %q", got)
	}
}

// Other nodes hear where people write, in as many nudges as it takes, and tell it
// by their own rules.
func TestCaretsOfOtherNodes(t *testing.T) {
	here, there := newWritingRoom(t), newWritingRoom(t)
	d := here.demo
	safety := d.Draft(d.Daan, true, casetest.Fields{"text": strings.Repeat("a", 100), "person": d.Ans, "class": casework.Safety})
	base := d.State.Cards[safety].Text.ID
	for _, w := range []*writingRoom{here, there} {
		w.moment = d.Moment()
		w.hub.rooms[w.id] = w.room
		w.hub.confirmedAt(d.At)
	}
	var windows []*client
	for n := range perNudge + 1 {
		c := here.sit(d.Daan, view.Eyes{})
		c.writes = spot{safety, base, n, n}
		windows = append(windows, c)
	}
	hear := func() (nudges int) {
		here.tellCarets()
		for _, payload := range here.cases.heard {
			if len(payload) > 7000 {
				t.Errorf("a nudge of %d bytes", len(payload))
			}
			there.hub.CaretsElsewhere(payload)
			here.hub.CaretsElsewhere(payload)
		}
		nudges, here.cases.heard = len(here.cases.heard), nil
		for _, work := range there.inbox {
			work()
		}
		there.inbox = nil
		return nudges
	}
	if n := hear(); n != 0 {
		t.Errorf("%d nudges to nodes where nobody sits at this table", n)
	}
	here.away[there.hub.id] = elsewhere{}
	there.away[here.hub.id] = elsewhere{}
	iris, ruben := there.sit(d.Iris, view.Eyes{}), there.sit(d.Ruben, view.Eyes{})
	if n := hear(); n != 2 || len(there.away[here.hub.id].carets) != perNudge+1 {
		t.Errorf("%d nudges, of which %d carets came", n, len(there.away[here.hub.id].carets))
	}
	if got := strings.Fields(there.told(iris)); len(got) != ofOne {
		t.Errorf("Iris is told of %d carets", len(got))
	}
	if got := there.told(ruben); got != "nothing" {
		t.Errorf("Ruben is told %q", got)
	}
	if n := hear(); n != 0 {
		t.Errorf("%d nudges while nobody moves", n)
	}
	for _, c := range windows[1:] {
		c.writes = spot{}
	}
	hear()
	if got, want := there.told(iris), (placed{User: d.Daan, spot: windows[0].writes}).word(); got != want {
		t.Errorf("Iris is told %q, not %q", got, want)
	}
	for _, payload := range []string{"", "other", "other " + string(here.id), "other " + string(here.id) + " first USER:CARD:TEXT:1:1 x:y " + (placed{User: d.Daan, spot: spot{safety, base, -1, 1}}).word()} {
		there.hub.CaretsElsewhere(payload)
	}
}

// What cannot be read as a caret is none.
func TestPossibleCarets(t *testing.T) {
	const card, text = "CARD222222222222", "TEXT222222222222"
	for frame, possible := range map[string]bool{
		`{"t":"caret"}`: true,
		`{"t":"caret","card":"` + card + `","base":"` + text + `","anchor":0,"head":16384}`:                true,
		`{"t":"caret","card":"` + card + `","anchor":0,"head":0}`:                                          true, // of a card that never had a text
		`{"t":"caret","base":"` + text + `","anchor":0,"head":0}`:                                          false,
		`{"t":"caret","card":"` + card + `","base":"` + text + `","anchor":-1,"head":0}`:                   false,
		`{"t":"caret","card":"` + card + `","base":"` + text + `","anchor":0,"head":16385}`:                false,
		`{"t":"caret","card":"` + card + `","base":"` + text + `","anchor":0.5,"head":0}`:                  false,
		`{"t":"caret","card":"` + card + `","base":"` + text + `","anchor":1e3,"head":0}`:                  false,
		`{"t":"caret","card":"` + card + `","base":"` + text + `","anchor":99999999999999999999,"head":0}`: false,
		`{"t":"caret","card":"../../etc","base":"` + text + `","anchor":0,"head":0}`:                       false,
	} {
		m, ok := decode([]byte(frame))
		if got := ok && m.(*caret).possible(); got != possible {
			t.Errorf("%s is possible: %v", frame, got)
		}
	}
}

// Fifty who write in one note, all of whom moved.
func BenchmarkTellingFiftyCarets(b *testing.B) {
	w := newWritingRoom(b)
	d := w.demo
	card := d.Draft(d.Iris, true, casetest.Fields{"text": strings.Repeat("Zo staat het er. ", 500), "person": d.Fenna})
	w.moment = d.Moment()
	w.hub.confirmedAt(d.At)
	var writers []*client
	for range 50 {
		writers = append(writers, w.sit(d.Iris, view.Eyes{}))
	}
	for n := 0; b.Loop(); n++ {
		for i, c := range writers {
			c.writes = spot{card, d.State.Cards[card].Text.ID, i, n % 1000}
		}
		w.tellCarets()
	}
}
