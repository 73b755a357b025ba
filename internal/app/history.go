package app

import (
	"context"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// History reads the events of a case up to a seq, without any text but the names
// that versions of the card's text were given, for somebody who sees the card and
// asks what was done with it. It is a look at the past: without a record of it
// nothing comes out. That is durable before the reading, which takes long and holds
// nothing up.
func (a *App) History(ctx context.Context, actor audit.Actor, id casework.CaseID, reader casework.Reader, card casework.CardID, until int64) ([]casework.Event, error) {
	if err := a.recordLookBack(ctx, actor, id, reader, card, "history", ""); err != nil {
		return nil, err
	}
	return a.eventsOf(ctx, id, card, until)
}

// Version gives the text of a version that a line of the card's history names, as
// that history is told to its reader at this moment; any other is absent. It is a
// look at the past as well, on the record as what came of it.
func (a *App) Version(ctx context.Context, actor audit.Actor, reader casework.Reader, card casework.CardID, version casework.TextID, now view.Moment) (string, error) {
	id := now.State.ID
	events, err := a.eventsOf(ctx, id, card, now.State.Seq)
	if err != nil {
		return "", err
	}
	lines, err := view.History(events, card, now, reader)
	if err != nil {
		return "", a.fault("tell the history of a card", err)
	}
	if !view.TellsOf(lines, version) {
		return "", a.RefuseInRoom(ctx, actor, id, reader, "version", casework.Absent())
	}
	text := casework.Text{ID: version}
	if err := a.store.OpenTexts(ctx, a.store.Reader(), id, []*casework.Text{&text}); err != nil {
		return "", a.fault("open a version", err)
	}
	if text.Redacted {
		return "", a.RefuseInRoom(ctx, actor, id, reader, "version", casework.Absent())
	}
	if err := a.recordLookBack(ctx, actor, id, reader, card, "version", version); err != nil {
		return "", err
	}
	return text.Body, nil
}

func (a *App) recordLookBack(ctx context.Context, actor audit.Actor, id casework.CaseID, reader casework.Reader, card casework.CardID, event audit.Event, version casework.TextID) error {
	return a.lookBackOnRecord(ctx, actor, id, reader, event, func(record *audit.Record) {
		record.ObjectKind, record.Object = "card", string(card)
		if version != "" {
			record.Detail["version"] = string(version)
		}
	})
}

// RefuseInRoom puts it on the record that somebody in the room of a case was refused a
// look at the past, or a command through the eyes of others, and gives what is told of
// it. The record shows no object: it may be one that is hidden.
func (a *App) RefuseInRoom(ctx context.Context, actor audit.Actor, id casework.CaseID, reader casework.Reader, event audit.Event, refusal *casework.Error) error {
	err := a.lookBackOnRecord(ctx, actor, id, reader, event, func(record *audit.Record) {
		record.Outcome, record.ObjectKind, record.Object, record.Version = audit.Refused, "", "", ""
		record.Detail["reason"] = refusal.Reason
		if event == "command" {
			record.Action = audit.Update
		}
	})
	if err != nil {
		return err
	}
	return refusal
}

func (a *App) lookBackOnRecord(ctx context.Context, actor audit.Actor, id casework.CaseID, reader casework.Reader, event audit.Event, tell func(*audit.Record)) error {
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		record, err := a.stayRecord(ctx, tx, actor, id, reader, event)
		if err != nil {
			return err
		}
		tell(&record)
		return tx.Record(ctx, record)
	})
	if err != nil {
		return a.fault("record a look at the past", err)
	}
	return nil
}

// eventsOf reads events, and opens the names of the card's versions in them.
func (a *App) eventsOf(ctx context.Context, id casework.CaseID, card casework.CardID, until int64) ([]casework.Event, error) {
	events, err := a.store.EventsUntil(ctx, a.store.Reader(), id, until)
	if err != nil {
		return nil, a.fault("read the history of a card", err)
	}
	var names []*casework.Text
	for _, e := range events {
		if named, ok := e.Change.(*casework.NoteNamed); ok && named.Card == card {
			names = append(names, &named.Name)
		}
	}
	if err := a.store.OpenTexts(ctx, a.store.Reader(), id, names); err != nil {
		return nil, a.fault("open the names of versions", err)
	}
	return events, nil
}
