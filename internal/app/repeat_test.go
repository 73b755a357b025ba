package app_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// repeat sends one command again and again with the same id.
func (c conference) repeat(t *testing.T, name string, id casework.CommandID, command string, fields with) (made string, refusal *casework.Error) {
	t.Helper()
	answer := c.Do(t.Context(), c.actor(name), c.id, id, command, body(t, fields))
	return answer.Made, answer.Refusal
}

func TestRepeatedCommandIsStoredOnce(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	second := c
	second.App = c.node(t, "second", c.store)
	id, fields := fresh(), with{"column": c.column(t), "title": "Kaart", "class": "shared", "kind": "question"}
	var all sync.WaitGroup
	var mu sync.Mutex
	made := map[string]int{}
	for i := range 8 {
		all.Go(func() {
			node := c
			if i%2 == 1 {
				node = second
			}
			card, refusal := node.repeat(t, "iris", id, "draft_card", fields)
			if refusal != nil {
				t.Error(refusal)
			}
			mu.Lock()
			made[card]++
			mu.Unlock()
		})
	}
	all.Wait()
	if len(made) != 1 || made[""] > 0 {
		t.Errorf("answers %v", made)
	}
	// The command's id is what it is known by, whatever it says now.
	fields["title"] = "Iets anders"
	if card, refusal := c.repeat(t, "iris", id, "draft_card", fields); refusal != nil || made[card] == 0 {
		t.Errorf("answered %q, %v", card, refusal)
	}
	if n := len(c.state(t, c.id).Cards); n != 1 {
		t.Errorf("%d cards", n)
	}
	// Another user's command of the same id is another command.
	other, refusal := c.repeat(t, "daan", id, "draft_card", fields)
	if refusal != nil || made[other] > 0 {
		t.Errorf("Daan got %q, %v", other, refusal)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM command WHERE id = $1`, id); n != 2 {
		t.Errorf("%d commands are stored", n)
	}
}

// The answer to a repeated command is worked out under today's rights: the id of
// what it made is withheld from whoever no longer sees it.
func TestRepeatedAnswerFollowsTheRights(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	fenna := c.made(t, "hanneke", "add_person", with{"name": "Fenna", "kind": "child", "class": "shared"})
	last := c.state(t, c.id).Columns[5].ID
	column, card, about := fresh(), fresh(), fresh()
	made := map[casework.CommandID]string{}
	for id, command := range map[casework.CommandID]struct {
		by, name string
		fields   with
	}{
		column: {"hanneke", "add_column", with{"title": "Tijdelijk", "after": last}},
		card:   {"daan", "draft_card", with{"column": last, "title": "Kaart", "class": "shared", "kind": "question"}},
		about:  {"ruben", "draft_card", with{"column": last, "title": "Kaart", "class": "shared", "kind": "question", "person": fenna}},
	} {
		var refusal *casework.Error
		if made[id], refusal = c.repeat(t, command.by, id, command.name, command.fields); refusal != nil {
			t.Fatal(command.name, refusal)
		}
		if again, _ := c.repeat(t, command.by, id, command.name, command.fields); again != made[id] || again == "" {
			t.Errorf("%s made %q and then %q", command.name, made[id], again)
		}
	}
	c.made(t, "hanneke", "remove_column", with{"column": made[column], "to": last})
	if again, refusal := c.repeat(t, "hanneke", column, "add_column", with{"title": "Tijdelijk"}); again != "" || refusal != nil {
		t.Errorf("of a column that is gone: %q, %v", again, refusal)
	}
	// Whatever hangs on a person who is hidden is hidden, also from its author.
	c.made(t, "hanneke", "reclass_person", with{"person": fenna, "kind": "child", "class": "confidential"})
	if again, refusal := c.repeat(t, "ruben", about, "draft_card", with{}); again != "" || refusal != nil {
		t.Errorf("of a card that is hidden: %q, %v", again, refusal)
	}
	// No membership, no answer: as if the case were not there.
	if err := c.EndMember(t.Context(), c.actor("hanneke"), c.id, c.users["daan"]); err != nil {
		t.Fatal(err)
	}
	if again, refusal := c.repeat(t, "daan", card, "draft_card", with{}); again != "" || refusal == nil || refusal.Kind != casework.NotFound {
		t.Errorf("of a case that is hidden: %q, %v", again, refusal)
	}
	if n := len(c.state(t, c.id).Cards); n != 2 {
		t.Errorf("%d cards", n)
	}
}

func TestOpenCase(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	hanneke := c.session(t, c.users["hanneke"], casework.Chair)
	id := fresh()
	// All of them look whether it was done before any of them does it.
	first, err := c.admin.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := first.Exec(`INSERT INTO command (case_id, account, id) VALUES ('', $1, $2)`, hanneke.Account.ID, id); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	cases := make(chan casework.CaseID, 4)
	for range 4 {
		all.Go(func() {
			opened, err := c.OpenCase(t.Context(), hanneke, id, "Een zaak", app.Templates[0])
			if err != nil {
				t.Error(err)
			}
			cases <- opened
		})
	}
	c.blocked(t, 4)
	if err := first.Rollback(); err != nil {
		t.Fatal(err)
	}
	all.Wait()
	opened := <-cases
	for range 3 {
		if other := <-cases; other != opened {
			t.Errorf("one command opened %s and %s", opened, other)
		}
	}
	if again, err := c.OpenCase(t.Context(), hanneke, id, "Een andere naam", app.Templates[0]); err != nil || again != opened {
		t.Errorf("again: %s, %v", again, err)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM cases`); n != 2 { // with the one of the conference
		t.Errorf("%d cases", n)
	}
	if got := one[string](t, c.door, `SELECT account || ' ' || role || ' ' || ground FROM membership WHERE case_id = $1`, opened); got !=
		string(hanneke.Account.ID)+" chair owner" {
		t.Errorf("its team is %s", got)
	}
	if got := one[string](t, c.door, `SELECT action || ' ' || outcome || ' ' || role || ' ' || ground || ' ' || object || ' ' || (policy_rule <> '') FROM record
		WHERE event = 'open_case' AND case_id = $1`, opened); got != "C done chair owner "+string(opened)+" true" {
		t.Errorf("its record is %s", got)
	}
	if state := c.state(t, opened); state.Name.Body != "Een zaak" {
		t.Errorf("it is %q", state.Name.Body)
	}
	// Another user's command of the same id opens another case.
	if other, err := c.OpenCase(t.Context(), c.session(t, c.users["daan"], casework.AmbulantWorker), id, "Van Daan", app.Templates[0]); err != nil || other == opened {
		t.Errorf("Daan opened %s, %v", other, err)
	}
}

