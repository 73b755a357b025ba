package app

import (
	"context"
	"strconv"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
)

// Bounds of the limits of alarms: nobody can turn one off.
const (
	MinAlarmRefusals, MaxAlarmRefusals = 3, 50
	MinAlarmCases, MaxAlarmCases       = 5, 200
	MinAlarmAfterEnd, MaxAlarmAfterEnd = 1, 20

	MinAlarmCheckpoint, MaxAlarmCheckpoint = 2, 60 // minutes
)

// AlarmLimitsOf reads from where on the user's organisation wants to be told, for who
// sets it: whoever manages its users.
func (a *App) AlarmLimitsOf(ctx context.Context, session Session) (limits audit.Limits, err error) {
	d := userDeed{event: "view_alarm_limits", action: audit.Read, kind: "organisation", object: string(session.Account.Organisation)}
	err = a.manage(ctx, session, d, func(tx *store.Tx, by identity.Account) (err error) {
		limits, err = tx.AlarmLimits(ctx, by.Organisation)
		return err
	})
	return limits, err
}

// SetAlarmLimits replaces them, for what is found from now on.
func (a *App) SetAlarmLimits(ctx context.Context, session Session, l audit.Limits) error {
	d := userDeed{event: "alarm_limits", action: audit.Update, kind: "organisation", object: string(session.Account.Organisation),
		detail: map[string]string{"refusals": strconv.Itoa(l.Refusals), "cases": strconv.Itoa(l.Cases), "after_end": strconv.Itoa(l.AfterEnd), "checkpoint": strconv.Itoa(l.Checkpoint)}}
	return a.manage(ctx, session, d, func(tx *store.Tx, by identity.Account) error {
		switch {
		case l.Refusals < MinAlarmRefusals || l.Refusals > MaxAlarmRefusals:
			return casework.Refuse(casework.Invalid, "bad_alarm_refusals")
		case l.Cases < MinAlarmCases || l.Cases > MaxAlarmCases:
			return casework.Refuse(casework.Invalid, "bad_alarm_cases")
		case l.AfterEnd < MinAlarmAfterEnd || l.AfterEnd > MaxAlarmAfterEnd:
			return casework.Refuse(casework.Invalid, "bad_alarm_after_end")
		case l.Checkpoint < MinAlarmCheckpoint || l.Checkpoint > MaxAlarmCheckpoint:
			return casework.Refuse(casework.Invalid, "bad_alarm_checkpoint")
		}
		return tx.SetAlarmLimits(ctx, by.Organisation, l)
	})
}
