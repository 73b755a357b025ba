package app_test

import (
	"errors"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/policies"
)

// A policy that somebody proposes serves once a second person publishes it, who
// saw what it changes; each refusal is on the record.
func TestPolicyNeedsTwo(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	if err := c.PublishPolicy(t.Context(), policies.Model, policies.Lines, app.SourceBuiltin); err != nil {
		t.Fatal(err)
	}
	first, second, chair := c.person(t, "bea", casework.Admin), c.person(t, "bob", casework.Admin), app.Session{Account: c.person(t, "hans", casework.Chair).Account}
	lines := narrower(t)
	refused := func(what string, err error, kind casework.ErrorKind, reason string) {
		t.Helper()
		var told *casework.Error
		if !errors.As(err, &told) || told.Kind != kind || told.Reason != reason {
			t.Errorf("%s: %v, want %s %s", what, err, kind, reason)
		}
	}
	ctx := t.Context()
	refused("a chair proposes", c.ProposePolicy(ctx, chair, lines), casework.NotFound, "not_found")
	refused("a chair proposes what is not sound", c.ProposePolicy(ctx, chair, []byte("x")), casework.NotFound, "not_found")
	_, err := c.PolicyLines(ctx, chair)
	refused("a chair reads the lines to change them", err, casework.NotFound, "not_found")
	_, err = c.WaitingPolicy(ctx, chair)
	refused("a chair looks what waits", err, casework.NotFound, "not_found")
	var fault *policy.Error
	if err := c.ProposePolicy(ctx, first, []byte("p, A-01")); !errors.As(err, &fault) || fault.Line != 1 {
		t.Errorf("what is not sound: %v", err)
	}
	refused("what serves already", c.ProposePolicy(ctx, first, policies.Lines), casework.Conflict, "same_policy")
	refused("far too much", c.ProposePolicy(ctx, first, make([]byte, app.MaxPolicyBytes+1)), casework.Invalid, "policy_too_large")
	if err := c.ProposePolicy(ctx, first, lines); err != nil {
		t.Fatal(err)
	}
	refused("a second proposal", c.ProposePolicy(ctx, second, lines), casework.Conflict, "proposal_waits")

	waiting, err := c.WaitingPolicy(ctx, second)
	if err != nil || waiting == nil || waiting.Own || len(waiting.Shifts) == 0 || waiting.Cases[casework.Chair] != 1 {
		t.Fatalf("what waits: %+v, %v", waiting, err)
	}
	version, epoch := c.Rules().Version(), c.epoch(t)
	refused("who proposed it publishes", c.PublishProposedPolicy(ctx, first, waiting.ID, waiting.Serving), casework.Denied, "own_proposal")
	refused("a chair publishes", c.PublishProposedPolicy(ctx, chair, waiting.ID, waiting.Serving), casework.NotFound, "not_found")
	refused("another one than was seen", c.PublishProposedPolicy(ctx, second, "NEVERWAS", waiting.Serving), casework.Conflict, "proposal_changed")
	refused("compared with another", c.PublishProposedPolicy(ctx, second, waiting.ID, "0123456789abcdef"), casework.Conflict, "proposal_changed")
	if c.Rules().Version() != version || c.epoch(t) != epoch {
		t.Error("what was refused changed something")
	}
	fresh := second
	fresh.Account.CountsFrom = c.clock.Now().Add(time.Minute)
	refused("somebody new publishes", c.PublishProposedPolicy(ctx, fresh, waiting.ID, waiting.Serving), casework.Denied, "account_new")
	counts := func(from time.Time) {
		if _, err := c.admin.ExecContext(ctx, `UPDATE account SET counts_from = $1 WHERE login = 'bea'`, from); err != nil {
			t.Fatal(err)
		}
	}
	counts(c.clock.Now().Add(time.Minute))
	refused("somebody new proposed it", c.PublishProposedPolicy(ctx, second, waiting.ID, waiting.Serving), casework.Denied, "account_new")
	counts(c.clock.Now())
	second.Second = c.clock.Now()
	stale := second
	stale.Second = second.Second.Add(-identity.ProvenFor)
	if err := c.PublishProposedPolicy(ctx, stale, waiting.ID, waiting.Serving); !errors.Is(err, app.ErrNotProven) || c.Rules().Version() != version {
		t.Errorf("published without a second factor at hand: %v", err)
	}
	if err := c.PublishProposedPolicy(ctx, second, waiting.ID, waiting.Serving); err != nil {
		t.Fatal(err)
	}
	if c.Rules().Version() != waiting.Policy.Version() || c.epoch(t) != epoch+1 {
		t.Error("what was published does not serve")
	}
	refused("published twice", c.PublishProposedPolicy(ctx, second, waiting.ID, waiting.Serving), casework.Conflict, "proposal_changed")
	if left, err := c.WaitingPolicy(ctx, first); err != nil || left != nil {
		t.Errorf("%+v still waits, %v", left, err)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event IN ('policy', 'policy_proposed') AND outcome = 'refused'`); n != 12 {
		t.Errorf("%d refusals are on the record", n)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'policy' AND outcome = 'done' AND account = '`+string(second.Account.ID)+`' AND detail->>'proposed_by' = '`+string(first.Account.ID)+`'`); n != 1 {
		t.Errorf("%d records of the publication", n)
	}
}

