package board_test

import (
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
)

func TestCards(t *testing.T) {
	draft := func(by func(*demo) casework.UserID, f with) func(*demo) said {
		return func(d *demo) said {
			all := with{"column": d.Columns[0], "title": "x", "class": "shared", "kind": "question", "person": d.Fenna}
			for k, v := range f {
				all[k] = v
			}
			return d.Do(by(d), "draft_card", all)
		}
	}
	iris := func(d *demo) casework.UserID { return d.Iris }
	ruben := func(d *demo) casework.UserID { return d.Ruben }
	hold(t, []rule{
		{"Iris puts down a fact for Fenna", draft(iris, with{"kind": "fact"}), "ok"},
		{"Ruben puts down no fact for Fenna", draft(ruben, with{"kind": "fact"}), "denied not_allowed voice"},
		{"Ruben asks about Fenna openly", draft(ruben, nil), "ok"},
		{"Ruben asks nothing about Fenna in confidence", draft(ruben, with{"class": "confidential"}), "denied not_allowed ask"},
		{"a card needs a column that is there", draft(iris, with{"column": absent}), "not_found column_gone"},
		{"a card speaks from a person who is there", draft(iris, with{"person": absent}), "not_found person_gone"},
		{"readers are named for a card by name only", draft(iris, with{"named": []casework.UserID{absent}}), "invalid bad_named"},
		{"a card by name names somebody", draft(iris, with{"class": "named"}), "invalid named_empty"},
		{"nobody is named who is not at the table", draft(iris, with{"class": "named", "named": []casework.UserID{absent}}), "invalid bad_named"},
		{"an author does not name itself", func(d *demo) said {
			return draft(iris, with{"class": "named", "named": []casework.UserID{d.Iris}})(d)
		}, "invalid bad_named"},
		{"nobody is named twice", func(d *demo) said {
			return draft(iris, with{"class": "named", "named": []casework.UserID{d.Daan, d.Daan}})(d)
		}, "invalid bad_named"},
		{"a colleague is named", func(d *demo) said {
			return draft(iris, with{"class": "named", "named": []casework.UserID{d.Daan}})(d)
		}, "ok"},
		{"a draft is tabled once", func(d *demo) said { return d.Do(d.Iris, "table_card", with{"card": d.Cards[1]}) }, "conflict already_tabled"},
		{"an archived draft is not tabled", func(d *demo) said {
			card := d.Draft(d.Iris, false, nil)
			d.Do(d.Iris, "archive_card", with{"card": card})
			return d.Do(d.Iris, "table_card", with{"card": card})
		}, "conflict already_archived"},
		{"nobody but its author sees a draft", func(d *demo) said {
			return d.Do(d.Hanneke, "archive_card", with{"card": d.Draft(d.Iris, false, nil)})
		}, "not_found not_found"},

		{"an author retitles", func(d *demo) said {
			return d.Do(d.Iris, "retitle_card", with{"card": d.Cards[1], "title": "Anders", "base": title(d, 1)})
		}, "ok"},
		{"another discipline does not retitle", func(d *demo) said {
			return d.Do(d.Daan, "retitle_card", with{"card": d.Cards[1], "title": "Anders", "base": title(d, 1)})
		}, "denied not_allowed edit"},
		{"the second of two who retitle is shown the first", func(d *demo) said {
			base := title(d, 1)
			d.Do(d.Iris, "retitle_card", with{"card": d.Cards[1], "title": "Eerst", "base": base})
			return d.Do(d.Iris, "retitle_card", with{"card": d.Cards[1], "title": "Tweede", "base": base})
		}, "conflict stale_text"},
		{"the same title is no change, whatever the base", func(d *demo) said {
			return d.Do(d.Iris, "retitle_card", with{"card": d.Cards[1], "title": " Ik slaap pas als Bram slaapt. ", "base": "x"})
		}, "ok"},
		{"the second of two who edit is shown the first", func(d *demo) said {
			card := d.Draft(d.Iris, false, nil)
			d.Do(d.Iris, "edit_card", with{"card": card, "text": "Eerst", "base": ""})
			return d.Do(d.Iris, "edit_card", with{"card": card, "text": "Tweede", "base": ""})
		}, "conflict stale_text"},
		{"an author labels", func(d *demo) said {
			return d.Do(d.Iris, "label_card", with{"card": d.Cards[1], "kind": "fact", "domain": "health", "seen": "shelter"})
		}, "ok"},
		{"a question does not become a fact for whom the author has no voice", func(d *demo) said {
			return d.Do(d.Daan, "label_card", with{"card": d.Cards[6], "kind": "fact"})
		}, "denied not_allowed voice"},

		{"every professional arranges shared cards", func(d *demo) said {
			return d.Do(d.Ruben, "move_card", with{"card": d.Cards[1], "column": d.Columns[0], "after": d.Cards[4]})
		}, "ok"},
		{"Iris does not move a safety card of Daan", func(d *demo) said {
			return d.Do(d.Iris, "move_card", with{"card": d.Cards[14], "column": d.Columns[0]})
		}, "denied not_allowed move"},
		{"a card does not go after itself", func(d *demo) said {
			return d.Do(d.Iris, "move_card", with{"card": d.Cards[1], "column": d.Columns[0], "after": d.Cards[1]})
		}, "not_found anchor_gone"},
		{"the anchor left the column", func(d *demo) said {
			d.Do(d.Daan, "move_card", with{"card": d.Cards[4], "column": d.Columns[1]})
			return d.Do(d.Iris, "move_card", with{"card": d.Cards[1], "column": d.Columns[0], "after": d.Cards[4]})
		}, "not_found anchor_gone"},
		{"the column vanished", func(d *demo) said {
			d.Do(d.Hanneke, "remove_column", with{"column": d.Columns[2], "to": d.Columns[0]})
			return d.Do(d.Iris, "move_card", with{"card": d.Cards[1], "column": d.Columns[2]})
		}, "not_found column_gone"},

		{"one archives, the other archives", func(d *demo) said {
			d.Do(d.Hanneke, "archive_card", with{"card": d.Cards[1]})
			return d.Do(d.Iris, "archive_card", with{"card": d.Cards[1]})
		}, "conflict already_archived"},
		{"one archives, the other moves: nothing is lost", func(d *demo) said {
			d.Do(d.Hanneke, "archive_card", with{"card": d.Cards[1]})
			return d.Do(d.Iris, "move_card", with{"card": d.Cards[1], "column": d.Columns[1]})
		}, "ok"},
		{"one archives, the other retitles: nothing is lost", func(d *demo) said {
			d.Do(d.Hanneke, "archive_card", with{"card": d.Cards[1]})
			return d.Do(d.Iris, "retitle_card", with{"card": d.Cards[1], "title": "nog iets", "base": title(d, 1)})
		}, "ok"},
		{"two move one card: the last wins", func(d *demo) said {
			d.Do(d.Hanneke, "move_card", with{"card": d.Cards[1], "column": d.Columns[1]})
			return d.Do(d.Iris, "move_card", with{"card": d.Cards[1], "column": d.Columns[2]})
		}, "ok"},
		{"only what is archived is restored", func(d *demo) said { return d.Do(d.Iris, "restore_card", with{"card": d.Cards[1]}) }, "conflict not_archived"},
		{"an archived card is restored", func(d *demo) said {
			d.Do(d.Hanneke, "archive_card", with{"card": d.Cards[1]})
			return d.Do(d.Iris, "restore_card", with{"card": d.Cards[1]})
		}, "ok"},

		{"a link needs readers of the card who read its target", func(d *demo) said {
			return d.Do(d.Daan, "link_card", with{"card": d.Cards[7], "to": d.Cards[9]})
		}, "denied link_unreadable"},
		{"a link from fewer readers to more", func(d *demo) said {
			return d.Do(d.Daan, "link_card", with{"card": d.Cards[9], "to": d.Cards[7]})
		}, "ok"},
		{"a card does not link to itself", func(d *demo) said {
			return d.Do(d.Daan, "link_card", with{"card": d.Cards[7], "to": d.Cards[7]})
		}, "invalid bad_id"},
		{"nothing links to a draft", func(d *demo) said {
			return d.Do(d.Daan, "link_card", with{"card": d.Cards[7], "to": d.Draft(d.Daan, false, nil)})
		}, "conflict still_draft"},
		{"a link is made once", func(d *demo) said {
			d.Do(d.Daan, "link_card", with{"card": d.Cards[7], "to": d.Cards[8]})
			return d.Do(d.Daan, "link_card", with{"card": d.Cards[7], "to": d.Cards[8]})
		}, "conflict already_linked"},
		{"a link is taken away", func(d *demo) said {
			d.Do(d.Daan, "link_card", with{"card": d.Cards[7], "to": d.Cards[8]})
			return d.Do(d.Daan, "unlink_card", with{"card": d.Cards[7], "to": d.Cards[8]})
		}, "ok"},
		{"a link whose target is hidden by now cannot be taken away", func(d *demo) said {
			card := d.Draft(d.Iris, true, nil)
			d.Do(d.Daan, "link_card", with{"card": d.Cards[7], "to": card})
			d.Do(d.Iris, "shield_card", with{"card": card, "class": "private"})
			return d.Do(d.Daan, "unlink_card", with{"card": d.Cards[7], "to": card})
		}, "not_found not_linked"},
	})
}

