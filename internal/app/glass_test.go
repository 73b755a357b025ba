package app_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

const danger = "Joris staat met een mes voor de deur."

// Iris breaks the glass and reads for an hour what is confidential; whoever has to
// know hears of it at once, nobody else learns anything, and somebody else looks back.
func TestBreakGlass(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	ctx := t.Context()
	c.users["mirthe"] = c.colleague(t, "mirthe@ggze.example", casework.MentalHealth, "GGzE").Account.ID
	c.seat(t, c.id, "mirthe", casework.MentalHealth)
	hanneke, iris, mirthe := c.as(t, "hanneke"), c.proven(c.as(t, "iris")), c.proven(c.as(t, "mirthe"))
	els, rik := c.person(t, "els@linde.example", casework.Manager), c.person(t, "rik@linde.example", casework.Manager)
	geert, far := c.colleague(t, "geert@ggze.example", casework.Manager, "GGzE"), c.colleague(t, "far", casework.Manager, "Elders")
	if err := c.Exclude(ctx, hanneke, c.id, "rik@linde.example", ""); err != nil {
		t.Fatal(err)
	}
	joris := c.made(t, "hanneke", "add_person", with{"kind": "partner", "class": "shared", "name": "Joris"})
	c.place(t, "ruben", casework.PerpetratorSupport, casework.PersonID(joris))
	card := c.card(t, "ruben", "Berichten nemen toe", with{"class": "confidential", "person": joris})
	own := c.card(t, "daan", "Werkaantekening", with{"class": "private"})
	broken := func(by app.Session, reason string) error { _, err := c.BreakGlass(ctx, by, c.id, reason); return err }

	refused(t, "without a reason", broken(iris, "  "), "glass_reason")
	refused(t, "with a word", broken(iris, "gevaar"), "glass_reason")
	refused(t, "with too much", broken(iris, strings.Repeat("a", 301)), "bad_reason")
	refused(t, "without a second factor at hand", broken(c.as(t, "iris"), danger), "not_proven")
	refused(t, "perpetrator support", broken(c.proven(c.as(t, "ruben")), danger), "not_allowed")
	refused(t, "a chair", broken(c.proven(hanneke), danger), "not_allowed")
	refused(t, "a manager", broken(c.proven(els), danger), "not_found")
	other := c.open(t, "Een andere casus")
	if _, err := c.BreakGlass(ctx, mirthe, other, danger); reason(err) != "not_found" {
		t.Errorf("in a foreign case: %v", err)
	}
	if c.sees(t, "iris", card) || one[int](t, c.door, `SELECT count(*) FROM given`) != 0 || len(c.notices(t, hanneke)) != 0 {
		t.Fatal("what was refused did something")
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'break_glass' AND outcome = 'refused'`); n != 8 {
		t.Errorf("%d refusals are on the record", n)
	}

	daan, ruben := c.view(t, "daan"), c.view(t, "ruben")
	told, err := c.BreakGlass(ctx, iris, c.id, danger)
	if err != nil || !c.sees(t, "iris", card) || c.sees(t, "iris", own) || c.sees(t, "daan", card) {
		t.Fatalf("broken: %v", err)
	}
	if len(told) != 2 { // Hanneke and Els; Iris and the case are of De Linde, and Rik must never come near
		t.Errorf("written to are %+v", told)
	}
	refused(t, "broken already", broken(iris, danger), "glass_open")
	if !reflect.DeepEqual(c.view(t, "daan"), daan) || !reflect.DeepEqual(c.view(t, "ruben"), ruben) {
		t.Error("somebody else learns of it")
	}
	for who, session := range map[string]app.Session{"hanneke": hanneke, "els": els} {
		if n := c.notices(t, session); len(n) != 1 || n[0].Kind != store.NoticeGlass || n[0].By != "iris" {
			t.Errorf("%s is told %+v", who, n)
		}
	}
	for _, session := range []app.Session{c.as(t, "daan"), c.as(t, "ruben"), rik, geert, far} {
		if n := c.notices(t, session); len(n) != 0 {
			t.Errorf("%s is told %+v", session.Account.ID, n)
		}
	}
	if kept := one[string](t, c.door, `SELECT string_agg(given::text, ' ') FROM given`); strings.Contains(kept, "mes") {
		t.Errorf("the reason can be read: %s", kept)
	}

	c.clock.turn(time.Hour - time.Microsecond)
	if !c.sees(t, "iris", card) {
		t.Error("it is over too early")
	}
	c.clock.turn(time.Microsecond)
	if c.sees(t, "iris", card) {
		t.Error("it outlasts its hour")
	}
	refused(t, "ending what is over", c.EndGlass(ctx, iris, c.id), "not_found")

	// The review.
	page, err := c.GlassIn(ctx, hanneke, c.id)
	if err != nil || len(page.List) != 1 || page.List[0].Reason != danger || !page.List[0].MayReview {
		t.Fatalf("Hanneke is shown %+v, %v", page, err)
	}
	glass := page.List[0].ID
	if page, err := c.GlassIn(ctx, c.as(t, "daan"), c.id); err != nil || len(page.List) != 0 {
		t.Errorf("Daan is shown %+v, %v", page, err)
	}
	_, err = c.GlassIn(ctx, c.as(t, "ruben"), c.id)
	refused(t, "Ruben looks", err, "not_allowed")
	list, err := c.OpenGlasses(ctx, els)
	if err != nil || len(list) != 1 || list[0].Reason != "" || list[0].Code != c.store.CaseCode(c.id) {
		t.Errorf("Els is shown %+v, %v", list, err)
	}
	for _, session := range []app.Session{rik, geert, far} {
		if list, err := c.OpenGlasses(ctx, session); err != nil || len(list) != 0 {
			t.Errorf("%s is shown %+v, %v", session.Account.ID, list, err)
		}
		refused(t, "a manager who may not review it", c.ReviewGlass(ctx, session, glass, store.Justified, "Goed."), "not_found")
	}
	_, err = c.OpenGlasses(ctx, iris)
	refused(t, "Iris looks at reviews", err, "not_found")
	refused(t, "an own review", c.ReviewGlass(ctx, iris, glass, store.Justified, "Goed."), "glass_oneself")
	refused(t, "a review by a colleague", c.ReviewGlass(ctx, c.as(t, "daan"), glass, store.Justified, "Goed."), "not_found")
	refused(t, "no judgement", c.ReviewGlass(ctx, els, glass, "perhaps", "Goed."), "glass_judged")
	refused(t, "no words", c.ReviewGlass(ctx, els, glass, store.Justified, " "), "glass_words")
	refused(t, "what is not there", c.ReviewGlass(ctx, els, "AAAAAAAAAAAAAAAA", store.Justified, "Goed."), "not_found")
	if err := c.ReviewGlass(ctx, els, glass, store.Justified, "Er was gevaar."); err != nil {
		t.Fatal(err)
	}
	refused(t, "a second review", c.ReviewGlass(ctx, hanneke, glass, store.NotJustified, "Anders."), "glass_reviewed")
	if n := c.notices(t, iris); len(n) != 1 || n[0].Kind != store.NoticeGlassAnswered {
		t.Errorf("Iris is told %+v", n)
	}
	if page, err := c.GlassIn(ctx, iris, c.id); err != nil || page.List[0].Review != "Er was gevaar." || page.List[0].Judged != store.Justified {
		t.Errorf("Iris is shown %+v, %v", page, err)
	}

	// Somebody of another organisation: both managers hear of it; ended early; in a
	// closed case too, as the policy has it.
	c.made(t, "hanneke", "close_case", nil)
	if told, err := c.BreakGlass(ctx, c.proven(mirthe), c.id, danger); err != nil || len(told) != 3 || len(c.notices(t, geert)) != 1 || !c.sees(t, "mirthe", card) {
		t.Errorf("Mirthe: %+v, %v", told, err)
	}
	if list, err := c.OpenGlasses(ctx, geert); err != nil || len(list) != 1 {
		t.Errorf("Geert is shown %+v, %v", list, err)
	}
	if list, err := c.OpenGlasses(ctx, els); err != nil || len(list) != 0 {
		t.Errorf("Els is shown %+v, %v", list, err)
	}
	if err := c.EndGlass(ctx, mirthe, c.id); err != nil || c.sees(t, "mirthe", card) {
		t.Errorf("ended early: %v", err)
	}
}

// view is all that somebody gets of the case now.
func (c conference) view(t *testing.T, name string) view.Projection {
	t.Helper()
	access, err := c.Access(t.Context(), c.id)
	if err != nil {
		t.Fatal(err)
	}
	reader, ok := access.Reader(c.users[name], c.clock.Now())
	if !ok {
		t.Fatal(name, "is not at the table")
	}
	return view.Project(c.state(t, c.id), access, reader, c.clock.Now())
}
