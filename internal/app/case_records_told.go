package app

import (
	"context"
	"maps"
	"slices"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// teller decides which lines about a case its reader is told of. A line is told whole
// or not at all.
type teller struct {
	*teamAt
	past  *view.Past
	gifts map[casework.GivenID]store.Gift
}

// tellerAt makes it for the reader under the rights that are held. A past that was
// read under others is read again.
func (a *App) tellerAt(ctx context.Context, t *teamAt, read *pastAt) (*teller, error) {
	told := &teller{teamAt: t, gifts: map[casework.GivenID]store.Gift{}}
	if read != nil && read.epoch == t.access.Epoch {
		told.past = read.Past
	} else {
		var err error
		if told.past, err = a.pastIn(ctx, t.Tx, t.moment, t.reader); err != nil {
			return nil, err
		}
	}
	gifts, err := t.Gifts(ctx, t.id)
	for _, g := range gifts {
		told.gifts[g.ID] = g
	}
	return told, err
}

// toldBy is by what it is decided whether a line is told. An event that is not here
// never is: that the view of somebody changed tells of what changed it.
var toldBy = map[audit.Event]func(*teller, store.CaseRecord) bool{
	"command":     (*teller).toldOfCommand,
	"lend":        (*teller).toldOfGift,
	"bar":         (*teller).toldOfGift,
	"given_ended": (*teller).toldOfGiven,
}

func init() {
	for _, e := range []audit.Event{"history", "version", "view_sight", "client_report"} {
		toldBy[e] = (*teller).toldOfObject
	}
	for _, e := range audit.Sheltered {
		toldBy[e] = (*teller).toldOfList
	}
	// About the table itself: nothing of it hangs on a card or a person.
	for _, e := range []audit.Event{"join", "view_team", "view_case_records", "view_keeping", "view_glass", "break_glass", "end_glass", "review_glass",
		"open_case", "open_practice", "list_seconds", "ask_second", "withdraw_second", "answer_second", "export",
		"invite", "withdraw_invitation", "member", "member_ended", "confirm_member", "decline_member", "add_interpreter", "remove_interpreter",
		"list_links", "link_case", "unlink_case"} {
		toldBy[e] = (*teller).toldOfTable
	}
}

func toldEvents() []audit.Event { return slices.Sorted(maps.Keys(toldBy)) }

// list reads on until a page is full of what is told: more tells whether anything is
// told beyond it.
func (t *teller) list(ctx context.Context, review store.CaseReview) (list []store.CaseRecord, more bool, err error) {
	review.Limit = 4 * recordsPage
	for !more {
		read, err := t.CaseRecords(ctx, review)
		if err != nil {
			return nil, false, err
		}
		for _, r := range read {
			if !t.tells(r) {
				continue
			}
			if more = len(list) == recordsPage; more {
				break
			}
			list = append(list, r)
		}
		if len(read) < review.Limit {
			break
		}
		last := read[len(read)-1]
		review.After = store.RecordPlace{At: last.At, ID: last.ID}
	}
	if review.Newer {
		slices.Reverse(list)
	}
	return list, more, nil
}

// tells decides on a line. Of what was refused, only what members tried is told, also
// those of before: that anybody else tried is for managers.
func (t *teller) tells(r store.CaseRecord) bool {
	if _, is := t.member(r.User); r.Outcome == audit.Refused && r.User != "" && !is {
		return false
	}
	told := toldBy[r.Event]
	return told != nil && told(t, r)
}

// toldOfTable: that somebody on the list of who must never come near was not let in is
// for who keeps that list.
func (t *teller) toldOfTable(r store.CaseRecord) bool {
	return r.Detail["reason"] != "excluded" || keepsExclusions(t.seat)
}

func (t *teller) toldOfList(store.CaseRecord) bool { return keepsExclusions(t.seat) }

// toldOfObject: a refusal bears no object, and may have been about one that is hidden.
func (t *teller) toldOfObject(r store.CaseRecord) bool { return t.saw(r) }

// toldOfGift and toldOfGiven are about what the member is told of on the page of who
// can see what.
func (t *teller) toldOfGift(r store.CaseRecord) bool {
	return t.saw(r) && t.knows(casework.GivenID(r.Detail["given"]))
}

func (t *teller) toldOfGiven(r store.CaseRecord) bool { return t.knows(casework.GivenID(r.Object)) }

func (t *teller) knows(id casework.GivenID) bool {
	g, is := t.gifts[id]
	return is && t.seat.TellsOf(g.To, g.Given)
}

// toldOfCommand: of what was done, what changed anything in sight. Of what was refused
// only what a rule refused, and only where nothing but the thing in sight was named:
// any other refusal may hang on what is hidden.
func (t *teller) toldOfCommand(r store.CaseRecord) bool {
	if r.Outcome == audit.Done {
		return t.past.Noticed(r.User, casework.CommandID(r.Request)) && (r.Kind != "card" && r.Kind != "person" || t.sees(r))
	}
	return namesOneThing[r.Detail["command"]] && slices.Contains([]string{"not_allowed", "closed"}, r.Detail["reason"]) && t.saw(r)
}

// namesOneThing are the commands that name their target and nothing else of which
// somebody may not know.
var namesOneThing = map[string]bool{"rename_case": true, "close_case": true, "reopen_case": true, "change_person": true, "remove_person": true,
	"reclass_person": true, "add_column": true, "rename_column": true, "label_column": true, "move_column": true, "remove_column": true,
	"redact": true, "retitle_card": true, "edit_card": true, "write_note": true, "name_version": true, "label_card": true, "move_card": true, "archive_card": true,
	"restore_card": true, "shield_card": true, "share_card": true, "name_readers": true, "tick_member": true, "untick_member": true,
	"add_guest": true, "remove_guest": true, "show_screen": true, "blank_screen": true}

// saw tells whether what a line is about was in sight then and is now; so is
// whatever has no class.
func (t *teller) saw(r store.CaseRecord) bool {
	switch r.Kind {
	case "card", "person":
		return t.past.Saw(r.Object, r.At) && t.sees(r)
	case "case", "column", "member", "guest":
		return true
	}
	return false
}

// sees tells whether a card or person is in sight now.
func (t *teller) sees(r store.CaseRecord) bool { return t.aboutOf(r) != Subject{} }

// aboutOf is what a line is about, as far as it is in sight now.
func (t *teller) aboutOf(r store.CaseRecord) (about Subject) {
	kind, object := r.Kind, r.Object
	if g, is := t.gifts[casework.GivenID(object)]; is && kind == "given" {
		if kind, object = "card", string(g.Card); g.Card == "" {
			kind, object = "person", string(g.Person)
		}
	}
	switch kind {
	case "card":
		if _, sees := t.seat.Card(casework.CardID(object)); sees {
			about.Card = casework.CardID(object)
		}
	case "person":
		if _, sees := t.seat.Person(casework.PersonID(object)); sees {
			about.Person = casework.PersonID(object)
		}
	}
	return about
}

// names tells whether who did it is named: who is or was at the table, and who comes
// from outside with an answer that is told with its name elsewhere.
func (t *teller) names(r store.CaseRecord) bool {
	_, is := t.member(r.User)
	return is || r.Event == "answer_second" || r.Event == "review_glass"
}

// colleagueIn is whom of the team a line is about; empty: nobody.
func (t *teller) colleagueIn(r store.CaseRecord) string {
	user := casework.UserID(r.Detail["to"])
	if r.Kind == "member" {
		user = casework.UserID(r.Object)
	}
	m, _ := t.member(user)
	return m.Name
}
