package app_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// looksBack is a page of who did what in the case, as Hanneke looks at it, without her
// looking at it: each time is a line of its own.
func (c conference) looksBack(t *testing.T, filter app.CaseRecordFilter, older, newer string) app.CaseRecords {
	t.Helper()
	page, err := c.CaseRecords(t.Context(), c.as(t, "hanneke"), c.id, filter, older, newer)
	if err != nil {
		t.Fatal(err)
	}
	c.exec(t, `ALTER TABLE record DISABLE TRIGGER ALL`, `DELETE FROM record WHERE event = 'view_case_records'`)
	return page
}

// done are its lines in short.
func doneIn(page app.CaseRecords) (all []string) {
	for _, l := range page.Lines {
		stay := ""
		if !l.Left.IsZero() {
			stay = l.Left.Sub(l.At).String()
		}
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s%s%s %s %v", l.Who, l.Event, strings.TrimPrefix(":"+l.Command, ":"), l.Eyes, stay, l.Refused)))
	}
	return all
}

// stays lets somebody come to the table with a connection of its own, and go again.
func (c conference) stays(t *testing.T, name string, during time.Duration, eyes view.Eyes) {
	t.Helper()
	actor := c.actor(name)
	actor.Request = string(fresh())
	entry, err := c.Enter(t.Context(), actor, c.id, eyes, nil)
	if err != nil {
		t.Fatal(err)
	}
	c.clock.turn(during)
	if err := c.Observe(t.Context(), c.id, "leave", audit.StayMoment{Actor: actor, Reader: entry.Reader}); err != nil {
		t.Fatal(err)
	}
	c.clock.turn(time.Second)
}

