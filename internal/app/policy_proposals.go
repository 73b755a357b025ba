package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
)

// MaxPolicyBytes is how large a policy that is proposed may be.
const MaxPolicyBytes = 64 << 10

// PolicyProposal is a policy that waits until a second person publishes it, and
// what it would change.
type PolicyProposal struct {
	ID      string
	Policy  *policy.Policy
	Serving string // version of the policy it is compared with
	By      string // name
	Own     bool   // of who looks: somebody else has to publish it

	ByOrganisation string // name
	Elsewhere      bool   // somebody of another organisation than who looks has to publish it
	At             time.Time
	Shifts         []policy.Shift
	Cases          map[casework.Role]int // open cases of the own organisation in which somebody has the role
}

// MayManagePolicies tells whether somebody of the discipline proposes and publishes
// policies.
func (a *App) MayManagePolicies(discipline casework.Role) bool {
	return a.mayManagePolicies(discipline).Allowed
}

func (a *App) mayManagePolicies(discipline casework.Role) policy.Decision {
	return a.Rules().Decide(policy.Request{Role: discipline, Act: casework.ActPolicies, Grant: casework.NoGrant, Status: casework.Open})
}

// WaitingPolicy is the policy that waits for a second person, compared with the one
// that serves now; nil when none does. What takes long is done when nobody's rights
// are held any more.
func (a *App) WaitingPolicy(ctx context.Context, session Session) (*PolicyProposal, error) {
	if !a.MayManagePolicies(session.Account.Discipline) {
		return nil, a.refuseOutside(ctx, session, "view_policy", audit.Read, casework.Absent())
	}
	var found store.PolicyProposal
	var waiting *PolicyProposal
	var serving *policy.Policy
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		open, err := false, error(nil)
		if found, open, err = tx.OpenPolicyProposal(ctx); err != nil || !open {
			return err
		}
		epoch, err := tx.HoldAccess(ctx)
		if err != nil {
			return err
		}
		if serving, err = a.policyAt(ctx, tx, epoch); err != nil {
			return err
		}
		waiting = &PolicyProposal{ID: found.ID, Serving: serving.Version(), By: found.ByName, ByOrganisation: found.ByOrganisationName,
			Own: found.By == session.Account.ID, At: found.At}
		if waiting.Elsewhere, err = a.needsElsewhere(ctx, tx, found, session); err != nil {
			return err
		}
		if waiting.Cases, err = tx.OpenCasesByRole(ctx, session.Account.Organisation, a.moment()); err != nil {
			return err
		}
		return tx.Record(ctx, a.outsideRecord(ctx, session.Account, "view_policy", audit.Read))
	})
	if err == nil && waiting != nil {
		if waiting.Policy, err = policy.Parse([]byte(found.Model), []byte(found.Lines)); err == nil { // it was sound when it was proposed
			waiting.Shifts = waiting.Policy.Compare(serving)
		}
	}
	if err != nil {
		return nil, a.fault("compare a policy", err)
	}
	return waiting, nil
}

// needsElsewhere tells whether somebody of another organisation has to publish what
// the own one proposed: the policy is that of all who share the server, so none of
// them changes it alone while another has somebody who could say yes.
func (a *App) needsElsewhere(ctx context.Context, tx *store.Tx, p store.PolicyProposal, publisher Session) (bool, error) {
	if p.ByOrganisation != publisher.Account.Organisation {
		return false, nil
	}
	manage := slices.DeleteFunc(slices.Clone(Disciplines), func(d casework.Role) bool { return !a.MayManagePolicies(d) })
	return tx.WorksElsewhere(ctx, p.ByOrganisation, manage)
}

// PolicyLines are the lines of the policy that serves, to change them.
func (a *App) PolicyLines(ctx context.Context, session Session) (string, error) {
	if !a.MayManagePolicies(session.Account.Discipline) {
		return "", a.refuseOutside(ctx, session, "view_policy", audit.Read, casework.Absent())
	}
	current, err := a.servingFiles(ctx)
	if err != nil {
		return "", a.fault("read the policy", err)
	}
	return current.Lines, nil
}

// ProposePolicy lets lines wait for a second person. What is not sound is a
// *policy.Error; the policy that serves is same_policy, a second proposal
// proposal_waits.
func (a *App) ProposePolicy(ctx context.Context, session Session, lines []byte) error {
	if len(lines) > MaxPolicyBytes {
		return casework.Refuse(casework.Invalid, "policy_too_large")
	}
	if !a.MayManagePolicies(session.Account.Discipline) { // what is wrong with lines is told to nobody else
		return a.changePolicies(ctx, session, "policy_proposed", nil)
	}
	serving, err := a.servingFiles(ctx)
	if err != nil {
		return a.fault("read the policy", err)
	}
	rules, err := policy.Parse([]byte(serving.Model), lines)
	if err != nil {
		return err
	}
	return a.changePolicies(ctx, session, "policy_proposed", func(tx *store.Tx, record *audit.Record) error {
		record.Policy = rules.Version()
		if err := a.maySecond(session.Account); err != nil {
			return err
		}
		if _, open, err := tx.OpenPolicyProposal(ctx); err != nil {
			return err
		} else if open {
			return casework.Refuse(casework.Conflict, "proposal_waits")
		}
		if current, ok, err := a.store.CurrentPolicy(ctx, tx); err != nil {
			return err
		} else if ok && current.Lines == string(lines) {
			return casework.Refuse(casework.Conflict, "same_policy")
		}
		return tx.ProposePolicy(ctx, store.PolicyProposal{ID: string(casework.NewID[casework.CommandID](a.random)), Model: serving.Model, Lines: string(lines),
			By: session.Account.ID, At: a.moment()})
	})
}

