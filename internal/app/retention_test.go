package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// closedFor closes the case and sets the clock of its closing back.
func (c conference) closedFor(t *testing.T, years int) {
	t.Helper()
	c.made(t, "hanneke", "close_case", nil)
	c.exec(t, fmt.Sprintf(`UPDATE event SET at = at - interval '%d years' WHERE case_id = '%s' AND type = 'case_closed'`, years, c.id), enteredThen)
}

// enteredThen sets the clock of the database back with that of the program.
const enteredThen = `UPDATE case_closing c SET entered_at = e.at FROM event e WHERE e.case_id = c.case_id AND e.seq = c.seq`

// askedErasing asks for erasing the case and sets the clock of that back, so that a yes
// can be said now; it gives the question.
func (c conference) askedErasing(t *testing.T, by app.Session) string {
	t.Helper()
	code := string(c.store.CaseCode(c.id))
	if err := c.AskErasure(t.Context(), by, code, code, "period_over"); err != nil {
		t.Fatal(err)
	}
	c.exec(t, `UPDATE keeping_question SET asked_at = asked_at - interval '31 days', entered_at = entered_at - interval '31 days'`)
	return c.retention(t, by).Cases[0].Erase.ID
}

func (c conference) retention(t *testing.T, by app.Session) app.Retention {
	t.Helper()
	page, err := c.RetentionOf(t.Context(), by)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// keepers are two managers of De Linde who just showed a second factor.
func (c conference) keepers(t *testing.T) (els, joke app.Session) {
	t.Helper()
	return c.proven(c.person(t, "els@linde.example", casework.Manager)), c.proven(c.person(t, "joke@linde.example", casework.Manager))
}

// A closed case is erased by two people, when its period is over, thirty days after it
// was asked, and by nothing else.
func TestErasingNeedsTwo(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	ctx, code := t.Context(), string(c.store.CaseCode(c.id))
	els, joke := c.keepers(t)
	far, admin := c.proven(c.colleague(t, "far", casework.Manager, "Elders")), c.proven(c.person(t, "ada", casework.Admin))
	iris, hanneke := c.proven(c.as(t, "iris")), c.proven(c.as(t, "hanneke"))
	never := c.proven(c.person(t, "never@linde.example", casework.Manager))
	if err := c.Exclude(ctx, hanneke, c.id, "never@linde.example", ""); err != nil {
		t.Fatal(err)
	}
	c.card(t, "iris", "Kaart", nil)

	// An open case is on no list, and cannot be erased.
	if page := c.retention(t, els); len(page.Cases)+len(page.Others)+len(page.Erased) != 0 {
		t.Errorf("an open case: %+v", page)
	}
	if err := c.AskErasure(ctx, els, code, code, "period_over"); reason(err) != "keeping_open" {
		t.Errorf("an open case: %v", err)
	}
	c.closedFor(t, 19)
	if err := c.AskErasure(ctx, els, code, code, "period_over"); reason(err) != "keeping_early" {
		t.Errorf("a year before: %v", err)
	}
	c.exec(t, `UPDATE event SET at = at - interval '2 years' WHERE type = 'case_closed'`, enteredThen)
	stale := els
	stale.Second = time.Time{}
	for _, test := range []struct {
		who, code, typed, ground, want string
		by                             app.Session
	}{
		{"a member", code, code, "period_over", "not_found", iris},
		{"the chair", code, code, "period_over", "not_found", hanneke},
		{"an administrator", code, code, "period_over", "not_found", admin},
		{"another organisation", code, code, "period_over", "not_found", far},
		{"who must never come near", code, code, "period_over", "not_found", never},
		{"a case that is nowhere", "AAAA-AAAA", "AAAA-AAAA", "period_over", "not_found", els},
		{"no code", "x", "x", "period_over", "bad_case_code", els},
		{"another code", code, "AAAA-AAAA", "period_over", "code_differs", els},
		{"no ground", code, code, "", "bad_ground", els},
		{"a ground of something else", code, code, "supervision", "bad_ground", els},
		{"without a second factor at hand", code, code, "period_over", "not_proven", stale},
	} {
		if err := c.AskErasure(ctx, test.by, test.code, test.typed, test.ground); reason(err) != test.want {
			t.Errorf("%s: %v, want %s", test.who, err, test.want)
		}
	}
	for who, by := range map[string]app.Session{"another organisation": far, "who must never come near": never} {
		if page := c.retention(t, by); len(page.Cases)+len(page.Others)+len(page.Erased) != 0 {
			t.Errorf("%s is shown %+v", who, page)
		}
	}
	for who, by := range map[string]app.Session{"a member": iris, "an administrator": admin} {
		if _, err := c.RetentionOf(ctx, by); reason(err) != "not_found" {
			t.Errorf("%s is shown it: %v", who, err)
		}
	}

	if err := c.AskErasure(ctx, els, " "+strings.ToLower(code), code, "period_over"); err != nil {
		t.Fatal(err)
	}
	if err := c.AskErasure(ctx, joke, code, code, "period_over"); reason(err) != "second_waits" {
		t.Errorf("asked twice: %v", err)
	}
	for who, by := range map[string]app.Session{"the chair": hanneke, "another manager": joke} {
		if n := c.notices(t, by); len(n) != 1 || n[0].Kind != store.NoticeErasingAsked || n[0].By != "els@linde.example" {
			t.Errorf("%s is told %+v", who, n)
		}
	}
	for _, by := range []app.Session{els, far, iris, never} {
		if n := c.notices(t, by); len(n) != 0 {
			t.Errorf("somebody whom it does not concern is told %+v", n)
		}
	}
	asked := c.retention(t, joke).Cases[0].Erase
	if asked == nil || asked.Own || asked.Ready || asked.By != "els@linde.example" || !c.retention(t, els).Cases[0].Erase.Own {
		t.Fatalf("Joke is shown %+v", asked)
	}
	yes := app.KeepingAnswer{Yes: true, Typed: code}
	if err := c.AnswerKeeping(ctx, joke, asked.ID, yes); reason(err) != "erase_early" {
		t.Errorf("at once: %v", err)
	}
	c.exec(t, `UPDATE keeping_question SET asked_at = asked_at - interval '31 days', entered_at = entered_at - interval '31 days'`)
	stale = joke
	stale.Second = time.Time{}
	answer := func(who string, by app.Session, what app.KeepingAnswer, want string) {
		t.Helper()
		if err := c.AnswerKeeping(ctx, by, asked.ID, what); reason(err) != want {
			t.Errorf("%s: %v, want %s", who, err, want)
		}
	}
	answer("who asked", els, yes, "second_oneself")
	answer("a member", iris, yes, "not_found")
	answer("an administrator", admin, yes, "not_found")
	answer("another organisation", far, yes, "not_found")
	answer("who must never come near", never, yes, "not_found")
	answer("without a second factor at hand", stale, yes, "not_proven")
	answer("another code", joke, app.KeepingAnswer{Yes: true, Typed: "AAAA-AAAA"}, "code_differs")
	if err := c.HoldCase(ctx, joke, code, "court"); err != nil {
		t.Fatal(err)
	}
	answer("while it is held", joke, yes, "case_held")
	if err := c.AskLift(ctx, els, code, "settled"); err != nil {
		t.Fatal(err)
	}
	if err := c.AnswerKeeping(ctx, joke, c.retention(t, joke).Cases[0].Lift.ID, app.KeepingAnswer{Yes: true}); err != nil {
		t.Fatal(err)
	}
	if c.state(t, c.id).Seq == 0 {
		t.Fatal("it was erased by what was refused")
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'answer_keeping' AND outcome = 'refused' AND (object <> '' OR case_id <> '') AND account NOT IN ($1, $2)`,
		els.Account.ID, joke.Account.ID); n != 0 {
		t.Errorf("%d refusals of what is not there tell that it is", n)
	}

	answer("another manager", joke, yes, "")
	answer("twice", joke, yes, "not_found")
	if n := one[int](t, c.door, `SELECT count(*) FROM cases`); n != 0 {
		t.Error("it is still there")
	}
	if a := c.ask(t, "hanneke", "rename_case", with{"name": "Weer"}); reason(a.Refusal) != "not_found" {
		t.Errorf("its chair: %v", a.Refusal)
	}
	if _, err := c.TeamOf(ctx, hanneke, c.id); reason(err) != "not_found" {
		t.Errorf("its team: %v", err)
	}
	page := c.retention(t, els)
	if len(page.Cases) != 0 || len(page.Erased) != 1 || page.Erased[0].Code != c.store.CaseCode(c.id) || page.Erased[0].ByName != "els@linde.example" || page.Erased[0].WithName != "joke@linde.example" {
		t.Errorf("Els is shown %+v", page)
	}
	for who, by := range map[string]app.Session{"another organisation": far, "who must never come near": never} {
		if page := c.retention(t, by); len(page.Erased) != 0 {
			t.Errorf("%s is shown %+v", who, page.Erased)
		}
		if _, err := c.ErasedCase(ctx, by, page.Erased[0].ID); reason(err) != "not_found" {
			t.Errorf("%s: %v", who, err)
		}
	}
	// The log goes on telling of it, by its code, and not to who must never come near it.
	for who, want := range map[string]bool{"els": true, "never": false} {
		by := map[string]app.Session{"els": els, "never": never}[who]
		lines, err := c.RecordsOf(ctx, by, app.RecordFilter{Case: code}, "", "")
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.ContainsFunc(lines.Lines, func(l app.RecordLine) bool { return l.Event == "erase_case" && l.Case == c.store.CaseCode(c.id) }); got != want {
			t.Errorf("%s reads in the log that it was erased: %v", who, got)
		}
	}
}

// The period begins with the last closing: opening a case again stops it, and voids what
// was asked.
func TestPeriodBeginsWithClosing(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	ctx, code := t.Context(), string(c.store.CaseCode(c.id))
	els, joke := c.keepers(t)
	ada := c.person(t, "ada", casework.Admin)
	c.closedFor(t, 21)
	asked := c.askedErasing(t, els)
	hanneke := c.proven(c.as(t, "hanneke"))
	if err := c.AnswerSecond(ctx, joke, c.asks(t, hanneke, casework.ActReopen, "returned"), true); err != nil {
		t.Fatal(err)
	}
	if page := c.retention(t, els); len(page.Cases) != 0 {
		t.Errorf("it is open again: %+v", page.Cases)
	}
	if err := c.AnswerKeeping(ctx, joke, asked, app.KeepingAnswer{Yes: true, Typed: code}); reason(err) != "not_found" {
		t.Errorf("a question of before: %v", err)
	}
	// Closed again, it is kept for as long again; what was asked before is not asked any more.
	c.made(t, "hanneke", "close_case", nil)
	if page := c.retention(t, els); len(page.Cases) != 0 {
		t.Errorf("closed just now: %+v", page.Cases)
	}
	settings, err := c.RetentionSettingsOf(ctx, ada)
	if err != nil || settings != (app.RetentionSettings{RetentionRules: store.RetentionRules{CaseYears: 20, LogYears: 20}, Closed: 1,
		OldUntil: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), LogGoes: time.Date(2046, 4, 1, 0, 0, 0, 0, time.UTC)}) {
		t.Errorf("%+v, %v", settings, err)
	}
	// A shorter period holds for it as well.
	for _, test := range []struct {
		by         app.Session
		cases, log int
		want       string
	}{{els, 5, 20, "not_found"}, {c.as(t, "hanneke"), 5, 20, "not_found"}, {ada, 0, 20, "bad_case_years"}, {ada, 51, 20, "bad_case_years"}, {ada, 20, 4, "bad_log_years"}, {ada, 20, 51, "bad_log_years"},
		{ada, 19, 20, "not_proven"}, {ada, 20, 19, "not_proven"}, {ada, 21, 21, ""}, {ada, 21, 20, "not_proven"}, {c.proven(ada), 1, 5, ""}} {
		if err := c.SetRetentionRules(ctx, test.by, store.RetentionRules{CaseYears: test.cases, LogYears: test.log}); reason(err) != test.want {
			t.Errorf("%d, %d: %v, want %s", test.cases, test.log, err, test.want)
		}
	}
	c.exec(t, `UPDATE event SET at = at - interval '2 years' WHERE type = 'case_closed' AND seq = (SELECT max(seq) FROM event WHERE type = 'case_closed')`, enteredThen)
	page := c.retention(t, els)
	if len(page.Cases) != 1 || !page.Cases[0].Over {
		t.Fatalf("after a year: %+v", page.Cases)
	}
	// Longer, on a ground: until that day, and not before it.
	for _, test := range []struct{ last, ground, want string }{{"", "court", "bad_until"}, {"morgen", "court", "bad_until"}, {"2020-01-01", "court", "until_past"}, {"2027-01-01", "", "bad_ground"}, {"2027-01-01", "court", ""}} {
		if err := c.KeepLonger(ctx, els, code, test.last, test.ground); reason(err) != test.want {
			t.Errorf("%q on %q: %v, want %s", test.last, test.ground, err, test.want)
		}
	}
	if page := c.retention(t, els); len(page.Cases) != 0 {
		t.Errorf("kept longer: %+v", page.Cases)
	}
	if err := c.KeepLonger(ctx, els, code, "2028-01-01", "court"); reason(err) != "keeping_early" {
		t.Errorf("long before it ends: %v", err)
	}
}

// A hold is placed by one and lifted by two; the chair may be the second.
func TestLegalHold(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	ctx, code := t.Context(), string(c.store.CaseCode(c.id))
	els, joke := c.keepers(t)
	far, iris, hanneke := c.proven(c.colleague(t, "far", casework.Manager, "Elders")), c.proven(c.as(t, "iris")), c.proven(c.as(t, "hanneke"))
	for what, err := range map[string]error{
		"not_found":     c.HoldCase(ctx, far, code, "court"),
		"bad_ground":    c.HoldCase(ctx, els, code, "period_over"),
		"bad_case_code": c.HoldCase(ctx, els, "", "court"),
		"not_held":      c.AskLift(ctx, els, code, "settled"),
		"":              c.HoldCase(ctx, els, code, "court"),
	} {
		if reason(err) != what {
			t.Errorf("%v, want %s", err, what)
		}
	}
	if err := c.HoldCase(ctx, joke, code, "complaint"); reason(err) != "held_already" {
		t.Errorf("twice: %v", err)
	}
	if n := c.notices(t, hanneke); len(n) != 1 || n[0].Kind != store.NoticeHeld {
		t.Errorf("the chair is told %+v", n)
	}
	page := c.retention(t, joke)
	if len(page.Cases) != 0 || len(page.Others) != 1 || page.Others[0].Hold == nil || page.Others[0].Hold.By != "els@linde.example" || !page.Others[0].Closed.IsZero() {
		t.Fatalf("Joke is shown %+v", page)
	}
	c.closedFor(t, 21)
	if err := c.AskErasure(ctx, els, code, code, "period_over"); reason(err) != "case_held" {
		t.Errorf("erasing what is held: %v", err)
	}
	if err := c.AskLift(ctx, els, code, "settled"); err != nil {
		t.Fatal(err)
	}
	lift := c.retention(t, els).Cases[0].Lift.ID
	for want, by := range map[string]app.Session{"second_oneself": els, "not_found": iris} {
		if err := c.AnswerKeeping(ctx, by, lift, app.KeepingAnswer{Yes: true}); reason(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if err := c.AnswerKeeping(ctx, joke, lift, app.KeepingAnswer{}); err != nil {
		t.Fatal(err)
	}
	if c.retention(t, els).Cases[0].Hold == nil {
		t.Fatal("a no lifted it")
	}
	if err := c.AskLift(ctx, els, code, "settled"); err != nil {
		t.Fatal(err)
	}
	if err := c.WithdrawKeeping(ctx, joke, c.retention(t, els).Cases[0].Lift.ID); reason(err) != "not_found" {
		t.Errorf("somebody else takes it back: %v", err)
	}
	keeping, err := c.KeepingIn(ctx, hanneke, c.id)
	if err != nil || keeping.Lift == nil || keeping.Lift.Own {
		t.Fatalf("the chair is shown %+v, %v", keeping, err)
	}
	if _, err := c.KeepingIn(ctx, iris, c.id); reason(err) != "not_allowed" {
		t.Errorf("another member: %v", err)
	}
	if err := c.AnswerKeeping(ctx, hanneke, keeping.Lift.ID, app.KeepingAnswer{Yes: true}); err != nil {
		t.Fatal(err)
	}
	if page := c.retention(t, els); page.Cases[0].Hold != nil || !page.Cases[0].Over {
		t.Errorf("it is still held: %+v", page.Cases)
	}
	if n := c.notices(t, els); len(n) != 2 || n[0].Kind != store.NoticeKeepingAnswered {
		t.Errorf("who asked is told %+v", n)
	}
	if err := c.AnswerKeeping(ctx, hanneke, c.askedErasing(t, els), app.KeepingAnswer{Yes: true, Typed: code}); err != nil {
		t.Errorf("the chair says yes: %v", err)
	}
}