// A chair sees who came and went, what was done and what was refused by whom; and finds
// it by member, kind and day. For anybody else there is nothing here.
func TestCaseRecords(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	c.clock.turn(time.Hour)
	c.stays(t, "iris", 40*time.Minute, view.Eyes{})
	card := c.card(t, "iris", "Kaart", nil)
	c.clock.turn(time.Second)
	if a := c.ask(t, "ruben", "redact", with{"card": card}); a.Refusal == nil {
		t.Fatal("Ruben erased a card")
	}
	c.clock.turn(24 * time.Hour)
	c.stays(t, "hanneke", time.Minute, view.Eyes{Screen: true})
	c.clock.turn(time.Second)
	if _, err := c.Lend(t.Context(), c.as(t, "hanneke"), c.id, c.lend("ruben", card)); reason(err) != "lend_needless" {
		t.Fatal(err)
	}
	if _, err := c.Export(t.Context(), c.as(t, "hanneke"), c.id); reason(err) != "second_needed" {
		t.Fatal(err)
	}
	c.knocks(t, c.stranger(t, "vreemd", casework.ChildWorker), c.id)
	if err := c.EndMember(t.Context(), c.actor("hanneke"), c.id, c.users["daan"]); err != nil {
		t.Fatal(err)
	}
	c.clock.turn(time.Second)
	c.knocks(t, c.as(t, "daan"), c.id)

	page := c.looksBack(t, app.CaseRecordFilter{}, "", "")
	all := doneIn(page)
	for _, want := range []string{"iris join 40m0s false", "iris command:table_card  false", "ruben command:redact  true", "hanneke joinblank_screen 1m0s false",
		"hanneke export  true", "daan join  true", "hanneke member_ended  false", "hanneke open_case  false"} {
		if !slices.Contains(all, strings.Replace(want, "command:", "command", 1)) {
			t.Errorf("no %q in\n%s", want, strings.Join(all, "\n"))
		}
	}
	if slices.ContainsFunc(all, func(l string) bool {
		return strings.HasPrefix(l, "vreemd") || strings.Contains(l, "leave") || strings.Contains(l, "draft_card")
	}) {
		t.Errorf("it tells of a stranger, a draft, or of going apart from coming:\n%s", strings.Join(all, "\n"))
	}
	for filter, want := range map[app.CaseRecordFilter]int{{Member: c.users["iris"]}: 2, {Kind: "refused"}: 3, {Kind: "looking", Period: app.Period{To: "2026-03-02"}}: 1,
		{Member: c.users["iris"], Period: app.Period{From: "2026-03-03"}}: 0, {Kind: "changing", Period: app.Period{From: "2026-03-02", To: "2026-03-02"}}: 3} {
		if got := c.looksBack(t, filter, "", ""); len(got.Lines) != want {
			t.Errorf("%+v: %s", filter, strings.Join(doneIn(got), "\n"))
		}
	}
	for filter, want := range map[app.CaseRecordFilter]string{{Member: "22222222222222AA"}: "bad_person", {Kind: "doors"}: "bad_kind", {Period: app.Period{From: "gisteren"}}: "bad_from",
		{Period: app.Period{From: "2026-03-02", To: "2026-03-01"}}: "to_before_from", {Period: app.Period{To: "\x00"}}: "bad_to"} {
		page, err := c.CaseRecords(t.Context(), c.as(t, "hanneke"), c.id, filter, "", "")
		if refused(t, "filter", err, want); len(page.Lines) != 0 || len(page.Members) == 0 {
			t.Errorf("%+v: %+v", filter, page)
		}
	}
	for name, session := range map[string]app.Session{"iris": c.as(t, "iris"), "a manager": c.colleague(t, "els", casework.Manager, "De Linde"), "who left": c.as(t, "daan")} {
		page, err := c.CaseRecords(t.Context(), session, c.id, app.CaseRecordFilter{}, "", "")
		if refused(t, name, err, "not_found"); len(page.Lines)+len(page.Members) > 0 || page.Name != "" {
			t.Errorf("%s: %+v", name, page)
		}
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'view_case_records' AND outcome = 'refused' AND object = ''`); n != 8 {
		t.Errorf("%d refusals on the record", n)
	}
}

// Whatever is done where the chair does not see it changes nothing on the page: not a
// line, not the order, not how it is paged.
func TestCaseRecordsTellNothingHidden(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	child := casework.PersonID(c.made(t, "iris", "add_person", with{"kind": "child", "class": "shared", "name": "Fenna"}))
	c.place(t, "iris", casework.ChildWorker, child)
	open := c.card(t, "iris", "Open", with{"text": "begin"})
	other := c.card(t, "daan", "Ook open", nil)
	_, reader := c.now(t, "iris")
	for range 60 {
		c.clock.turn(time.Second)
		c.made(t, "hanneke", "archive_card", with{"card": open})
		c.made(t, "hanneke", "restore_card", with{"card": open})
	}
	// Seen until a moment ago, and not any more: all of it goes.
	was := c.card(t, "iris", "Was open", nil)
	c.made(t, "iris", "retitle_card", with{"card": was, "title": "Nog open", "base": c.state(t, c.id).Cards[was].Title.ID})
	if a := c.ask(t, "ruben", "redact", with{"card": was}); a.Refusal == nil {
		t.Fatal("Ruben erased a card")
	}
	pages := func() (all []string) {
		older := ""
		for range 9 {
			page := c.looksBack(t, app.CaseRecordFilter{}, older, "")
			raw, err := json.Marshal(page)
			if err != nil {
				t.Fatal(err)
			}
			if all = append(all, string(raw)); page.Older == "" {
				return all
			}
			older = page.Older
		}
		t.Fatal("it has no end")
		return nil
	}
	if n := strings.Count(strings.Join(pages(), ""), string(was)); n != 3 {
		t.Errorf("%d lines of a card in sight", n)
	}
	c.made(t, "iris", "shield_card", with{"card": was, "class": "private"})
	before := pages()
	if strings.Contains(strings.Join(before, ""), string(was)) || len(before) != 3 {
		t.Errorf("%d pages, with a card that went out of sight", len(before))
	}
	c.clock.turn(time.Second)

	private := c.card(t, "iris", "Werkaantekening", with{"class": "private", "person": child, "text": "Van ons."})
	named := c.card(t, "iris", "Op naam", with{"class": "named", "named": []casework.UserID{c.users["daan"]}})
	c.made(t, "iris", "draft_card", with{"column": c.column(t), "title": "Concept", "class": "shared", "kind": "question"})
	c.made(t, "iris", "ask_card", with{"column": c.column(t), "title": "Gevraagd", "class": "shared", "kind": "question", "for": c.users["daan"]})
	c.writes(t, "iris", private, "Van ons alleen.")
	c.made(t, "iris", "name_version", with{"card": private, "name": "Eerste"})
	c.made(t, "iris", "link_card", with{"card": private, "to": open})
	c.made(t, "iris", "move_card", with{"card": open, "column": c.column(t), "after": other})
	c.made(t, "iris", "move_card", with{"card": other, "column": c.column(t), "after": open})
	c.made(t, "iris", "move_card", with{"card": private, "column": c.column(t), "after": open})
	c.made(t, "iris", "retitle_card", with{"card": named, "title": "Anders", "base": c.state(t, c.id).Cards[named].Title.ID})
	moved := pages() // what moved between cards in sight is in sight
	c.made(t, "iris", "move_card", with{"card": other, "column": c.column(t), "after": private})
	for _, tries := range []struct {
		command string
		with    with
	}{
		{"retitle_card", with{"card": private, "title": "X", "base": ""}},            // hidden from who tries
		{"retitle_card", with{"card": "22222222222222AA", "title": "X", "base": ""}}, // absent
		{"link_card", with{"card": open, "to": named}},                               // refused for what is hidden
		{"reperspective_card", with{"card": named, "person": child}},                 //
		{"draft_card", with{"column": c.column(t), "title": "X", "class": "safety", "kind": "fact", "person": child}},
		{"move_card", with{"card": other, "column": c.column(t), "after": private}},
	} {
		for _, name := range []string{"ruben", "daan"} {
			c.ask(t, name, tries.command, tries.with)
		}
	}
	if a := c.ask(t, "iris", "remove_person", with{"person": child}); a.Refusal == nil || a.Refusal.Reason != "person_has_cards" {
		t.Fatal(a.Refusal)
	}
	if _, err := c.History(t.Context(), c.actor("iris"), c.id, reader, private, c.state(t, c.id).Seq); err != nil {
		t.Fatal(err)
	}
	for _, about := range []app.Subject{{Card: private}, {Card: "22222222222222AA"}} {
		for _, name := range []string{"iris", "daan"} {
			if _, err := c.SightOf(t.Context(), c.as(t, name), c.id, about); err != nil && reason(err) != "not_found" {
				t.Fatal(err)
			}
		}
	}
	if err := c.Observe(t.Context(), c.id, "view", audit.StayMoment{Actor: c.actor("daan"), Reader: reader}); err != nil {
		t.Fatal(err)
	}
	if after := pages(); !slices.Equal(after, moved) {
		t.Errorf("what is hidden changed the page\n%s\n%s", before[0], after[0])
	}
	if !strings.Contains(strings.Join(moved, ""), `"move_card"`) {
		t.Error("what moved in sight is not told")
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE case_id = $1 AND event IN ('command', 'history', 'view_sight')`, c.id); n < 150 {
		t.Errorf("only %d records", n)
	}
}

