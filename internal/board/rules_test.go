package board_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/policies"
)

type (
	with = casetest.Fields
	demo = casetest.Demo
	said = casetest.Answer
)

// rule is one sentence about the board. Want is "ok", or the kind and reason of
// the refusal, and for a denial the act.
type rule struct {
	sentence string
	do       func(*demo) said
	want     string
}

// absent is an id that nothing has.
const absent = "AAAAAAAAAAAAAAAA"

var shipped = sync.OnceValues(func() (*policy.Policy, error) { return policy.Parse(policies.Model, policies.Lines) })

func zilverlinde(t testing.TB) *demo {
	t.Helper()
	p, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return casetest.Zilverlinde(p)
}

// hold tells each rule to a case of its own.
func hold(t *testing.T, rules []rule) {
	t.Helper()
	begin := zilverlinde(t)
	for _, r := range rules {
		t.Run(r.sentence, func(t *testing.T) {
			d := *begin
			a := r.do(&d)
			got := "ok"
			if !a.OK {
				got = strings.TrimSpace(strings.Join([]string{string(a.Kind), a.Reason, string(a.Act)}, " "))
			}
			if got != r.want {
				t.Errorf("got %q, want %q", got, r.want)
			}
		})
	}
}

func title(d *demo, n int) casework.TextID { return d.State.Cards[d.Cards[n]].Title.ID }
func text(d *demo, n int) casework.TextID  { return d.State.Cards[d.Cards[n]].Text.ID }

// TestWhoReads is the table of the field: every card, every member.
func TestWhoReads(t *testing.T) {
	d := zilverlinde(t)
	everybody := []casework.UserID{d.Hanneke, d.Iris, d.Daan, d.Mirthe, d.Ruben}
	only := map[int][]casework.UserID{
		9: {d.Hanneke, d.Daan, d.Mirthe}, 10: {d.Hanneke, d.Daan, d.Mirthe}, 13: {d.Hanneke, d.Ruben},
		14: {d.Hanneke, d.Iris, d.Daan}, 15: {d.Hanneke, d.Iris, d.Daan}, 16: {d.Iris},
	}
	for n := 1; n <= 16; n++ {
		readers, restricted := only[n]
		if !restricted {
			readers = everybody
		}
		c := d.State.Cards[d.Cards[n]]
		a := d.Ask(d.State.Cards[d.Cards[n]].Author.User, board.Who{Card: c.ID, Person: c.Perspective, Class: c.Class, Named: c.Named})
		if a.Readers == nil || !sameUsers(a.Readers.Can, readers) || len(a.Readers.Can)+len(a.Readers.Cannot) != len(everybody) {
			t.Errorf("card %d: the author is told %+v, want readers %v", n, a.Readers, readers)
		}
		for _, user := range everybody {
			if a := d.Do(user, "archive_card", with{"card": c.ID}); (a.Reason != "not_found") != has(readers, user) {
				t.Errorf("card %d: %s answered %s", n, d.Member(user).Name, a.Reason)
			}
			d.Do(d.Hanneke, "restore_card", with{"card": c.ID})
			d.Do(c.Author.User, "restore_card", with{"card": c.ID})
		}
	}
}

func has(users []casework.UserID, user casework.UserID) bool {
	for _, u := range users {
		if u == user {
			return true
		}
	}
	return false
}

func sameUsers(a, b []casework.UserID) bool {
	for _, u := range b {
		if !has(a, u) {
			return false
		}
	}
	return len(a) == len(b)
}