// A proposal of somebody who may no longer manage policies is published by nobody,
// and can be withdrawn.
func TestProposalOfSomebodyWhoLeft(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	if err := c.PublishPolicy(t.Context(), policies.Model, policies.Lines, app.SourceBuiltin); err != nil {
		t.Fatal(err)
	}
	first, second := c.person(t, "bea", casework.Admin), c.person(t, "bob", casework.Admin)
	if err := c.ProposePolicy(t.Context(), first, narrower(t)); err != nil {
		t.Fatal(err)
	}
	if err := c.Deactivate(t.Context(), first.Account.ID); err != nil {
		t.Fatal(err)
	}
	waiting, err := c.WaitingPolicy(t.Context(), second)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.PublishProposedPolicy(t.Context(), second, waiting.ID, waiting.Serving); casework.KindOf(err) != casework.Denied {
		t.Errorf("published: %v", err)
	}
	if err := c.WithdrawPolicy(t.Context(), second, waiting.ID); err != nil {
		t.Fatal(err)
	}
	if err := c.ProposePolicy(t.Context(), second, narrower(t)); err != nil {
		t.Errorf("after that: %v", err)
	}
}

// Where several organisations share a server, none of them changes the policy of all
// alone, and none is told of the cases of another.
func TestPolicyOfSeveralOrganisations(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	if err := c.PublishPolicy(t.Context(), policies.Model, policies.Lines, app.SourceBuiltin); err != nil {
		t.Fatal(err)
	}
	first, colleague := c.person(t, "bea", casework.Admin), c.person(t, "bob", casework.Admin)
	other := c.colleague(t, "otto@berk.example", casework.Admin, "De Berk")
	if err := c.ProposePolicy(t.Context(), first, narrower(t)); err != nil {
		t.Fatal(err)
	}
	for who, session := range map[string]app.Session{"colleague": colleague, "other": other} {
		session.Second = c.clock.Now()
		waiting, err := c.WaitingPolicy(t.Context(), session)
		if err != nil || waiting == nil {
			t.Fatalf("%+v, %v", waiting, err)
		}
		if cases := waiting.Cases[casework.Chair]; waiting.Elsewhere != (who == "colleague") || (cases == 1) != (who == "colleague") || waiting.ByOrganisation != "De Linde" {
			t.Errorf("%s: %+v", who, waiting)
		}
		if who == "other" {
			continue
		}
		if err := c.PublishProposedPolicy(t.Context(), session, waiting.ID, waiting.Serving); reason(err) != "own_organisation" {
			t.Errorf("published by a colleague: %v", err)
		}
	}
	waiting, err := c.WaitingPolicy(t.Context(), other)
	if err != nil {
		t.Fatal(err)
	}
	other.Second = c.clock.Now()
	if err := c.PublishProposedPolicy(t.Context(), other, waiting.ID, waiting.Serving); err != nil {
		t.Errorf("published by another organisation: %v", err)
	}
}
