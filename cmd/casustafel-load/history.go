package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// desk gives commands in one case.
type desk struct {
	app *app.App
	id  casework.CaseID
}

func (d desk) actor(s app.Session) audit.Actor {
	return audit.Actor{User: s.Account.ID, Door: "load"}
}

func (d desk) do(ctx context.Context, s app.Session, name string, with map[string]any) (made string, err error) {
	body, err := json.Marshal(with)
	if err != nil {
		return "", fmt.Errorf("write a command: %w", err)
	}
	answer := d.app.Do(ctx, d.actor(s), d.id, casework.NewID[casework.CommandID](rand.Reader), name, body)
	if answer.Refusal != nil {
		return "", fmt.Errorf("%s: %w", name, errors.Join(answer.Refusal, errors.New(answer.Why)))
	}
	return answer.Made, nil
}

// historyCards is on how many cards a long history happens.
const historyCards = 100

// addHistory lets the chair of a case work until it has so many events: cards
// are put on the table, then retitled and moved over and over.
func (m *worldMaker) addHistory(seats []seat, events int64) error {
	desk, chair := desk{m.app, casework.CaseID(seats[0].room)}, m.users[len(roles)-1].session
	commit, err := m.app.CatchUp(m.ctx, casework.NewState(desk.id))
	if err != nil {
		return fmt.Errorf("read a case: %w", err)
	}
	columns := commit.State.Columns
	cards := make([]casework.CardID, historyCards)
	err = inParallel(historyCards, historyCards, func(i int) error {
		made, err := desk.do(m.ctx, chair, "draft_card", map[string]any{"column": columns[i%len(columns)].ID, "title": "Kaart in een lang verhaal",
			"text": "Zag het zelf, in de opvang.", "class": casework.Shared, "kind": casework.Fact})
		if err != nil {
			return err
		}
		cards[i] = casework.CardID(made)
		_, err = desk.do(m.ctx, chair, "table_card", map[string]any{"card": made})
		return err
	})
	for wave := 0; err == nil && commit.State.Seq < events; wave++ {
		if commit, err = m.app.CatchUp(m.ctx, commit.State); err != nil {
			break
		}
		err = inParallel(historyCards, historyCards, func(i int) error {
			card := commit.State.Cards[cards[i]]
			name, with := "retitle_card", map[string]any{"card": card.ID, "title": fmt.Sprintf("Kaart in een lang verhaal, deel %d", wave), "base": card.Title.ID}
			if wave%2 == 1 {
				name, with = "move_card", map[string]any{"card": card.ID, "column": columns[(i+wave)%len(columns)].ID}
			}
			_, err := desk.do(m.ctx, chair, name, with)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("make a long history: %w", err)
	}
	return nil
}

// addNote lets the chair of a case put a card on the table whose text everybody may
// change.
func (m *worldMaker) addNote(seats []seat, text string) (casework.CardID, error) {
	desk, chair := desk{m.app, casework.CaseID(seats[0].room)}, m.users[len(roles)-1].session
	commit, err := m.app.CatchUp(m.ctx, casework.NewState(desk.id))
	if err != nil {
		return "", fmt.Errorf("read a case: %w", err)
	}
	made, err := desk.do(m.ctx, chair, "draft_card", map[string]any{"column": commit.State.Columns[0].ID, "title": "Samen geschreven", "text": text,
		"class": casework.Shared, "kind": casework.Fact})
	if err == nil {
		_, err = desk.do(m.ctx, chair, "table_card", map[string]any{"card": made})
	}
	return casework.CardID(made), err
}

// The note of a long writing: so many signs, of which some are replaced at a time,
// each so far from the next.
const (
	noteSigns   = 8000
	signsAtOnce = 32
	signsApart  = noteSigns / signsAtOnce
)

// addWriting lets the table of a case write until its note was changed so often.
func (m *worldMaker) addWriting(seats []seat, changes int64) error {
	card, err := m.addNote(seats, strings.Repeat("a", noteSigns))
	if err != nil {
		return err
	}
	desk := desk{m.app, casework.CaseID(seats[0].room)}
	commit, err := m.app.CatchUp(m.ctx, casework.NewState(desk.id))
	if err != nil {
		return fmt.Errorf("read a case: %w", err)
	}
	for wave := 0; wave < int(changes+signsAtOnce-1)/signsAtOnce; wave++ {
		base := commit.State.Cards[card].Text.ID
		err := inParallel(signsAtOnce, signsAtOnce, func(i int) error {
			at := i*signsApart + wave%signsApart
			_, err := desk.do(m.ctx, m.users[i%len(roles)].session, "write_note", map[string]any{"card": card, "base": base,
				"changes": []any{at, []any{1, "b"}, noteSigns - at - 1}})
			return err
		})
		if err != nil {
			return fmt.Errorf("write a long note: %w", err)
		}
		if commit, err = m.app.CatchUp(m.ctx, commit.State); err != nil {
			return fmt.Errorf("read what was written: %w", err)
		}
	}
	return nil
}
