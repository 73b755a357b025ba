package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/note"
	"github.com/casustafel/casustafel/internal/view"
)

// now is the case as a room would show it to somebody.
func (c conference) now(t *testing.T, name string) (view.Moment, casework.Reader) {
	t.Helper()
	entry, err := c.Enter(t.Context(), c.actor(name), c.id, view.Eyes{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return view.Moment{State: c.state(t, c.id), Access: entry.Access, At: c.clock.Now()}, entry.Reader
}

func (c conference) writes(t *testing.T, name string, card casework.CardID, body string) {
	t.Helper()
	was := c.state(t, c.id).Cards[card].Text
	c.made(t, name, "write_note", with{"card": card, "base": was.ID, "changes": note.Between(was.Body, body)})
}

// A version comes only to whom its line is told, and is on the record whether or
// not it does: without a record nothing comes out.
func TestVersionIsOnTheRecord(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	card := c.card(t, "iris", "Notitie", with{"text": "Eerst."})
	c.writes(t, "iris", card, "Eerst. Dan.")
	c.made(t, "iris", "name_version", with{"card": card, "name": "Voor het besluit"})
	now, reader := c.now(t, "iris")
	actor := c.actor("iris")
	events, err := c.History(t.Context(), actor, c.id, reader, card, now.State.Seq)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := view.History(events, card, now, reader)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, l := range lines[2:] {
		body, err := c.Version(t.Context(), actor, reader, card, l.Version, now)
		if err != nil {
			t.Fatal(err)
		}
		told = append(told, l.What, l.Name, body)
	}
	if got := strings.Join(told, "|"); got != "edited||Eerst.|named|Voor het besluit|Eerst. Dan." {
		t.Errorf("told are %s", got)
	}
	if got := c.line(t, `event = 'version'`); !strings.Contains(got, "|card|"+string(card)+"|") || !strings.HasPrefix(got, "version|R|done|"+string(actor.User)) {
		t.Errorf("on the record: %s", got)
	}
	// Before the version was, it was not.
	early := now
	early.State = casework.NewState(c.id)
	if early.State, err = early.State.Apply(events[:now.State.Seq-1]...); err != nil {
		t.Fatal(err)
	}
	if body, err := c.Version(t.Context(), actor, reader, card, lines[3].Version, early); casework.KindOf(err) != casework.NotFound {
		t.Errorf("told is %q, %v", body, err)
	}
	c.exec(t, `REVOKE INSERT ON record FROM casustafel_committer`)
	if body, err := c.Version(t.Context(), actor, reader, card, lines[2].Version, now); err == nil || body != "" {
		t.Errorf("without a record %q comes out, %v", body, err)
	}
}

// What others wrote since somebody looked last begins with the version before it.
func TestUnreadSinceTheLastLook(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	card := c.card(t, "iris", "Notitie", with{"text": "Eerst."})
	unread := func(name string) string {
		look, at, err := c.LastLook(t.Context(), c.users[name], c.id)
		if err != nil {
			t.Fatal(err)
		}
		now, reader := c.now(t, name)
		events, err := c.History(t.Context(), c.actor(name), c.id, reader, card, now.State.Seq)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := view.History(events, card, now, reader)
		if err != nil {
			t.Fatal(err)
		}
		version := view.Unread(lines, look, at, now.State.Cards[card], reader.User)
		if version == "" {
			return "nothing"
		}
		body, err := c.Version(t.Context(), c.actor(name), reader, card, version, now)
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	if got := unread("hanneke"); got != "nothing" {
		t.Errorf("who never looked has %q unread", got)
	}
	c.writes(t, "iris", card, "Eerst. Dan.")
	c.clock.turn(time.Hour)
	for _, name := range []string{"iris", "hanneke"} {
		c.look(t, name, c.id)
	}
	if got := unread("hanneke"); got != "nothing" {
		t.Errorf("who looked has %q unread", got)
	}
	c.clock.turn(time.Hour)
	c.writes(t, "iris", card, "Eerst. Dan. En nu.")
	c.clock.turn(time.Hour)
	c.writes(t, "iris", card, "Eerst. Dan. En nu. Nog iets.")
	if got := unread("hanneke"); got != "Eerst. Dan." {
		t.Errorf("after two stretches of another %q is unread", got)
	}
	if got := unread("iris"); got != "nothing" {
		t.Errorf("of what she wrote herself Iris has %q unread", got)
	}
}