func (a *App) servingFiles(ctx context.Context) (store.PublishedPolicy, error) {
	current, ok, err := a.store.CurrentPolicy(ctx, a.store.Reader())
	if err == nil && !ok {
		err = errors.New("no policy was ever published")
	}
	return current, err
}

// PublishProposedPolicy makes the policy that waits serve, on every node at once. Who
// proposed it cannot (own_proposal), nor can a colleague where another organisation
// has somebody to do it (own_organisation), a second factor was shown just now
// (ErrNotProven), and it has to be the one that was looked at,
// compared with the policy that still serves (proposal_changed).
func (a *App) PublishProposedPolicy(ctx context.Context, session Session, id, serving string) error {
	err := a.changePolicies(ctx, session, "policy", func(tx *store.Tx, record *audit.Record) error {
		waiting, open, err := tx.OpenPolicyProposal(ctx)
		if err != nil {
			return err
		}
		now, _, err := a.store.CurrentPolicy(ctx, tx)
		switch {
		case err != nil:
			return err
		case !open || waiting.ID != id || policy.VersionOf([]byte(now.Model), []byte(now.Lines)) != serving:
			return casework.Refuse(casework.Conflict, "proposal_changed")
		case waiting.By == session.Account.ID:
			return casework.Refuse(casework.Denied, "own_proposal")
		}
		proposer, err := tx.Account(ctx, waiting.By)
		if err != nil {
			return err
		}
		if !proposer.Active || !a.MayManagePolicies(proposer.Discipline) {
			return casework.Refuse(casework.Denied, "proposer_gone")
		}
		if elsewhere, err := a.needsElsewhere(ctx, tx, waiting, session); err != nil {
			return err
		} else if elsewhere {
			return casework.Refuse(casework.Denied, "own_organisation")
		}
		for _, one := range []identity.Account{proposer, session.Account} {
			if err := a.maySecond(one); err != nil {
				return err
			}
		}
		if !a.Proven(session) {
			return ErrNotProven
		}
		rules, err := policy.Parse([]byte(waiting.Model), []byte(waiting.Lines))
		if err != nil {
			return err
		}
		if err := tx.DecidePolicyProposal(ctx, id, store.PolicyPublished, session.Account.ID, a.moment()); err != nil {
			return err
		}
		record.Policy, record.Detail = rules.Version(), map[string]string{"proposed_by": string(waiting.By)}
		if err := tx.PublishPolicy(ctx, store.PublishedPolicy{Model: waiting.Model, Lines: waiting.Lines, Source: SourceFile}, a.moment()); err != nil {
			return err
		}
		_, err = tx.BumpAccess(ctx)
		return err
	})
	if err != nil {
		return err
	}
	if err := a.servePublished(ctx); err != nil {
		return a.fault("serve a published policy", err)
	}
	return nil
}

// WithdrawPolicy takes back the policy that waits; whoever manages policies may.
func (a *App) WithdrawPolicy(ctx context.Context, session Session, id string) error {
	return a.changePolicies(ctx, session, "policy_withdrawn", func(tx *store.Tx, _ *audit.Record) error {
		waiting, open, err := tx.OpenPolicyProposal(ctx)
		if err != nil {
			return err
		}
		if !open || waiting.ID != id {
			return casework.Refuse(casework.Conflict, "proposal_changed")
		}
		return tx.DecidePolicyProposal(ctx, id, store.PolicyWithdrawn, session.Account.ID, a.moment())
	})
}

// changePolicies does something about the policies, with its record; what is
// refused is on the record too. Who does not manage policies is told that there is
// nothing.
func (a *App) changePolicies(ctx context.Context, session Session, event audit.Event, change func(*store.Tx, *audit.Record) error) error {
	decision := a.mayManagePolicies(session.Account.Discipline)
	record := a.accountRecord(ctx, event, audit.Done, session.Account, nil)
	record.Action, record.PolicyRule = audit.Update, decision.Rule
	var refusal *casework.Error
	err := a.store.Transact(ctx, func(tx *store.Tx) error {
		if !decision.Allowed {
			return casework.Absent()
		}
		if err := tx.LockPolicies(ctx); err != nil {
			return err
		}
		if err := change(tx, &record); err != nil {
			return err
		}
		return tx.Record(ctx, record)
	})
	if err == nil {
		return nil
	}
	if refusal = a.fault("change the policies", err); refusal.Kind == casework.Unavailable || refusal.Kind == casework.Internal {
		return refusal
	}
	record.Outcome, record.Detail = audit.Refused, map[string]string{"reason": refusal.Reason}
	if err := a.store.Transact(ctx, func(tx *store.Tx) error { return tx.Record(ctx, record) }); err != nil {
		return a.fault("record a refused change of the policies", err)
	}
	return refusal
}