func TestUndo(t *testing.T) {
	undo := func(d *demo, by casework.UserID) said {
		list := d.State.Undo[by]
		return d.Do(by, "undo", with{"command": list[len(list)-1].Command})
	}
	retitle := func(d *demo, n int) {
		d.Do(d.Iris, "retitle_card", with{"card": d.Cards[n], "title": "Anders", "base": title(d, n)})
	}
	hold(t, []rule{
		{"a title is taken back", func(d *demo) said { retitle(d, 1); return undo(d, d.Iris) }, "ok"},
		{"a move is taken back", func(d *demo) said {
			d.Do(d.Ruben, "move_card", with{"card": d.Cards[1], "column": d.Columns[1]})
			return undo(d, d.Ruben)
		}, "ok"},
		{"labels are taken back", func(d *demo) said {
			d.Do(d.Iris, "label_card", with{"card": d.Cards[1], "kind": "fact"})
			return undo(d, d.Iris)
		}, "ok"},
		{"nothing is taken back twice", func(d *demo) said {
			retitle(d, 1)
			done := d.State.Undo[d.Iris][0].Command
			d.Do(d.Iris, "undo", with{"command": done})
			return d.Do(d.Iris, "undo", with{"command": done})
		}, "not_found undo_gone"},
		{"another's change is not taken back", func(d *demo) said {
			retitle(d, 1)
			return d.Do(d.Hanneke, "undo", with{"command": d.State.Undo[d.Iris][0].Command})
		}, "not_found undo_gone"},
		{"what changed again since stays", func(d *demo) said {
			retitle(d, 1)
			first := d.State.Undo[d.Iris][0].Command
			d.Do(d.Iris, "retitle_card", with{"card": d.Cards[1], "title": "Nog anders", "base": title(d, 1)})
			return d.Do(d.Iris, "undo", with{"command": first})
		}, "conflict undo_changed"},
		{"a card that went on since stays", func(d *demo) said {
			d.Do(d.Ruben, "move_card", with{"card": d.Cards[1], "column": d.Columns[1]})
			d.Do(d.Daan, "move_card", with{"card": d.Cards[1], "column": d.Columns[2]})
			return undo(d, d.Ruben)
		}, "conflict undo_changed"},
		{"no text comes back over a change of readers", func(d *demo) said {
			retitle(d, 1)
			d.Do(d.Iris, "shield_card", with{"card": d.Cards[1], "class": "confidential"})
			return undo(d, d.Iris)
		}, "not_found undo_gone"},
		{"no text comes back from before the table saw the card", func(d *demo) said {
			card := d.Draft(d.Iris, false, nil)
			d.Do(d.Iris, "retitle_card", with{"card": card, "title": "Anders", "base": d.State.Cards[card].Title.ID})
			d.Do(d.Iris, "table_card", with{"card": card})
			return undo(d, d.Iris)
		}, "not_found undo_gone"},
		{"no text comes back over another kind of person", func(d *demo) said {
			d.Do(d.Daan, "retitle_card", with{"card": d.Cards[7], "title": "Anders", "base": title(d, 7)})
			d.Do(d.Hanneke, "reclass_person", with{"person": d.Noor, "kind": "parent", "class": "confidential"})
			return undo(d, d.Daan)
		}, "not_found undo_gone"},
		{"no erased text comes back", func(d *demo) said {
			retitle(d, 1)
			done := d.State.Undo[d.Iris][0].Command
			d.Do(d.Hanneke, "redact", with{"card": d.Cards[1]})
			return d.Do(d.Iris, "undo", with{"command": done})
		}, "not_found undo_gone"},
		{"a card goes back to the front when the card before it is hidden by now", func(d *demo) said {
			anchor := d.Draft(d.Iris, true, nil)
			d.Do(d.Iris, "move_card", with{"card": anchor, "column": d.Columns[1]})
			d.Do(d.Iris, "move_card", with{"card": d.Cards[11], "column": d.Columns[1], "after": anchor})
			d.Do(d.Ruben, "move_card", with{"card": d.Cards[11], "column": d.Columns[2]})
			d.Do(d.Iris, "shield_card", with{"card": anchor, "class": "private"})
			back := undo(d, d.Ruben)
			if order := d.State.Column(d.Columns[1]).Cards; order[0] != d.Cards[11] {
				t.Errorf("it stands in %v, not in front", order)
			}
			return back
		}, "ok"},
		{"an undo is decided under today's rights", func(d *demo) said {
			retitle(d, 1)
			d.Do(d.Hanneke, "close_case", nil)
			return undo(d, d.Iris)
		}, "denied closed edit"},
	})
}

