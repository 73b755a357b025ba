package app

import (
	"context"
	"strconv"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
)

// Bounds of the periods, in years. The log is kept five years at least (NEN 7513).
const (
	MinCaseYears, MaxCaseYears = 1, 50
	MinLogYears, MaxLogYears   = audit.KeptYears, 50
)

// RetentionRules are how long an organisation keeps what is its own.
type RetentionRules = store.RetentionRules

// RetentionSettings are how long an organisation keeps what is its own, and for how many
// closed cases that holds now.
type RetentionSettings struct {
	RetentionRules
	Closed int // cases that are closed now
	Over   int // of them: those whose period is over
	// The own log's oldest lines are those of before OldUntil. They go at LogGoes at the
	// earliest: a month stays while others keep lines in it, which is not told here.
	OldUntil, LogGoes time.Time // zero: there are no lines
}

// RetentionSettingsOf reads those of the user's organisation, for who sets them: whoever
// manages its users.
func (a *App) RetentionSettingsOf(ctx context.Context, session Session) (settings RetentionSettings, err error) {
	d := userDeed{event: "view_retention_rules", action: audit.Read, kind: "organisation", object: string(session.Account.Organisation)}
	err = a.manage(ctx, session, d, func(tx *store.Tx, by identity.Account) error {
		settings = RetentionSettings{}
		if settings.RetentionRules, err = tx.RetentionRules(ctx, by.Organisation); err != nil {
			return err
		}
		closed, err := tx.ClosedCases(ctx, by.Organisation)
		if err != nil {
			return err
		}
		never, err := a.ExcludedFrom(ctx, tx, by)
		if err != nil {
			return err
		}
		for _, c := range withoutCases(closed, never) {
			settings.Closed++
			if !c.Until.After(a.moment()) {
				settings.Over++
			}
		}
		oldest, err := tx.OldestLine(ctx, by.Organisation, never)
		if err == nil && !oldest.IsZero() {
			settings.OldUntil = time.Date(oldest.Year(), oldest.Month()+1, 1, 0, 0, 0, 0, time.UTC)
			settings.LogGoes = settings.OldUntil.AddDate(settings.LogYears, 0, 0)
		}
		return err
	})
	return settings, err
}

// SetRetentionRules replaces them. They hold for cases that are closed already and lines
// that stand there already too. Who makes a period shorter has shown a second factor just
// now (ErrNotProven): it lets go of what was to be kept.
func (a *App) SetRetentionRules(ctx context.Context, session Session, rules RetentionRules) error {
	d := userDeed{event: "retention_rules", action: audit.Update, kind: "organisation", object: string(session.Account.Organisation),
		detail: map[string]string{"case_years": strconv.Itoa(rules.CaseYears), "log_years": strconv.Itoa(rules.LogYears)}}
	return a.manage(ctx, session, d, func(tx *store.Tx, by identity.Account) error {
		if rules.CaseYears < MinCaseYears || rules.CaseYears > MaxCaseYears {
			return casework.Refuse(casework.Invalid, "bad_case_years")
		}
		if rules.LogYears < MinLogYears || rules.LogYears > MaxLogYears {
			return casework.Refuse(casework.Invalid, "bad_log_years")
		}
		now, err := tx.RetentionRules(ctx, by.Organisation)
		if err != nil {
			return err
		}
		if (rules.CaseYears < now.CaseYears || rules.LogYears < now.LogYears) && !a.Proven(session) {
			return ErrNotProven
		}
		return tx.SetRetentionRules(ctx, by.Organisation, rules)
	})
}

// withoutCases leaves out those that somebody must never come near.
func withoutCases(list []store.ClosedCase, never []casework.CaseID) (rest []store.ClosedCase) {
	apart := make(map[casework.CaseID]bool, len(never))
	for _, id := range never {
		apart[id] = true
	}
	for _, c := range list {
		if !apart[c.ID] {
			rest = append(rest, c)
		}
	}
	return rest
}
