package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/gorilla/websocket"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/room"
	"github.com/casustafel/casustafel/internal/view"
)

// tableSpeaker speaks the live protocol with Casustafel, signed in as a member
// of the case. Asking and hearing never meet: the next is asked after the answer.
type tableSpeaker struct {
	address string
	seat    seat
	person  casework.PersonID // from whom my cards speak
	columns [2]casework.ColumnID
	cards   [streams]ownCard
	made    casework.CardID // the draft that waits to be put on the table
	size    int             // bytes of hello
}

// ownCard is the card that a stream's edits change now.
type ownCard struct {
	id   casework.CardID
	base casework.TextID // of its title
	in   int             // its column
}

func (t *tableSpeaker) selective() bool { return true }

// join opens the board. What it needs to write later is in the whole state.
func (t *tableSpeaker) join(ctx context.Context) (*websocket.Conn, error) {
	header := http.Header{"Origin": {t.address}, "Cookie": {"__Host-casustafel=" + t.seat.session}}
	conn, err := dial(ctx, t.address, "/live", header, room.Subprotocol)
	if err != nil {
		return nil, err
	}
	if err := t.sitDown(conn); err != nil {
		return nil, errors.Join(fmt.Errorf("join: %w", err), conn.Close())
	}
	return conn, nil
}

func (t *tableSpeaker) sitDown(conn *websocket.Conn) error {
	if err := conn.WriteJSON(map[string]string{"t": "join", "case": t.seat.room}); err != nil {
		return err
	}
	var hello struct {
		Type  string           `json:"t"`
		Whole *view.Projection `json:"whole"`
	}
	for hello.Type != "hello" {
		_, frame, err := conn.ReadMessage()
		if err != nil {
			return err
		}
		if err := json.Unmarshal(frame, &hello); err != nil {
			return err
		}
		t.size = len(frame)
	}
	if hello.Whole == nil || len(hello.Whole.Columns) < len(t.columns) {
		return errors.New("the board has too few columns to move cards")
	}
	for i := range t.columns {
		t.columns[i] = hello.Whole.Columns[i].ID
	}
	for _, p := range hello.Whole.Family {
		if p.Kind == about[t.seat.role] {
			t.person = p.ID
		}
	}
	return nil
}

func (t *tableSpeaker) ask(e edit) (frame []byte, prepares bool, err error) {
	card := &t.cards[e.stream]
	if e.deed() == newCard && t.made == "" {
		class := casework.Shared
		if e.stream == confidential {
			class = casework.Confidential
		}
		frame, err := command("draft_card", map[string]any{"column": t.columns[0], "title": e.title(), "text": "Zag het zelf, in de opvang.",
			"person": t.person, "class": class, "kind": casework.Fact})
		return frame, true, err
	}
	switch e.deed() {
	case newCard:
		card.id, card.in, t.made = t.made, 0, ""
		frame, err = command("table_card", map[string]any{"card": card.id})
	case moved:
		card.in = 1 - card.in
		frame, err = command("move_card", map[string]any{"card": card.id, "column": t.columns[card.in]})
	default:
		frame, err = command("retitle_card", map[string]any{"card": card.id, "title": e.title(), "base": card.base})
	}
	return frame, false, err
}

func command(name string, with map[string]any) ([]byte, error) {
	id := casework.NewID[casework.CommandID](rand.Reader)
	return json.Marshal(map[string]any{"t": "do", "id": id, "cmd": name, "with": with})
}

var (
	isChange = []byte(`{"t":"change"`)
	isAnswer = []byte(`{"t":"answer"`)
	isError  = []byte(`{"t":"error"`)
	baseMark = []byte(`"base":"`)

	tabledMark = []byte(`"tabled":"`)
)

func (t *tableSpeaker) hear(frame []byte, edited func(author, stream, number int) error) (answered bool, err error) {
	switch {
	case bytes.HasPrefix(frame, isAnswer):
		return true, t.hearAnswer(frame)
	case bytes.HasPrefix(frame, isError):
		return false, fmt.Errorf("refused: %s", frame)
	case !bytes.HasPrefix(frame, isChange):
		return false, nil
	}
	for rest := frame; ; {
		author, stream, number, at, err := nextTitle(rest)
		if err != nil || at < 0 {
			return false, err
		}
		title := rest[at:]
		if author == t.seat.place && stream < streams {
			from := bytes.LastIndex(rest[:at], baseMark)
			if from < 0 {
				return false, errors.New("a title without its base")
			}
			t.cards[stream].base = casework.TextID(rest[from+len(baseMark) : at-len(`",`)])
		}
		rest = title[len(titleStart):]
		if author == t.seat.place && isDraft(rest) {
			continue
		}
		if err := edited(author, stream, number); err != nil {
			return false, err
		}
	}
}

// isDraft tells whether the card whose title was just read is not on the table
// yet. Only its author gets it so; from anybody else it would count twice.
func isDraft(rest []byte) bool {
	if next := bytes.Index(rest, titleStart); next >= 0 {
		rest = rest[:next]
	}
	return !bytes.Contains(rest, tabledMark)
}

func (t *tableSpeaker) hearAnswer(frame []byte) error {
	var answer struct {
		OK   bool            `json:"ok"`
		Made casework.CardID `json:"made"`
	}
	if err := json.Unmarshal(frame, &answer); err != nil {
		return fmt.Errorf("read an answer: %w", err)
	}
	if !answer.OK {
		return fmt.Errorf("refused: %s", frame)
	}
	t.made = answer.Made
	return nil
}