// A case begins with the columns of the template that was chosen, in the
// language of whoever opens it.
func TestOpenCaseFromATemplate(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	hanneke := c.session(t, c.users["hanneke"], casework.Chair)
	for _, s := range []struct{ template, language, want string }{
		{"", "nl", "Feiten (fact), Zorgen (concern), Krachten (strength), Vragen (question), Scenario's (), Afspraken ()"},
		{"casustafel", "en", "Facts (fact), Concerns (concern), Strengths (strength), Questions (question), Scenarios (), Tasks ()"},
		{"three_columns", "nl", "Waar maken we ons zorgen over? (concern), Wat gaat goed? (strength), Wat moet er gebeuren? ()"},
		{"three_columns", "fr", "Waar maken we ons zorgen over? (concern), Wat gaat goed? (strength), Wat moet er gebeuren? ()"},
	} {
		hanneke.Account.Language = s.language
		template, err := app.TemplateNamed(s.template)
		if err != nil {
			t.Fatal(err)
		}
		id, err := c.OpenCase(t.Context(), hanneke, fresh(), "Zaak", template)
		if err != nil {
			t.Fatal(err)
		}
		var columns []string
		for _, column := range c.state(t, id).Columns {
			columns = append(columns, fmt.Sprintf("%s (%s)", column.Title.Body, column.Kind))
		}
		if got := strings.Join(columns, ", "); got != s.want {
			t.Errorf("%q in %s: %s", s.template, s.language, got)
		}
	}
	if _, err := app.TemplateNamed("kanban"); casework.KindOf(err) != casework.Invalid {
		t.Errorf("a template that is not there: %v", err)
	}
}

func TestOpenCaseRefuses(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	for _, role := range []casework.Role{casework.Manager, casework.Admin} {
		session := c.person(t, string(role), role)
		if id, err := c.OpenCase(t.Context(), session, fresh(), "Zaak", app.Templates[0]); casework.KindOf(err) != casework.Denied || id != "" {
			t.Errorf("%s opened %s: %v", role, id, err)
		}
		if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'open_case' AND outcome = 'refused' AND account = $1 AND role = $2
			AND case_id = '' AND object = '' AND policy_rule <> ''`, session.Account.ID, role); n != 1 {
			t.Errorf("%d records for %s", n, role)
		}
	}
	hanneke := c.session(t, c.users["hanneke"], casework.Chair)
	for name, bad := range map[string]struct {
		id   casework.CommandID
		name string
	}{
		"no id":        {"", "Zaak"},
		"another form": {"' OR 1=1", "Zaak"},
		"no name":      {fresh(), " "},
		"NUL":          {fresh(), "Zaak\x00"},
		"no text":      {fresh(), "\xff"},
	} {
		if _, err := c.OpenCase(t.Context(), hanneke, bad.id, bad.name, app.Templates[0]); casework.KindOf(err) != casework.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM cases`); n != 1 {
		t.Errorf("%d cases", n)
	}
}
