package board_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
)

// writes lets the user put words at a place of the text that base names, which is
// as body says.
func writes(d *demo, user casework.UserID, card casework.CardID, base casework.TextID, body string, at int, words string) said {
	return d.Do(user, "write_note", with{"card": card, "base": base, "changes": casetest.Writing(body, at, words)})
}

// rewrites lets the user put another text in place of a card's as it is now.
func rewrites(d *demo, user casework.UserID, card casework.CardID, to string) said {
	now := d.State.Cards[card].Text
	return d.Do(user, "write_note", with{"card": card, "base": now.ID, "changes": casetest.Rewriting(now.Body, to)})
}

// ours is a note of the whole table: everybody may write in it.
func ours(d *demo) casework.CardID {
	return d.Draft(d.Hanneke, true, with{"text": "Samen:", "kind": casework.Fact})
}

func body(d *demo, card casework.CardID) string { return d.State.Cards[card].Text.Body }

func TestWriting(t *testing.T) {
	raw := func(d *demo, user casework.UserID, card casework.CardID, changes string) said {
		return d.Do(user, "write_note", with{"card": card, "base": d.State.Cards[card].Text.ID, "changes": json.RawMessage(changes)})
	}
	onOne := func(changes string) func(*demo) said {
		return func(d *demo) said { return raw(d, d.Iris, d.Cards[1], changes) }
	}
	hold(t, []rule{
		{"an author writes", func(d *demo) said { return rewrites(d, d.Iris, d.Cards[1], "Slaapt pas laat") }, "ok"},
		{"somebody who only reads does not", func(d *demo) said { return rewrites(d, d.Daan, d.Cards[1], "x") }, "denied not_allowed edit"},
		{"what is hidden is absent", func(d *demo) said { return rewrites(d, d.Ruben, d.Cards[9], "x") }, "not_found not_found"},
		{"and so is what is not there", func(d *demo) said { return writes(d, d.Iris, absent, "", "", 0, "x") }, "not_found not_found"},
		{"an archived card is not written in", func(d *demo) said {
			d.Do(d.Iris, "archive_card", with{"card": d.Cards[1]})
			return rewrites(d, d.Iris, d.Cards[1], "x")
		}, "conflict note_archived"},
		{"nor one of a closed case", func(d *demo) said {
			d.Do(d.Hanneke, "close_case", nil)
			return rewrites(d, d.Iris, d.Cards[1], "x")
		}, "denied closed edit"},
		{"a draft is edited whole", func(d *demo) said { return rewrites(d, d.Iris, d.Draft(d.Iris, false, nil), "x") }, "conflict still_draft"},
		{"and a card on the table is not", func(d *demo) said {
			return d.Do(d.Iris, "edit_card", with{"card": d.Cards[1], "text": "x", "base": text(d, 1)})
		}, "conflict on_table"},
		{"what asks for an answer first is a draft still", func(d *demo) said {
			card := d.Do(d.Hanneke, "ask_card", with{"column": d.Columns[0], "title": "x", "class": "shared", "kind": "question", "for": d.Daan}).Made
			return rewrites(d, d.Daan, casework.CardID(card), "x")
		}, "conflict asked_first"},
		{"a base that nobody knows", func(d *demo) said { return writes(d, d.Iris, d.Cards[1], absent, "", 0, "x") }, "conflict note_moved_on"},
		{"the base of another card", func(d *demo) said {
			return writes(d, d.Iris, d.Cards[1], d.State.Cards[ours(d)].Text.ID, "Samen:", 0, "x")
		}, "conflict note_moved_on"},
		{"nothing is changed", onOne(`[]`), "ok"},
		{"changes of a longer text", onOne(`[1,[0,"x"]]`), "invalid bad_changes"},
		{"a negative length", onOne(`[-1]`), "invalid bad_changes"},
		{"a fraction", onOne(`[0.5]`), "invalid bad_changes"},
		{"a number that no text has", onOne(`[[0,"x"],1e300]`), "invalid bad_changes"},
		{"lists in lists", onOne(`[[[0]]]`), "invalid bad_changes"},
		{"half a surrogate pair", onOne(`[[0,"\ud83d"]]`), "invalid bad_changes"},
		{"a line break within a line", onOne(`[[0,"a\nb"]]`), "invalid bad_changes"},
		{"ten thousand tiny changes at one place", onOne(`[[0,"x"]` + strings.Repeat(`,[0,"x"]`, 10_000) + `]`), "ok"},
		{"ten thousand places at once", func(d *demo) said {
			rewrites(d, d.Iris, d.Cards[1], strings.Repeat("x", 10_000))
			return raw(d, d.Iris, d.Cards[1], `[`+strings.TrimSuffix(strings.Repeat(`[1,"y"],1,`, 5000), ",")+`]`)
		}, "invalid bad_changes"},
		{"a pair that is split", func(d *demo) said {
			rewrites(d, d.Iris, d.Cards[1], "🦊")
			return raw(d, d.Iris, d.Cards[1], `[1,[0,"x"],1]`)
		}, "invalid bad_changes"},
		{"a whole pair", func(d *demo) said {
			rewrites(d, d.Iris, d.Cards[1], "🦊")
			return raw(d, d.Iris, d.Cards[1], `[2,[0,"x"]]`)
		}, "ok"},
		{"a control character", onOne(`[[0,"a\u0007"]]`), "invalid bad_text"},
		{"a return", onOne(`[[0,"a\r"]]`), "invalid bad_changes"},
		{"a mark that turns the order around", onOne(`[[0,"a\u202eb"]]`), "invalid bad_text"},
		{"a character that was broken on its way", onOne(`[[0,"a\ufffdb"]]`), "invalid bad_text"},
		{"16 KiB", func(d *demo) said { return rewrites(d, d.Iris, d.Cards[1], strings.Repeat("é", board.MaxText/2)) }, "ok"},
		{"and one byte", func(d *demo) said {
			return rewrites(d, d.Iris, d.Cards[1], strings.Repeat("é", board.MaxText/2)+"x")
		}, "invalid text_too_long"},
		{"two who fill it together", func(d *demo) said {
			card := ours(d)
			base := d.State.Cards[card].Text.ID
			writes(d, d.Hanneke, card, base, "Samen:", 6, strings.Repeat("a", board.MaxText/2))
			return writes(d, d.Iris, card, base, "Samen:", 0, strings.Repeat("b", board.MaxText/2))
		}, "invalid text_too_long"},
		{"what was erased is written anew", func(d *demo) said {
			rewrites(d, d.Iris, d.Cards[1], "Kastanjelaan 9")
			d.Do(d.Iris, "redact", with{"card": d.Cards[1]})
			return rewrites(d, d.Iris, d.Cards[1], "Veilig")
		}, "ok"},
		{"but nothing goes on from before it was erased", func(d *demo) said {
			rewrites(d, d.Iris, d.Cards[1], "Kastanjelaan 9")
			base := text(d, 1)
			rewrites(d, d.Iris, d.Cards[1], "Kastanjelaan 91")
			d.Do(d.Iris, "redact", with{"card": d.Cards[1]})
			return writes(d, d.Iris, d.Cards[1], base, "Kastanjelaan 9", 0, "x")
		}, "conflict note_moved_on"},
	})
}

