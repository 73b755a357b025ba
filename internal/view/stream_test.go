package view_test

import (
	"cmp"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// streamed is how many histories the test below plays.
const streamed = 160

// follower is somebody who looks at a table now and then.
type follower struct {
	user   casework.UserID
	reader casework.Reader
	seated bool
	saw    casetest.Table
	has    view.Projection
	lit    int // how often it saw a card on the Scherm
	at     int // the table it looked at last
}

// TestStreamedIsFresh holds, for every reader, what differences made of a
// projection equal to a fresh one, and each difference equal to one that is
// made from two projections alone: over one step and over several, across
// changes of the team, and when the case was read anew in between.
func TestStreamedIsFresh(t *testing.T) {
	streamedIsFresh(t, casetest.Users(casetest.Cast()), func(steps []casetest.Step, _ uint64) []casetest.Step { return steps })
}

// TestJointStreamedIsFresh is the same for those who look through other eyes:
// never more than everybody who looks may read.
func TestJointStreamedIsFresh(t *testing.T) {
	if lit := streamedIsFresh(t, jointViewers(), casetest.Meeting); lit < 500 {
		t.Errorf("cards lay on the Scherm %d times: that is too dark to tell anything", lit)
	}
}

func streamedIsFresh(t *testing.T, viewers []casework.UserID, met func([]casetest.Step, uint64) []casetest.Step) (lit int) {
	t.Helper()
	start := newTable(t)
	for n := *seed; n < *seed+streamed; n++ {
		random := rand.New(rand.NewPCG(n, 2))
		tables := tablesOf(start, met(casetest.History(n, *length, start), n))
		for _, user := range viewers {
			f := follower{user: user}
			for i := 0; i < len(tables); i += 1 + random.IntN(1+random.IntN(4)) {
				now := tables[i]
				if random.IntN(8) == 0 {
					now.State = readAnew(t, now.State)
				}
				f.look(t, n, i, now, tables[f.at:i+1])
				f.at = i
			}
			lit += f.lit
		}
	}
	return lit
}

// tablesOf lists the tables after each step.
func tablesOf(start casetest.Table, steps []casetest.Step) []casetest.Table {
	tables := []casetest.Table{start}
	for _, s := range steps {
		next, _ := tables[len(tables)-1].Do(s)
		tables = append(tables, next)
	}
	return tables
}

func (f *follower) look(t *testing.T, n uint64, step int, now casetest.Table, tables []casetest.Table) {
	t.Helper()
	was, before := *f, f.saw
	f.saw = now
	if f.reader, f.seated = now.Reader(f.user); !f.seated {
		return
	}
	fresh := view.Project(now.State, now.Access, f.reader, now.At)
	if f.reader.Dark() {
		if len(fresh.Columns)+len(fresh.Team)+len(fresh.Family)+len(fresh.Order)+len(fresh.Attendance.Members) > 0 || fresh.Case.Name != "" {
			t.Fatalf("-seed %d, step %d, %s: a blank Scherm tells %s", n, step, f.user, encode(t, fresh))
		}
	} else if f.reader.Joint != nil && f.reader.Joint.Screen && len(fresh.Cards) > 0 {
		f.lit++
	}
	sees(t, now, f.reader, fresh)
	f.has = fresh
	if !was.seated {
		return
	}
	d := view.Differ(before.Moment(), was.reader, now.Moment(), f.reader, view.Compare(before.State, now.State))
	writtenByRight(t, d, f.reader, tables)
	if got, want := encode(t, unfolded(d, was.has)), encode(t, between(was.has, fresh)); got != want {
		t.Fatalf("-seed %d, step %d, %s: the difference tells more or less than the projections\n got  %s\n want %s", n, step, f.user, got, want)
	}
	f.has = was.has.Apply(d)
	if got, want := encode(t, f.has), encode(t, fresh); got != want {
		t.Fatalf("-seed %d, step %d, %s: streamed is not fresh\n got  %s\n want %s", n, step, f.user, got, want)
	}
}

// between is the plain difference of two projections: nothing but them.
func between(old, now view.Projection) *view.Difference {
	d := &view.Difference{}
	if old.Case != now.Case {
		d.Case = &now.Case
	}
	if !reflect.DeepEqual(old.Team, now.Team) {
		d.Team = now.Team
	}
	if !reflect.DeepEqual(old.Family, now.Family) {
		d.Family = &now.Family
	}
	if !reflect.DeepEqual(old.Columns, now.Columns) {
		d.Columns = now.Columns
	}
	for id, c := range now.Cards {
		was, had := old.Cards[id]
		if had && same(was, c) {
			continue
		}
		if had && *was.Text == *c.Text {
			c.Text = nil
		}
		d.Cards = append(d.Cards, c)
	}
	for id := range old.Cards {
		if _, has := now.Cards[id]; !has {
			d.Gone = append(d.Gone, id)
		}
	}
	slices.SortFunc(d.Cards, func(a, b view.Card) int { return cmp.Compare(a.ID, b.ID) })
	slices.Sort(d.Gone)
	for id, order := range now.Order {
		if was, had := old.Order[id]; !had || !slices.Equal(was, order) {
			if d.Order == nil {
				d.Order = map[casework.ColumnID][]casework.CardID{}
			}
			d.Order[id] = order
		}
	}
	if !reflect.DeepEqual(old.Consents, now.Consents) {
		d.Consents = &now.Consents
	}
	if !reflect.DeepEqual(old.Custody, now.Custody) {
		d.Custody = &now.Custody
	}
	if now.Undo == nil {
		d.NoUndo = old.Undo != nil
	} else if old.Undo == nil || *old.Undo != *now.Undo {
		d.Undo = now.Undo
	}
	if !reflect.DeepEqual(old.Attendance, now.Attendance) {
		d.Attendance = &now.Attendance
	}
	if len(old.Given)+len(now.Given) > 0 && !reflect.DeepEqual(old.Given, now.Given) {
		given := append([]view.Given{}, now.Given...)
		d.Given = &given
	}
	return d
}

// same compares cards as they go out.
func same(a, b view.Card) bool {
	one, _ := json.Marshal(a)
	two, _ := json.Marshal(b)
	return string(one) == string(two)
}

// sees holds a projection to the plain rule: all that may be seen and no more.
func sees(t *testing.T, now casetest.Table, r casework.Reader, p view.Projection) {
	t.Helper()
	cards := 0
	for id, c := range now.State.Cards {
		if !now.ReadsCard(r, c) {
			continue
		}
		cards++
		var links []casework.CardID
		for _, to := range c.Links {
			if now.ReadsCard(r, now.State.Cards[to]) {
				links = append(links, to)
			}
		}
		if got, ok := p.Cards[id]; !ok || !slices.Equal(got.Links, links) || got.Title.Body != c.Title.Body || got.Text.Body != c.Text.Body {
			t.Fatalf("%s reads card %s with links %v, gets %+v", r.User, id, links, got)
		}
	}
	if cards != len(p.Cards) {
		t.Fatalf("%s reads %d cards, gets %d", r.User, cards, len(p.Cards))
	}
	var order, family []string
	for _, column := range now.State.Columns {
		for _, id := range column.Cards {
			if now.ReadsCard(r, now.State.Cards[id]) {
				order = append(order, string(id))
			}
		}
		for _, id := range p.Order[column.ID] {
			family = append(family, string(id))
		}
	}
	if !slices.Equal(order, family) {
		t.Fatalf("%s sees the order %v, gets %v", r.User, order, family)
	}
	order, family = nil, nil
	for _, id := range now.State.Family {
		if now.ShowsPerson(r, now.State.Persons[id]) {
			order = append(order, string(id))
		}
	}
	for _, person := range p.Family {
		family = append(family, string(person.ID))
	}
	if !slices.Equal(order, family) {
		t.Fatalf("%s knows the family %v, gets %v", r.User, order, family)
	}
	hears(t, now, r, p)
	var given []casework.GivenID
	for _, g := range p.Given {
		given = append(given, g.ID)
	}
	if want := now.KnownGiven(r); !slices.Equal(given, want) {
		t.Fatalf("%s knows of %v given, gets %v", r.User, want, given)
	}
}

// hears holds what a projection tells of consent and custody to the plain rule.
func hears(t *testing.T, now casetest.Table, r casework.Reader, p view.Projection) {
	t.Helper()
	consents, custody := []view.Consent{}, []casework.Custody{}
	for _, c := range now.State.Consents {
		if now.ReadsConsent(r, c) {
			consents = append(consents, view.Consent{Person: c.Person, Sharing: c.Sharing, Answer: c.Answer, Class: c.Class,
				By: c.Author.User, Role: c.Author.Discipline, Org: c.Author.Organisation, At: c.At})
		}
	}
	for _, c := range now.State.Custody {
		if now.KnowsCustody(r, c) {
			custody = append(custody, c)
		}
	}
	if !reflect.DeepEqual(p.Consents, consents) {
		t.Fatalf("%s may know of %+v, gets %+v", r.User, consents, p.Consents)
	}
	if !reflect.DeepEqual(p.Custody, custody) {
		t.Fatalf("%s may know of the custody %v, gets %v", r.User, custody, p.Custody)
	}
}

// readAnew is the state as a snapshot gives it back, with its texts: nothing of
// it is shared with the state that it was.
func readAnew(t *testing.T, s *casework.State) *casework.State {
	t.Helper()
	texts := map[casework.TextID]casework.Text{}
	s.WithTexts(func(x *casework.Text) { texts[x.ID] = *x })
	anew := casework.NewState(s.ID)
	if err := json.Unmarshal([]byte(encode(t, s)), anew); err != nil {
		t.Fatal(err)
	}
	return anew.WithTexts(func(x *casework.Text) {
		if x.ID != "" {
			*x = texts[x.ID]
		}
	})
}

func encode(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
