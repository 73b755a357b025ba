package app_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/patience"
	"github.com/casustafel/casustafel/internal/store"
)

// proven is somebody's session in which a second factor was shown just now.
func (c conference) proven(s app.Session) app.Session {
	s.Second = c.clock.Now()
	return s
}

// asks asks for a second person and gives the question.
func (c conference) asks(t *testing.T, by app.Session, act casework.Act, ground string) string {
	t.Helper()
	c.clock.turn(time.Second)
	if err := c.AskSecond(t.Context(), by, c.id, act, ground); err != nil {
		t.Fatal(err)
	}
	return c.seconds(t, by).List[0].ID
}

func (c conference) seconds(t *testing.T, by app.Session) app.CaseSeconds {
	t.Helper()
	page, err := c.SecondsIn(t.Context(), by, c.id)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// A closed case opens again by the yes of somebody else, a second chair or a
// manager of the organisation whose case it is, and by nothing else.
func TestReopeningNeedsTwo(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	ctx := t.Context()
	hanneke, iris := c.proven(c.as(t, "hanneke")), c.proven(c.as(t, "iris"))
	els, far := c.proven(c.person(t, "els@linde.example", casework.Manager)), c.proven(c.colleague(t, "far", casework.Manager, "Elders"))
	admin := c.proven(c.person(t, "ada", casework.Admin))
	if err := c.AskSecond(ctx, hanneke, c.id, casework.ActReopen, "mistake"); reason(err) != "already_open" {
		t.Errorf("an open case: %v", err)
	}
	c.made(t, "hanneke", "close_case", nil)
	if a := c.ask(t, "hanneke", "reopen_case", nil); reason(a.Refusal) != "second_needed" {
		t.Errorf("a chair alone: %v", a.Refusal)
	}
	if a := c.ask(t, "iris", "reopen_case", nil); reason(a.Refusal) != "closed" {
		t.Errorf("a child worker alone: %v", a.Refusal)
	}
	for what, err := range map[string]error{
		"not_allowed": c.AskSecond(ctx, iris, c.id, casework.ActReopen, "mistake"),
		"bad_second":  c.AskSecond(ctx, hanneke, c.id, casework.ActReopen, "handover"), // of an export
		"not_found":   c.AskSecond(ctx, els, c.id, casework.ActReopen, "mistake"),
	} {
		if reason(err) != what {
			t.Errorf("%v, want %s", err, what)
		}
	}
	if err := c.AskSecond(ctx, hanneke, c.id, casework.ActClose, ""); reason(err) != "bad_second" {
		t.Errorf("another act: %v", err)
	}

	asked := c.asks(t, hanneke, casework.ActReopen, "mistake")
	if err := c.AskSecond(ctx, hanneke, c.id, casework.ActReopen, "returned"); reason(err) != "second_waits" {
		t.Errorf("asked twice: %v", err)
	}
	if n := c.notices(t, els); len(n) != 1 || n[0].Kind != store.NoticeSecondAsked || n[0].Name != "" {
		t.Errorf("Els is told %+v", n)
	}
	if n := append(c.notices(t, iris), c.notices(t, far)...); len(n) != 0 {
		t.Errorf("who cannot say yes is told %+v", n)
	}
	stale := els
	stale.Second = els.Second.Add(-identity.ProvenFor)
	for _, test := range []struct {
		who  string
		by   app.Session
		what string
	}{
		{"who asked", hanneke, "second_oneself"},
		{"a member who may not", iris, "not_found"},
		{"a manager of another organisation", far, "not_found"},
		{"an administrator", admin, "not_found"},
		{"without a second factor at hand", stale, "not_proven"},
	} {
		if err := c.AnswerSecond(ctx, test.by, asked, true); reason(err) != test.what {
			t.Errorf("%s: %v, want %s", test.who, err, test.what)
		}
	}
	if err := c.AnswerSecond(ctx, els, "AAAAAAAAAAAAAAAA", true); reason(err) != "not_found" {
		t.Errorf("what is not there: %v", err)
	}
	for who, s := range map[string]app.Session{"far": far, "admin": admin, "iris": iris} {
		if list, err := c.Seconds(ctx, s); len(list) != 0 || (err == nil) != (who == "far") {
			t.Errorf("%s is shown %+v, %v", who, list, err)
		}
	}
	list, err := c.Seconds(ctx, els)
	if err != nil || len(list) != 1 || list[0].Code != c.store.CaseCode(c.id) || list[0].By != "hanneke" || list[0].Ground != "mistake" || !list[0].MayAnswer {
		t.Fatalf("Els is shown %+v, %v", list, err)
	}
	if c.state(t, c.id).Status != casework.Closed {
		t.Fatal("it opened by what was refused")
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'answer_second' AND outcome = 'refused' AND (object <> '' OR case_id <> '') AND account NOT IN ($1, $2)`,
		hanneke.Account.ID, els.Account.ID); n != 0 {
		t.Errorf("%d refusals of what is not there tell that it is", n)
	}

	if err := c.AnswerSecond(ctx, els, asked, true); err != nil {
		t.Fatal(err)
	}
	if err := c.AnswerSecond(ctx, els, asked, false); reason(err) != "not_found" {
		t.Errorf("answered twice: %v", err)
	}
	if state := c.state(t, c.id); state.Status != casework.Open {
		t.Error("it is still closed")
	}
	if n := c.notices(t, hanneke); len(n) != 1 || n[0].Kind != store.NoticeSecondAnswered || n[0].By != "els@linde.example" {
		t.Errorf("Hanneke is told %+v", n)
	}
	c.card(t, "iris", "Weer aan tafel", nil) // the committer goes on from there

	// A second chair says yes too; no leaves it as it is, and so does taking it back.
	c.users["mirthe"] = c.person(t, "mirthe", casework.Chair).Account.ID
	c.seat(t, c.id, "mirthe", casework.Chair)
	mirthe := c.proven(c.as(t, "mirthe"))
	c.made(t, "hanneke", "close_case", nil)
	if err := c.AnswerSecond(ctx, mirthe, c.asks(t, hanneke, casework.ActReopen, "mistake"), false); err != nil {
		t.Fatal(err)
	}
	two := c.asks(t, hanneke, casework.ActReopen, "mistake")
	if err := c.WithdrawSecond(ctx, mirthe, c.id, two); reason(err) != "not_found" {
		t.Errorf("withdrawn by another: %v", err)
	}
	if err := c.WithdrawSecond(ctx, hanneke, c.id, two); err != nil {
		t.Fatal(err)
	}
	if err := c.AnswerSecond(ctx, mirthe, two, true); reason(err) != "not_found" || c.state(t, c.id).Status != casework.Closed {
		t.Errorf("after it was withdrawn: %v", err)
	}
	if err := c.AnswerSecond(ctx, mirthe, c.asks(t, hanneke, casework.ActReopen, "mistake"), true); err != nil || c.state(t, c.id).Status != casework.Open {
		t.Errorf("a second chair: %v", err)
	}
	if states := states(c.seconds(t, mirthe)); !slices.Equal(states, []store.SecondState{"yes", "withdrawn", "no", "yes"}) {
		t.Errorf("the case shows %v", states)
	}
}

func states(page app.CaseSeconds) (states []store.SecondState) {
	for _, s := range page.List {
		states = append(states, s.State)
	}
	return states
}

// A question lapses after a day; whoever asked has to be there still, and to count
// as somebody; whoever must never come near cannot answer.
func TestSecondPersonInTime(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	ctx := t.Context()
	hanneke, els := c.proven(c.as(t, "hanneke")), c.person(t, "els@linde.example", casework.Manager)
	c.made(t, "hanneke", "close_case", nil)
	first := c.asks(t, hanneke, casework.ActReopen, "mistake")
	c.clock.turn(24*time.Hour - time.Microsecond)
	if list, err := c.Seconds(ctx, els); err != nil || len(list) != 1 {
		t.Errorf("just in time %v, %v", list, err)
	}
	c.clock.turn(time.Microsecond)
	if err := c.AnswerSecond(ctx, c.proven(els), first, true); reason(err) != "not_found" {
		t.Errorf("too late: %v", err)
	}
	if list, err := c.Seconds(ctx, els); err != nil || len(list) != 0 {
		t.Errorf("too late %v, %v", list, err)
	}
	if err := c.WithdrawSecond(ctx, hanneke, c.id, first); reason(err) != "not_found" {
		t.Errorf("withdrawn too late: %v", err)
	}
	two := c.asks(t, hanneke, casework.ActReopen, "mistake")
	if states := states(c.seconds(t, hanneke)); !slices.Equal(states, []store.SecondState{"waiting", "lapsed"}) {
		t.Errorf("the case shows %v", states)
	}

	counts := func(login string, from time.Time) {
		t.Helper()
		if _, err := c.admin.Exec(`UPDATE account SET counts_from = $2 WHERE login = $1`, login, from); err != nil {
			t.Fatal(err)
		}
	}
	for _, login := range []string{"hanneke", "els@linde.example"} {
		counts(login, c.clock.Now().Add(time.Minute))
		if err := c.AnswerSecond(ctx, c.proven(els), two, true); reason(err) != "account_new" {
			t.Errorf("%s is new: %v", login, err)
		}
		counts(login, c.clock.Now())
	}
	if err := c.Exclude(ctx, hanneke, c.id, "els@linde.example", ""); err != nil {
		t.Fatal(err)
	}
	if list, err := c.Seconds(ctx, els); err != nil || len(list) != 0 {
		t.Errorf("who must never come near is shown %v, %v", list, err)
	}
	if err := c.AnswerSecond(ctx, c.proven(els), two, true); reason(err) != "not_found" {
		t.Errorf("who must never come near: %v", err)
	}
	c.exec(t, `DELETE FROM exclusion`, `UPDATE membership SET role = 'ambulant_worker' WHERE account = '`+string(hanneke.Account.ID)+`'`, `UPDATE access_epoch SET epoch = epoch + 1`)
	if err := c.AnswerSecond(ctx, c.proven(els), two, true); reason(err) != "not_found" || c.state(t, c.id).Status != casework.Closed {
		t.Errorf("asked by who may not any more: %v", err)
	}
}

// An export is fetched by who asked for it, within a day of the yes, and holds what
// the whole table may read; whoever wrote a card in it hears of it, and nobody else.
func TestExportNeedsTwo(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	ctx := t.Context()
	hanneke, els := c.proven(c.as(t, "hanneke")), c.person(t, "els", casework.Manager)
	ans := c.made(t, "hanneke", "add_person", with{"kind": "network", "class": "safety", "name": "Ans"})
	fenna := c.made(t, "hanneke", "add_person", with{"kind": "child", "class": "shared", "name": "Fenna"})
	open := c.card(t, "iris", "Voor iedereen", with{"person": fenna})
	c.card(t, "daan", "Over wie niet iedereen kent", with{"person": ans})
	c.card(t, "hanneke", "Vertrouwelijk", with{"class": "confidential", "kind": "fact"})
	c.made(t, "ruben", "draft_card", with{"column": c.column(t), "title": "Concept", "class": "shared", "kind": "question"})
	archived := c.card(t, "ruben", "Weggelegd", nil)
	c.made(t, "ruben", "archive_card", with{"card": archived})

	export := func(by app.Session) (app.Export, error) { return c.Export(ctx, by, c.id) }
	refused := func(what string, by app.Session, want string) {
		t.Helper()
		if e, err := export(by); reason(err) != want || len(e.Cards) != 0 || e.Case.Name != "" {
			t.Errorf("%s: %v, want %s", what, err, want)
		}
	}
	refused("without a second person", hanneke, "second_needed")
	refused("who may not", c.proven(c.as(t, "iris")), "not_allowed")
	refused("from outside", c.proven(els), "not_found")
	asked := c.asks(t, hanneke, casework.ActExport, "handover")
	refused("while it waits", hanneke, "second_needed")
	c.clock.turn(time.Hour)
	if err := c.AnswerSecond(ctx, c.proven(els), asked, true); err != nil {
		t.Fatal(err)
	}
	refused("without a second factor at hand", hanneke, "not_proven")
	c.users["mirthe"] = c.person(t, "mirthe", casework.Chair).Account.ID
	c.seat(t, c.id, "mirthe", casework.Chair)
	refused("another chair", c.proven(c.as(t, "mirthe")), "second_needed")

	// What somebody is shut out of is not what everybody may read.
	barred := c.card(t, "daan", "Niet voor Iris", nil)
	if _, err := c.Bar(ctx, hanneke, c.id, app.Gift{To: c.users["iris"], Card: barred, Reason: "Reden."}); err != nil {
		t.Fatal(err)
	}
	// Without Ruben everybody at the table knows of Ans, and still she does not leave.
	if err := c.EndMember(ctx, c.actor("hanneke"), c.id, c.users["ruben"]); err != nil {
		t.Fatal(err)
	}

	c.clock.turn(24*time.Hour - time.Microsecond)
	e, err := export(c.proven(hanneke))
	if err != nil || len(e.Cards) != 1 || e.Cards[open].Title.Body != "Voor iedereen" || len(e.Family) != 1 || e.By != "hanneke" || e.Ground != "handover" {
		t.Fatalf("the export holds %+v, %v", e, err)
	}
	if n := c.notices(t, c.as(t, "iris")); len(n) != 1 || n[0].Kind != store.NoticeExported {
		t.Errorf("Iris is told %+v", n)
	}
	if n := append(c.notices(t, c.as(t, "daan")), c.notices(t, c.as(t, "ruben"))...); len(n) != 0 {
		t.Errorf("who wrote nothing of it is told %+v", n)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'export' AND outcome = 'done' AND object = $1`, asked); n != 1 {
		t.Errorf("it is %d times on the record", n)
	}
	c.clock.turn(time.Microsecond)
	refused("a day after the yes", c.proven(hanneke), "second_needed")

	if _, err := c.SecondsIn(ctx, c.as(t, "iris"), c.id); reason(err) != "not_allowed" {
		t.Errorf("Iris looks at what was asked: %v", err)
	}
	if _, err := c.SecondsIn(ctx, els, c.id); reason(err) != "not_found" {
		t.Errorf("Els looks at what was asked: %v", err)
	}
}

// Who may not answer is turned away before anybody has to wait for it.
func TestWhoMayNotAnswerHoldsUpNobody(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	second := c.asks(t, c.proven(c.as(t, "hanneke")), casework.ActExport, "handover")
	err := c.store.Transact(t.Context(), func(tx *store.Tx) error {
		if err := tx.HoldCase(t.Context(), c.id); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience.Within)
		defer cancel()
		if err := c.AnswerSecond(ctx, c.proven(c.as(t, "iris")), second, true); reason(err) != "not_found" {
			t.Errorf("while the case is held: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