// TestWritingTogether: who comes later goes on from what is there by then.
func TestWritingTogether(t *testing.T) {
	d := zilverlinde(t)
	card := ours(d)
	base := d.State.Cards[card].Text.ID
	for _, w := range []struct {
		user  casework.UserID
		at    int
		words string
	}{{d.Iris, 6, " Iris"}, {d.Daan, 6, " Daan"}, {d.Mirthe, 0, "🦊 "}, {d.Hanneke, 5, " aan tafel"}} {
		if a := writes(d, w.user, card, base, "Samen:", w.at, w.words); !a.OK {
			t.Fatalf("%s is answered %+v", w.words, a)
		}
	}
	if got, want := body(d, card), "🦊 Samen aan tafel: Iris Daan"; got != want {
		t.Errorf("the text is %q, want %q", got, want)
	}
	shielded := d.State.Cards[card].Text.ID
	d.Do(d.Hanneke, "shield_card", with{"card": card, "class": "private"})
	if a := writes(d, d.Hanneke, card, base, "Samen:", 6, "en Hanneke "); !a.OK {
		t.Errorf("late over a shield: %+v", a)
	}
	if a := writes(d, d.Iris, card, shielded, body(d, card), 0, "x"); a.Kind != casework.NotFound {
		t.Errorf("who lost the right is answered %+v", a)
	}
}