// TestHiddenIsAbsent sends every command about a card or person once with the
// id of something hidden and once with an id that nothing has.
func TestHiddenIsAbsent(t *testing.T) {
	begin := zilverlinde(t)
	begin.Do(begin.Hanneke, "add_person", with{"name": "Verborgen", "kind": "partner", "class": "confidential"})
	hiddenPerson := string(begin.State.Family[len(begin.State.Family)-1])
	draft := string(begin.Draft(begin.Daan, false, nil))
	hiddenCards := []string{string(begin.Cards[13]), string(begin.Cards[16]), string(begin.Cards[9]), draft}
	own := begin.Draft(begin.Mirthe, true, with{"class": "shared"})
	column := begin.Columns[0]
	for name, with := range map[string]string{
		"change_person": `{"person":"ID","name":"x"}`, "remove_person": `{"person":"ID"}`, "reclass_person": `{"person":"ID","kind":"child","class":"shared"}`,
		"record_consent": `{"person":"ID","sharing":"table","answer":"agreed"}`, "take_back_consent": `{"person":"ID","sharing":"table"}`,
		"give_custody": `{"child":"ID","person":"` + string(begin.Noor) + `"}`, "take_custody": `{"child":"ID","person":"` + string(begin.Noor) + `"}`,
		"draft_card":   `{"column":"` + string(column) + `","title":"x","person":"ID","class":"shared","kind":"question"}`,
		"table_card":   `{"card":"ID"}`,
		"retitle_card": `{"card":"ID","title":"x"}`, "edit_card": `{"card":"ID","text":"x"}`, "label_card": `{"card":"ID","kind":"fact"}`,
		"write_note": `{"card":"ID","base":"","changes":[[0,"x"]]}`, "name_version": `{"card":"ID","name":"x"}`,
		"move_card": `{"card":"ID","column":"` + string(column) + `"}`, "archive_card": `{"card":"ID"}`, "restore_card": `{"card":"ID"}`,
		"link_card": `{"card":"ID","to":"` + string(own) + `"}`, "unlink_card": `{"card":"ID","to":"` + string(own) + `"}`,
		"shield_card": `{"card":"ID","class":"private"}`, "share_card": `{"card":"ID","class":"shared"}`,
		"name_readers": `{"card":"ID","named":["` + string(begin.Iris) + `"]}`, "reperspective_card": `{"card":"ID","person":""}`,
		"redact": `{"card":"ID"}`, "undo": `{"command":"ID"}`,
	} {
		hidden := hiddenCards
		if strings.Contains(with, `"person":"ID"`) || strings.Contains(with, `"child":"ID"`) {
			hidden = []string{hiddenPerson}
		}
		checkAlike(t, begin, name, with, hidden)
	}
	for name, with := range map[string]string{
		"move_card":   `{"card":"` + string(own) + `","column":"` + string(column) + `","after":"ID"}`,
		"link_card":   `{"card":"` + string(own) + `","to":"ID"}`,
		"unlink_card": `{"card":"` + string(own) + `","to":"ID"}`,
	} {
		checkAlike(t, begin, name, with, hiddenCards)
	}
	checkAlike(t, begin, "reperspective_card", `{"card":"`+string(own)+`","person":"ID"}`, []string{hiddenPerson})
	checkAlike(t, begin, "give_custody", `{"child":"`+string(begin.Bram)+`","person":"ID"}`, []string{hiddenPerson})
	checkAlike(t, begin, "take_custody", `{"child":"`+string(begin.Bram)+`","person":"ID"}`, []string{hiddenPerson})
	checkAlike(t, begin, "redact", `{"person":"ID"}`, []string{hiddenPerson})
}

// checkAlike asks as Mirthe, or as Ruben for what Mirthe reads.
func checkAlike(t *testing.T, begin *demo, command, with string, hidden []string) {
	t.Helper()
	for _, id := range hidden {
		user := begin.Mirthe
		if id == string(begin.Cards[9]) {
			user = begin.Ruben
		}
		one, two := *begin, *begin
		a := one.Send(user, command, strings.ReplaceAll(with, "ID", id))
		b := two.Send(user, command, strings.ReplaceAll(with, "ID", absent))
		if a != b || a.Kind != casework.NotFound {
			t.Errorf("%s %s: hidden is answered %+v, absent %+v", command, with, a, b)
		}
		if len(one.Log) != len(begin.Log) {
			t.Errorf("%s %s made an event", command, with)
		}
	}
}
