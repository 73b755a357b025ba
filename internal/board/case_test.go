package board_test

import (
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
)

func TestCaseAndColumns(t *testing.T) {
	hold(t, []rule{
		{"the chair renames", func(d *demo) said { return d.Do(d.Hanneke, "rename_case", with{"name": "Wilg"}) }, "ok"},
		{"Iris does not rename", func(d *demo) said { return d.Do(d.Iris, "rename_case", with{"name": "Wilg"}) }, "denied not_allowed lead"},
		{"Iris does not close", func(d *demo) said { return d.Do(d.Iris, "close_case", nil) }, "denied not_allowed close"},
		{"an open case does not open", func(d *demo) said { return d.Do(d.Hanneke, "reopen_case", nil) }, "conflict already_open"},
		{"a closed case does not close", func(d *demo) said {
			d.Do(d.Hanneke, "close_case", nil)
			return d.Do(d.Hanneke, "close_case", nil)
		}, "conflict already_closed"},
		{"Iris adds a column", func(d *demo) said { return d.Do(d.Iris, "add_column", with{"title": "Nieuw", "after": d.Columns[0]}) }, "ok"},
		{"after a column that vanished", func(d *demo) said { return d.Do(d.Iris, "add_column", with{"title": "Nieuw", "after": absent}) }, "not_found column_gone"},
		{"a column has a title", func(d *demo) said { return d.Do(d.Iris, "add_column", with{"title": ""}) }, "invalid title_empty"},
		{"a vanished column is not renamed", func(d *demo) said { return d.Do(d.Iris, "rename_column", with{"column": absent, "title": "x"}) }, "not_found column_gone"},
		{"nor is it denied to whom may not arrange", func(d *demo) said {
			d.Do(d.Hanneke, "close_case", nil)
			return d.Do(d.Iris, "rename_column", with{"column": absent, "title": "x"})
		}, "not_found column_gone"},
		{"a column begins with the kind of its cards", func(d *demo) said {
			answer := d.Do(d.Iris, "add_column", with{"title": "Zorgen", "kind": "concern"})
			return kindOf(d, casework.ColumnID(answer.Made), answer, "concern")
		}, "ok"},
		{"a column takes another kind", func(d *demo) said {
			return kindOf(d, d.Columns[0], d.Do(d.Iris, "label_column", with{"column": d.Columns[0], "kind": "fact"}), "fact")
		}, "ok"},
		{"or none again", func(d *demo) said {
			d.Do(d.Iris, "label_column", with{"column": d.Columns[0], "kind": "fact"})
			return kindOf(d, d.Columns[0], d.Do(d.Iris, "label_column", with{"column": d.Columns[0]}), "")
		}, "ok"},
		{"the cards in it stay what they are", func(d *demo) said {
			was := *d.State.Cards[d.Cards[1]]
			answer := d.Do(d.Iris, "label_column", with{"column": d.Columns[0], "kind": "fact"})
			if d.State.Cards[d.Cards[1]].Kind != was.Kind {
				return said{Reason: "the card changed"}
			}
			return answer
		}, "ok"},
		{"a kind is one of the kinds", func(d *demo) said {
			return d.Do(d.Iris, "label_column", with{"column": d.Columns[0], "kind": "rumour"})
		}, "invalid bad_kind"},
		{"of a new column too", func(d *demo) said { return d.Do(d.Iris, "add_column", with{"title": "x", "kind": "rumour"}) }, "invalid bad_kind"},
		{"a vanished column takes no kind", func(d *demo) said {
			return d.Do(d.Iris, "label_column", with{"column": absent, "kind": "fact"})
		}, "not_found column_gone"},
		{"a column does not go after itself", func(d *demo) said {
			return d.Do(d.Iris, "move_column", with{"column": d.Columns[0], "after": d.Columns[0]})
		}, "invalid column_same"},
		{"a column moves", func(d *demo) said {
			return d.Do(d.Iris, "move_column", with{"column": d.Columns[0], "after": d.Columns[2]})
		}, "ok"},
		{"a column with cards goes, to another", func(d *demo) said {
			return d.Do(d.Ruben, "remove_column", with{"column": d.Columns[2], "to": d.Columns[0]})
		}, "ok"},
		{"a column does not take its own cards", func(d *demo) said {
			return d.Do(d.Ruben, "remove_column", with{"column": d.Columns[2], "to": d.Columns[2]})
		}, "invalid column_same"},
		{"the taking column vanished", func(d *demo) said { return d.Do(d.Ruben, "remove_column", with{"column": d.Columns[2], "to": absent}) }, "not_found column_gone"},
		{"the last column stays", func(d *demo) said {
			d.Do(d.Ruben, "remove_column", with{"column": d.Columns[2], "to": d.Columns[0]})
			d.Do(d.Ruben, "remove_column", with{"column": d.Columns[1], "to": d.Columns[0]})
			return d.Do(d.Ruben, "remove_column", with{"column": d.Columns[0], "to": d.Columns[0]})
		}, "conflict column_last"},
		{"sixty columns and no more", func(d *demo) said {
			for len(d.State.Columns) < board.MaxColumns {
				d.Do(d.Iris, "add_column", with{"title": "x"})
			}
			return d.Do(d.Iris, "add_column", with{"title": "x"})
		}, "too_many limit_columns"},
		{"limits count what one sees: not the hidden", func(d *demo) said {
			for i := 0; i < board.MaxPersons; i++ {
				addPerson(d, d.Iris, "network", "safety") // Ruben knows of none of them
			}
			return d.Do(d.Ruben, "add_person", with{"name": "x", "kind": "network", "class": "shared"})
		}, "ok"},
		{"sixty persons that one sees and no more", func(d *demo) said {
			for i := 0; i < board.MaxPersons; i++ {
				addPerson(d, d.Iris, "network", "shared")
			}
			return d.Do(d.Ruben, "add_person", with{"name": "x", "kind": "network", "class": "shared"})
		}, "too_many limit_persons"},
		{"the chair erases a column's title", func(d *demo) said { return d.Do(d.Hanneke, "redact", with{"column": d.Columns[0]}) }, "ok"},
		{"the chair erases the name of the case", func(d *demo) said { return d.Do(d.Hanneke, "redact", nil) }, "ok"},
		{"Iris does not erase a column's title", func(d *demo) said { return d.Do(d.Iris, "redact", with{"column": d.Columns[0]}) }, "denied not_allowed redact"},
		{"Daan does not erase a card of Iris", func(d *demo) said { return d.Do(d.Daan, "redact", with{"card": d.Cards[1]}) }, "denied not_allowed redact"},
		{"one thing is erased at a time", func(d *demo) said {
			return d.Do(d.Hanneke, "redact", with{"card": d.Cards[1], "column": d.Columns[0]})
		}, "invalid bad_command"},
	})
}