// TestStretches: writing leaves a version where a stretch begins, and nothing else
// in the log.
func TestStretches(t *testing.T) {
	d := zilverlinde(t)
	card := ours(d)
	began := func(user casework.UserID) (versions []string) {
		for _, e := range d.Log {
			if begun, ok := e.Change.(*casework.NoteBegun); ok && e.Actor == user {
				versions = append(versions, begun.Was.Body)
			}
		}
		return versions
	}
	pause := func(how time.Duration) { d.At = d.At.Add(how - time.Minute) } // a minute passes by itself
	write := func(user casework.UserID, words string) {
		t.Helper()
		if a := rewrites(d, user, card, body(d, card)+words); !a.OK {
			t.Fatalf("%s is refused: %s", words, a.Reason)
		}
	}
	tell := func(sentence string, user casework.UserID, want ...string) {
		t.Helper()
		if got := began(user); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: versions %q, want %q", sentence, got, want)
		}
	}
	write(d.Iris, "a")
	tell("the first word begins one", d.Iris, "Samen:")
	write(d.Iris, "b")
	write(d.Daan, "c")
	write(d.Iris, "d")
	tell("it goes on while others write", d.Iris, "Samen:")
	tell("who have their own", d.Daan, "Samen:ab")
	pause(casework.StretchPause)
	write(d.Iris, "e")
	tell("a pause ends it", d.Iris, "Samen:", "Samen:abcd")
	for range 5 {
		pause(4 * time.Minute)
		write(d.Iris, "f")
	}
	tell("and so does a quarter of an hour", d.Iris, "Samen:", "Samen:abcd", "Samen:abcdefff")
	d.Do(d.Hanneke, "shield_card", with{"card": card, "class": "confidential"})
	d.Do(d.Hanneke, "share_card", with{"card": card, "class": "shared"})
	write(d.Iris, "g")
	if got := began(d.Iris); len(got) != 4 {
		t.Errorf("another circle of readers ends it: %q", got)
	}
	d.Do(d.Hanneke, "redact", with{"card": card})
	write(d.Iris, "h")
	if got := began(d.Iris); len(got) != 5 || got[4] != "" {
		t.Errorf("erasing ends it and leaves no version: %q", got)
	}
}

func TestNamingVersions(t *testing.T) {
	name := func(d *demo, user casework.UserID, card casework.CardID, name string) said {
		return d.Do(user, "name_version", with{"card": card, "name": name})
	}
	hold(t, []rule{
		{"who may write names what stands there", func(d *demo) said { return name(d, d.Mirthe, ours(d), "Voor het overleg") }, "ok"},
		{"who only reads does not", func(d *demo) said { return name(d, d.Daan, d.Cards[1], "x") }, "denied not_allowed edit"},
		{"what is hidden is absent", func(d *demo) said { return name(d, d.Ruben, d.Cards[9], "x") }, "not_found not_found"},
		{"a name says something", func(d *demo) said { return name(d, d.Mirthe, ours(d), " ") }, "invalid title_empty"},
		{"a draft has no versions", func(d *demo) said { return name(d, d.Iris, d.Draft(d.Iris, false, nil), "x") }, "conflict still_draft"},
		{"nor has what says nothing", func(d *demo) said { return name(d, d.Iris, d.Cards[1], "x") }, "conflict note_empty"},
		{"nor what was erased", func(d *demo) said {
			rewrites(d, d.Iris, d.Cards[1], "Kastanjelaan 9")
			d.Do(d.Iris, "redact", with{"card": d.Cards[1]})
			return name(d, d.Iris, d.Cards[1], "x")
		}, "conflict note_empty"},
		{"nor does an archived card get one", func(d *demo) said {
			card := ours(d)
			d.Do(d.Hanneke, "archive_card", with{"card": card})
			return name(d, d.Hanneke, card, "x")
		}, "conflict note_archived"},
	})
}

// TestUndoOfAnEditOfBefore: a text that was edited whole on the table, before many
// wrote together, is brought back as writing.
func TestUndoOfAnEditOfBefore(t *testing.T) {
	d := zilverlinde(t)
	edit := func(command casework.CommandID, text casework.TextID, body string) {
		state, err := d.State.Apply(casework.Event{Seq: d.State.Seq + 1, Actor: d.Iris, At: d.At, Command: command,
			Change: &casework.CardEdited{Card: d.Cards[1], Text: casework.Text{ID: text, Body: body}}})
		if err != nil {
			t.Fatal(err)
		}
		d.State = state
	}
	edit("EDITEDEDITEDEDIT", "TEXTTEXTTEXTTEXT", "Zoals het was")
	edit("EDITEDAGAINAGAIN", "TEXTAGAINAGAINAG", "Anders")
	if a := d.Do(d.Iris, "undo", with{"command": "EDITEDAGAINAGAIN"}); !a.OK || body(d, d.Cards[1]) != "Zoals het was" {
		t.Errorf("%+v, the text is %q", a, body(d, d.Cards[1]))
	}
	last := d.Log[len(d.Log)-1]
	if _, step := last.Change.(*casework.NoteWritten); !step || last.Ink == 0 {
		t.Errorf("it is %s", last.Change.Type())
	}
	if a := d.Do(d.Iris, "undo", with{"command": "EDITEDAGAINAGAIN"}); a.Reason != "undo_gone" {
		t.Errorf("a second time: %+v", a)
	}
	if a := d.Do(d.Iris, "undo", with{"command": "EDITEDEDITEDEDIT"}); a.Reason != "undo_changed" {
		t.Errorf("the one before, of which the text is another one by now: %+v", a)
	}
}
