package app

import (
	"context"
	"slices"
	"strconv"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

// newRecord begins a line of the access log. What follows from the rest of it is
// filled in when it is written (audit.Record.Complete).
func (a *App) newRecord(actor audit.Actor, event audit.Event, action audit.Action, outcome audit.Outcome) audit.Record {
	return audit.Record{ID: casework.NewID[string](a.random), At: a.moment(), Event: event, Action: action, Outcome: outcome,
		Checks: slices.Clone(actor.Checks), User: actor.User, Role: casework.NoRole, AccessPoint: a.node + "/" + actor.Door, Source: a.source,
		Policy: a.Rules().Version(), Request: actor.Request}
}

// onPage is somebody (empty: nobody who is known) at the door of the pages.
func (a *App) onPage(ctx context.Context, user casework.UserID) audit.Actor {
	actor := audit.Actor{User: user, Door: "web", Request: RequestIn(ctx)}
	if s, ok := SessionIn(ctx); ok && s.Account.ID == user {
		actor.Checks = a.Checks(s)
	}
	return actor
}

// Checks are what was looked at of somebody who is signed in.
func (a *App) Checks(s Session) []audit.Check {
	checks := []audit.Check{audit.BySession}
	if !s.Second.IsZero() {
		checks = append(checks, audit.ByFactor)
	}
	if a.Proven(s) && !s.Second.IsZero() {
		checks = append(checks, audit.ByStepUp)
	}
	return checks
}

// checkOf is what opens a door that is passed in this way, or closes it for this
// reason.
func checkOf(way string) audit.Check {
	switch way {
	case "password", wrongPassword, unknownLogin, throttled, deactivated, noPassword:
		return audit.ByPassword
	case "link", "invitation", spentLink:
		return audit.ByToken
	case string(identity.Passkey), string(identity.TOTP), string(identity.Recovery), wrongPasskey:
		return audit.ByFactor
	}
	return audit.BySession
}

// versionOf names a case as it stands.
func versionOf(state *casework.State) string { return strconv.FormatInt(state.Head(), 10) }

// versionOfObject names an object of a case as it stands: a card by its text.
func versionOfObject(state *casework.State, kind, object string) string {
	switch kind {
	case "case":
		return versionOf(state)
	case "card":
		if card := state.Cards[casework.CardID(object)]; card != nil {
			return string(card.Text.ID)
		}
	}
	return ""
}