// kindOf is the answer, as long as the column has the kind after it.
func kindOf(d *demo, column casework.ColumnID, answer said, kind casework.Kind) said {
	if got := d.State.Column(column).Kind; got != kind {
		return said{Reason: "the column has another kind: " + string(got)}
	}
	return answer
}

func TestClosedCase(t *testing.T) {
	closed := func(do func(d *demo) said) func(*demo) said {
		return func(d *demo) said {
			d.Do(d.Hanneke, "close_case", nil)
			return do(d)
		}
	}
	hold(t, []rule{
		{"a card is shielded", closed(func(d *demo) said { return d.Do(d.Iris, "shield_card", with{"card": d.Cards[1], "class": "private"}) }), "ok"},
		{"a card is erased", closed(func(d *demo) said { return d.Do(d.Iris, "redact", with{"card": d.Cards[1]}) }), "ok"},
		{"the case opens again", closed(func(d *demo) said { return d.Do(d.Hanneke, "reopen_case", nil) }), "ok"},
		{"a person is shielded", closed(func(d *demo) said {
			return d.Do(d.Hanneke, "reclass_person", with{"person": d.Ans, "kind": "network", "class": "safety"})
		}), "ok"},
		{"no edit", closed(func(d *demo) said { return d.Do(d.Iris, "edit_card", with{"card": d.Cards[1], "text": "x"}) }), "denied closed edit"},
		{"no move", closed(func(d *demo) said {
			return d.Do(d.Iris, "move_card", with{"card": d.Cards[1], "column": d.Columns[1]})
		}), "denied closed move"},
		{"no archive", closed(func(d *demo) said { return d.Do(d.Iris, "archive_card", with{"card": d.Cards[1]}) }), "denied closed archive"},
		{"no share", closed(func(d *demo) said { return d.Do(d.Daan, "share_card", with{"card": d.Cards[9], "class": "shared"}) }), "denied closed share"},
		{"no draft", closed(func(d *demo) said {
			return d.Do(d.Iris, "draft_card", with{"column": d.Columns[0], "title": "x", "class": "shared", "kind": "question"})
		}), "denied closed ask"},
		{"no other name", closed(func(d *demo) said { return d.Do(d.Hanneke, "rename_case", with{"name": "Wilg"}) }), "denied closed lead"},
		{"no column", closed(func(d *demo) said { return d.Do(d.Iris, "add_column", with{"title": "x"}) }), "denied closed columns"},
		{"no kind of a column", closed(func(d *demo) said {
			return d.Do(d.Iris, "label_column", with{"column": d.Columns[0], "kind": "fact"})
		}), "denied closed columns"},
		{"no person", closed(func(d *demo) said { return d.Do(d.Iris, "remove_person", with{"person": d.Bram}) }), "denied closed persons"},
		{"no other perspective", closed(func(d *demo) said {
			return d.Do(d.Iris, "reperspective_card", with{"card": d.Cards[1], "person": d.Bram})
		}), "denied closed reperspective"},
		{"no other class of a draft", func(d *demo) said {
			card := d.Draft(d.Iris, false, nil)
			d.Do(d.Hanneke, "close_case", nil)
			return d.Do(d.Iris, "shield_card", with{"card": card, "class": "private"})
		}, "denied closed ask"},
		{"no other readers of a draft", func(d *demo) said {
			card := d.Draft(d.Iris, false, with{"class": "named", "named": []casework.UserID{d.Daan}})
			d.Do(d.Hanneke, "close_case", nil)
			return d.Do(d.Iris, "name_readers", with{"card": card, "named": []casework.UserID{d.Mirthe}})
		}, "denied closed ask"},
		{"no draft comes to the table", func(d *demo) said {
			card := d.Draft(d.Iris, false, nil)
			d.Do(d.Hanneke, "close_case", nil)
			return d.Do(d.Iris, "table_card", with{"card": card})
		}, "denied closed ask"},
	})
}

