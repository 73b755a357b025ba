package view

import (
	"fmt"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// Line is one thing that was done with a card: by whom and when, never in which
// words but for the name of a version.
type Line struct {
	At     time.Time         `json:"at"`
	User   casework.UserID   `json:"user"`
	What   string            `json:"what"`
	Column casework.ColumnID `json:"col,omitempty"` // to which it was moved, if that is there still
	// Version of the text: that from before a stretch of writing, or the one that
	// was given the Name.
	Version casework.TextID `json:"version,omitempty"`
	Name    string          `json:"name,omitempty"`
}

// maxLines is how far back a history goes.
const maxLines = 200

// History tells what was done with a card, oldest first, as far as the reader
// may know: a past state is readable only if class, perspective and person were
// readable then and are now, with the eyes of today. Nothing of another era is
// told: with every change of who may read, a new history begins. That a card
// was written and put on the table stands on the card itself. Links and moves
// within a column are left out, as they would tell of other cards. Steps of writing
// are no lines of their own: a stretch is one, with the version that was there
// before it. Events are those of the case from the first up to the moment. It is nil
// for a card that the reader does not see.
func History(events []casework.Event, id casework.CardID, now Moment, r casework.Reader) ([]Line, error) {
	card := now.State.Cards[id]
	if card == nil || !seesCard(r, now.State, card) {
		return nil, nil
	}
	lines := []Line{{At: card.At, User: card.Author.User, What: "drafted"}}
	if !card.Draft() {
		lines = append(lines, Line{At: card.Tabled, User: card.Author.User, What: "tabled"})
	}
	own := len(lines)
	state, from := casework.NewState(now.State.ID), 0
	for i, e := range events {
		if e.Seq > now.State.Seq {
			break
		}
		what := done(e.Change, id)
		if what == "" {
			continue
		}
		before, err := state.Apply(events[from:i]...)
		if err != nil {
			return nil, fmt.Errorf("history of a card: %w", err)
		}
		if state, err = before.Apply(e); err != nil {
			return nil, fmt.Errorf("history of a card: %w", err)
		}
		from = i + 1
		if e, erases := e.Change.(*casework.TextsErased); erases && e.Card == id {
			forgetVersions(lines)
		}
		was, is := before.Cards[id], state.Cards[id]
		if was == nil || is == nil || is.Era != card.Era || !seesCard(r, before, was) || !seesCard(r, state, is) {
			continue
		}
		if line, ok := lineOf(e, what, was, is, now.State); ok {
			lines = append(lines, line)
		}
	}
	if over := len(lines) - maxLines; over > 0 {
		lines = append(lines[:own], lines[own+over:]...)
	}
	return lines, nil
}

// lineOf leaves out what did not change anything about the card itself.
func lineOf(e casework.Event, what string, was, is *casework.Card, now *casework.State) (Line, bool) {
	line := Line{At: e.At, User: e.Actor, What: what}
	switch c := e.Change.(type) {
	case *casework.CardMoved, *casework.ColumnRemoved:
		if was.Column == is.Column {
			return line, false
		}
		if now.Column(is.Column) != nil {
			line.Column = is.Column
		}
	case *casework.PersonReclassed:
		return line, was.Era != is.Era // else it is about somebody else
	case *casework.NoteBegun:
		line.Version = c.Was.ID
	case *casework.NoteNamed:
		line.Version, line.Name = c.Text.ID, c.Name.Body
	}
	return line, true
}

// forgetVersions takes out of what was done before an erasing which texts there
// were: they are gone.
func forgetVersions(lines []Line) {
	for i := range lines {
		lines[i].Version, lines[i].Name = "", ""
	}
}

// TellsOf tells whether one of the lines names a version of the text.
func TellsOf(lines []Line, version casework.TextID) bool {
	return version != "" && slices.ContainsFunc(lines, func(l Line) bool { return l.Version == version })
}

// Unread gives the version of a card's text from before all that others wrote
// since a member looked last; none if they did not, or that is not known. A stretch
// may have begun before that look and gone on after it, so it is rather too much
// than too little.
func Unread(lines []Line, seen Look, looked time.Time, now *casework.Card, user casework.UserID) casework.TextID {
	if mark, known := seen[now.ID]; !known || mark == markOf(now) {
		return ""
	}
	for _, l := range lines {
		if l.What == "edited" && l.Version != "" && l.User != user && l.At.After(looked.Add(-casework.StretchMost)) {
			return l.Version
		}
	}
	return ""
}

// done names what a change does with the card, as far as a history tells it; it
// is empty for all else.
func done(c casework.Change, id casework.CardID) string {
	var of casework.CardID
	var what string
	switch c := c.(type) {
	case *casework.CardRetitled:
		of, what = c.Card, "retitled"
	case *casework.CardEdited:
		of, what = c.Card, "edited"
	case *casework.NoteBegun:
		of, what = c.Card, "edited"
	case *casework.NoteNamed:
		of, what = c.Card, "named"
	case *casework.CardLabelled:
		of, what = c.Card, "labelled"
	case *casework.CardMoved:
		of, what = c.Card, "moved"
	case *casework.CardArchived:
		of, what = c.Card, "archived"
	case *casework.CardRestored:
		of, what = c.Card, "restored"
	case *casework.CardReclassed:
		of, what = c.Card, "reclassed"
	case *casework.CardReperspectived:
		of, what = c.Card, "reperspectived"
	case *casework.CardConfirmed:
		of, what = c.Card, "confirmed"
	case *casework.CardDeclined:
		of, what = c.Card, "declined"
	case *casework.CardWithdrawn:
		of, what = c.Card, "withdrawn"
	case *casework.TextsErased:
		of, what = c.Card, "erased"
	case *casework.PersonReclassed:
		return "person_reclassed"
	case *casework.ColumnRemoved:
		return "moved"
	}
	if of != id {
		return ""
	}
	return what
}