// TestErasingHiddenCardsDoesNotShow counts what can be undone: as many of one's
// own last changes whether or not a card that is hidden by now was erased.
func TestErasingHiddenCardsDoesNotShow(t *testing.T) {
	var counts []int
	for _, erased := range []bool{false, true} {
		d := zilverlinde(t)
		card := d.Draft(d.Mirthe, true, nil) // speaks as professional: everybody may label it
		d.Do(d.Daan, "label_card", with{"card": d.Cards[7], "kind": "question"})
		d.Do(d.Daan, "label_card", with{"card": card, "kind": "concern"})
		d.Do(d.Mirthe, "shield_card", with{"card": card, "class": "private"})
		if erased && !d.Do(d.Mirthe, "redact", with{"card": card}).OK {
			t.Fatal("the author does not erase")
		}
		for i := range casework.UndoDepth - 1 {
			d.Do(d.Daan, "label_card", with{"card": d.Cards[7], "kind": []string{"words", "fact"}[i%2]})
		}
		undone := 0
		for _, u := range d.State.Undo[d.Daan] {
			if d.Do(d.Daan, "undo", with{"command": u.Command}); u.Card == d.Cards[7] {
				undone++
			}
		}
		counts = append(counts, undone)
	}
	if counts[0] != counts[1] || counts[0] != casework.UndoDepth-1 {
		t.Errorf("%d changes can be undone, %d when a hidden card was erased", counts[0], counts[1])
	}
}