// TestBadInput sends what no page of ours sends.
func TestBadInput(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	hold(t, []rule{
		{"an unknown command", func(d *demo) said { return d.Send(d.Iris, "drop_case", `{}`) }, "invalid bad_command"},
		{"an unknown field", func(d *demo) said { return d.Send(d.Hanneke, "close_case", `{"name":"x"}`) }, "invalid bad_command"},
		{"two values", func(d *demo) said { return d.Send(d.Hanneke, "close_case", `{}{}`) }, "invalid bad_command"},
		{"a brace too many", func(d *demo) said { return d.Send(d.Hanneke, "close_case", `{}}`) }, "invalid bad_command"},
		{"half a value", func(d *demo) said { return d.Send(d.Hanneke, "rename_case", `{"name":"x`) }, "invalid bad_command"},
		{"a number for a name", func(d *demo) said { return d.Send(d.Hanneke, "rename_case", `{"name":7}`) }, "invalid bad_command"},
		{"a list for a command", func(d *demo) said { return d.Send(d.Hanneke, "rename_case", `[]`) }, "invalid bad_command"},
		{"no fields", func(d *demo) said { return d.Send(d.Hanneke, "rename_case", ``) }, "invalid name_empty"},
		{"a title of 10,000 characters", func(d *demo) said {
			return d.Do(d.Iris, "retitle_card", with{"card": d.Cards[1], "title": long, "base": title(d, 1)})
		}, "invalid title_too_long"},
		{"a title of 200 letters of two bytes", func(d *demo) said {
			return d.Do(d.Iris, "retitle_card", with{"card": d.Cards[1], "title": strings.Repeat("é", 200), "base": title(d, 1)})
		}, "ok"},
		{"a column of 10,000 characters", func(d *demo) said { return d.Do(d.Iris, "add_column", with{"title": long}) }, "invalid title_too_long"},
		{"a name of 10,000 characters", func(d *demo) said { return d.Do(d.Hanneke, "rename_case", with{"name": long}) }, "invalid name_too_long"},
		{"a text of 16 KiB and one byte", func(d *demo) said {
			return d.Do(d.Iris, "edit_card", with{"card": d.Draft(d.Iris, false, nil), "text": strings.Repeat("x", board.MaxText+1)})
		}, "invalid text_too_long"},
		{"NUL in a title", func(d *demo) said { return d.Send(d.Hanneke, "rename_case", `{"name":"a\u0000b"}`) }, "invalid bad_text"},
		{"NUL in a text", func(d *demo) said {
			return d.Do(d.Iris, "edit_card", with{"card": d.Draft(d.Iris, false, nil), "text": "a\x00b"})
		}, "invalid bad_text"},
		{"a control character", func(d *demo) said { return d.Send(d.Hanneke, "rename_case", `{"name":"a\u001bb"}`) }, "invalid bad_text"},
		{"a line break in a title", func(d *demo) said { return d.Send(d.Hanneke, "rename_case", `{"name":"a\nb"}`) }, "invalid bad_text"},
		{"line breaks and tabs in a text", func(d *demo) said {
			return d.Do(d.Iris, "edit_card", with{"card": d.Draft(d.Iris, false, nil), "text": "a\r\nb\tc\n"})
		}, "ok"},
		{"half a surrogate pair", func(d *demo) said { return d.Send(d.Hanneke, "rename_case", `{"name":"a\ud800b"}`) }, "invalid bad_text"},
		{"broken UTF-8", func(d *demo) said { return d.Send(d.Hanneke, "rename_case", "{\"name\":\"a\xffb\"}") }, "invalid bad_text"},
		{"no such kind", func(d *demo) said { return d.Do(d.Iris, "label_card", with{"card": d.Cards[1], "kind": "rumour"}) }, "invalid bad_kind"},
		{"no such domain", func(d *demo) said {
			return d.Do(d.Iris, "label_card", with{"card": d.Cards[1], "kind": "fact", "domain": "stars"})
		}, "invalid bad_domain"},
		{"no such place", func(d *demo) said {
			return d.Do(d.Iris, "label_card", with{"card": d.Cards[1], "kind": "fact", "seen": "moon"})
		}, "invalid bad_seen"},
		{"somebody who is not at the table", func(d *demo) said { return d.Send(absent, "rename_case", `{"name":"x"}`) }, "not_found not_found"},
		{"somebody who left it", func(d *demo) said {
			m := d.Member(d.Iris)
			m.Until = d.At
			d.Seat(m)
			return d.Do(d.Iris, "archive_card", with{"card": d.Cards[1]})
		}, "not_found not_found"},
	})
	d := zilverlinde(t)
	draft := d.Draft(d.Iris, false, nil)
	d.Do(d.Iris, "edit_card", with{"card": draft, "text": "a\r\nb \n\n"})
	if got := d.State.Cards[draft].Text.Body; got != "a\nb" {
		t.Errorf("the text is kept as %q", got)
	}
}

// FuzzDecode: no frame makes a command panic, and a refusal quotes nothing of it.
func FuzzDecode(f *testing.F) {
	begin := zilverlinde(f)
	for _, name := range board.Names() {
		f.Add(name, `{"card":"`+string(begin.Cards[1])+`","person":"`+string(begin.Fenna)+`","column":"`+string(begin.Columns[0])+`"}`)
		f.Add(name, `null`)
	}
	f.Fuzz(func(t *testing.T, name, with string) {
		for _, user := range []casework.UserID{begin.Hanneke, begin.Iris, begin.Ruben} {
			d := *begin
			if a := d.Send(user, name, with); !a.OK && (a.Kind == "" || a.Kind == casework.Internal || a.Reason == "") {
				t.Errorf("%s %s: %+v", name, with, a)
			}
		}
	})
}
