package view_test

import (
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// TestUndoTellsWhatItBrings: of one's own last change, as far as it can still
// be taken back, and nothing that is hidden by now.
func TestUndoTellsWhatItBrings(t *testing.T) {
	p, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	begin := casetest.Zilverlinde(p)
	type with = casetest.Fields
	do := func(d *casetest.Demo, user casework.UserID, command string, fields with) {
		if a := d.Do(user, command, fields); !a.OK {
			panic(command + " is refused: " + a.Reason)
		}
	}
	title := func(d *casetest.Demo, n int) casework.TextID { return d.State.Cards[d.Cards[n]].Title.ID }
	retitle := func(d *casetest.Demo, n int, to string) {
		do(d, d.Iris, "retitle_card", with{"card": d.Cards[n], "title": to, "base": title(d, n)})
	}
	// Ruben takes card 11 away from behind a card of Iris, who may hide it.
	behind := func(d *casetest.Demo) casework.CardID {
		anchor := d.Draft(d.Iris, true, with{"column": d.Columns[1]})
		do(d, d.Iris, "move_card", with{"card": d.Cards[11], "column": d.Columns[1], "after": anchor})
		do(d, d.Ruben, "move_card", with{"card": d.Cards[11], "column": d.Columns[2]})
		return anchor
	}
	for _, story := range []struct {
		sentence string
		tell     func(*casetest.Demo) (of casework.UserID, want *view.Undo)
	}{
		{"the title that was", func(d *casetest.Demo) (casework.UserID, *view.Undo) {
			was := d.State.Cards[d.Cards[2]].Title.Body
			retitle(d, 2, "Anders")
			return d.Iris, &view.Undo{Card: d.Cards[2], What: "card_retitled", Title: was}
		}},
		{"how a long text began", func(d *casetest.Demo) (casework.UserID, *view.Undo) {
			draft := d.Draft(d.Iris, false, with{"text": strings.Repeat("één ", 100)})
			do(d, d.Iris, "edit_card", with{"card": draft, "text": "kort", "base": d.State.Cards[draft].Text.ID})
			return d.Iris, &view.Undo{Card: draft, What: "card_edited", Text: strings.Repeat("één ", 30) + "…"}
		}},
		{"the labels that were", func(d *casetest.Demo) (casework.UserID, *view.Undo) {
			do(d, d.Iris, "label_card", with{"card": d.Cards[3], "kind": "fact", "domain": "school_work"})
			return d.Iris, &view.Undo{Card: d.Cards[3], What: "card_labelled", Kind: casework.Question}
		}},
		{"the place that was", func(d *casetest.Demo) (casework.UserID, *view.Undo) {
			anchor := behind(d)
			return d.Ruben, &view.Undo{Card: d.Cards[11], What: "card_moved", Column: d.Columns[1], After: anchor}
		}},
		{"a place behind a hidden card is the front", func(d *casetest.Demo) (casework.UserID, *view.Undo) {
			do(d, d.Iris, "shield_card", with{"card": behind(d), "class": "private"})
			return d.Ruben, &view.Undo{Card: d.Cards[11], What: "card_moved", Column: d.Columns[1]}
		}},
		{"a place in a column that is gone is none", func(d *casetest.Demo) (casework.UserID, *view.Undo) {
			behind(d)
			do(d, d.Hanneke, "remove_column", with{"column": d.Columns[1], "to": d.Columns[0]})
			return d.Ruben, nil
		}},
		{"what somebody changed since is passed over", func(d *casetest.Demo) (casework.UserID, *view.Undo) {
			place := view.Undo{Card: d.Cards[11], What: "card_moved", Column: d.Columns[1]}
			do(d, d.Ruben, "move_card", with{"card": d.Cards[11], "column": d.Columns[1]})
			do(d, d.Ruben, "move_card", with{"card": d.Cards[11], "column": d.Columns[2]})
			do(d, d.Ruben, "move_card", with{"card": d.Cards[12], "column": d.Columns[2]})
			do(d, d.Iris, "move_card", with{"card": d.Cards[12], "column": d.Columns[0]})
			return d.Ruben, &place
		}},
		{"one step at a time", func(d *casetest.Demo) (casework.UserID, *view.Undo) {
			was := d.State.Cards[d.Cards[2]].Title.Body
			retitle(d, 2, "Eén")
			retitle(d, 2, "Twee")
			list := d.State.Undo[d.Iris]
			do(d, d.Iris, "undo", with{"command": list[len(list)-1].Command})
			return d.Iris, &view.Undo{Card: d.Cards[2], What: "card_retitled", Title: was}
		}},
		{"nothing from before the readers changed", func(d *casetest.Demo) (casework.UserID, *view.Undo) {
			retitle(d, 2, "Anders")
			do(d, d.Iris, "shield_card", with{"card": d.Cards[2], "class": "confidential"})
			return d.Iris, nil
		}},
		{"nothing of another's change", func(d *casetest.Demo) (casework.UserID, *view.Undo) {
			retitle(d, 2, "Anders")
			return d.Hanneke, nil
		}},
	} {
		t.Run(story.sentence, func(t *testing.T) {
			d := *begin
			user, want := story.tell(&d)
			reader, ok := d.Reader(user)
			if !ok {
				t.Fatal("not at the table")
			}
			got := view.Project(d.State, d.Access, reader, d.At).Undo
			if got != nil {
				got.Command = ""
			}
			if (got == nil) != (want == nil) || got != nil && *got != *want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}
