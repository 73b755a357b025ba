package app

import (
	"context"
	"encoding/json"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
)

// Filters are by what somebody looks through the access log: kept with the session, so
// that they stand in no address, and forgotten when it ends.
type Filters struct {
	Records  RecordFilter `json:",omitzero"`
	Overview Period       `json:",omitzero"`
}

// FiltersOf are those that were kept under a session.
func (a *App) FiltersOf(ctx context.Context, session Session) (f Filters, err error) {
	kept, err := a.store.RecordFilter(ctx, session.Hash)
	if err == nil && kept != "" {
		err = json.Unmarshal([]byte(kept), &f)
	}
	if err != nil {
		return Filters{}, a.fault("read a filter", err)
	}
	return f, nil
}

// FilterRecords keeps by what somebody who reviews the access log looks at its lines
// from now on; nothing of the log is shown. What RecordsOf refuses is refused here,
// with its record; one that cannot be comes with the people alone.
func (a *App) FilterRecords(ctx context.Context, session Session, filter RecordFilter) (Records, error) {
	var page Records
	err := a.keepFilter(ctx, session, "view_records", func(tx *store.Tx, by identity.Account, kept *Filters) error {
		users, err := tx.UsersOf(ctx, by.Organisation)
		if err != nil {
			return err
		}
		page.People, kept.Records = users, filter
		_, err = a.reviewBy(ctx, tx, by, users, filter)
		return err
	})
	if err != nil && casework.KindOf(err) != casework.Invalid {
		return Records{}, err
	}
	return page, err
}

// ShowOverview keeps of which period somebody sees the overview from now on, as
// FilterRecords does.
func (a *App) ShowOverview(ctx context.Context, session Session, period Period) error {
	return a.keepFilter(ctx, session, "view_overview", func(_ *store.Tx, by identity.Account, kept *Filters) error {
		_, _, err := a.tallying(by, nil, period)
		kept.Overview = period
		return err
	})
}

// keepFilter changes what is kept under a session of somebody who reviews, under
// rights that are held. That a filter was kept shows nothing and is on no record.
func (a *App) keepFilter(ctx context.Context, session Session, event audit.Event, change func(*store.Tx, identity.Account, *Filters) error) error {
	kept, err := a.FiltersOf(ctx, session)
	if err != nil {
		return err
	}
	err = a.reviewing(ctx, session, func(tx *store.Tx, by identity.Account, _ *policy.Policy, _ string) error {
		if err := change(tx, by, &kept); err != nil {
			return err
		}
		text := ""
		if kept != (Filters{}) {
			all, err := json.Marshal(kept)
			if err != nil {
				return err
			}
			text = string(all)
		}
		return tx.KeepRecordFilter(ctx, session.Hash, text, a.moment())
	})
	if err != nil {
		return a.notReviewed(ctx, session, a.outsideRecord(ctx, session.Account, event, audit.Read), err)
	}
	return nil
}

// recordPlace is the purpose of tokens that say where in the access log one is. They
// stand in addresses, which tell nobody of when something happened.
const recordPlace = "record_place"

// SealRecordPlace makes of a place of Records what can stand in an address.
func (a *App) SealRecordPlace(place string) string {
	if place == "" {
		return ""
	}
	return a.store.Tokens(recordPlace).Seal(place)
}

// OpenRecordPlace reads it; false when it is none of ours.
func (a *App) OpenRecordPlace(sealed string) (place string, ok bool) {
	if sealed == "" {
		return "", true
	}
	return a.store.Tokens(recordPlace).Open(sealed)
}