// A page leads to what is older and back, whatever is left out between.
func TestCaseRecordsPageByPage(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	card := c.card(t, "iris", "Open", nil)
	hidden := c.card(t, "iris", "Van ons", with{"class": "private"})
	for range 40 {
		c.clock.turn(time.Second)
		for _, id := range []casework.CardID{hidden, card} {
			c.made(t, "iris", "archive_card", with{"card": id})
			c.made(t, "iris", "restore_card", with{"card": id})
		}
	}
	first := c.looksBack(t, app.CaseRecordFilter{Kind: "changing"}, "", "")
	second := c.looksBack(t, app.CaseRecordFilter{Kind: "changing"}, first.Older, "")
	if len(first.Lines) != 50 || first.Newer != "" || len(second.Lines) != 32 || second.Older != "" {
		t.Fatalf("%d lines and %d, %q, %q", len(first.Lines), len(second.Lines), first.Newer, second.Older)
	}
	back := c.looksBack(t, app.CaseRecordFilter{Kind: "changing"}, "", second.Newer)
	if !slices.Equal(doneIn(back), doneIn(first)) || back.Newer != "" || back.Older != first.Older {
		t.Errorf("back there are %d lines", len(back.Lines))
	}
	for _, odd := range []string{"x", "2026-03-02T09:00:00Z~\x00"} {
		_, err := c.CaseRecords(t.Context(), c.as(t, "hanneke"), c.id, app.CaseRecordFilter{}, odd, "")
		refused(t, odd, err, "not_found")
	}
}
