package app

import (
	"context"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// History reads the events of a case up to a seq, without any text, for somebody
// who sees the card and asks what was done with it. It is a look at the past:
// without a record of it nothing comes out. That is durable before the reading,
// which takes long and holds nothing up.
func (a *App) History(ctx context.Context, actor audit.Actor, id casework.CaseID, reader casework.Reader, card casework.CardID, until int64) ([]casework.Event, error) {
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		record, err := a.stayRecord(ctx, tx, actor, id, reader, "history")
		if err != nil {
			return err
		}
		record.ObjectKind, record.Object = "card", string(card)
		return tx.Record(ctx, record)
	})
	if err != nil {
		return nil, a.fault("record a look at the past", err)
	}
	events, err := a.store.EventsUntil(ctx, a.store.Reader(), id, until)
	if err != nil {
		return nil, a.fault("read the history of a card", err)
	}
	return events, nil
}
