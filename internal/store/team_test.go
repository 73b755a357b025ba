package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
)

// Who must never come near is known by every address of a mailbox and by account,
// in that case alone, and is in no place readable.
func TestExcluded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	iris, joris := h.account(t, "iris"), h.account(t, "joris")
	c, other := h.open(t, "CASE", iris), h.open(t, "OTHER", iris)
	h.transact(t, func(tx *store.Tx) error {
		for _, in := range []casework.CaseID{c, other} {
			e := store.Exclusion{ID: "E" + string(in), Case: in, Address: "kees@example.org", By: iris, At: noon}
			if in == c {
				e.Address, e.Account, e.Note = "joris@example.org", joris, "woont bij de broer"
			}
			if err := tx.AddExclusion(t.Context(), e); err != nil {
				return err
			}
		}
		return nil
	})
	excluded := func(in casework.CaseID, login string, account casework.UserID) (yes bool) {
		h.transact(t, func(tx *store.Tx) (err error) {
			yes, err = tx.Excluded(t.Context(), in, login, account)
			return err
		})
		return yes
	}
	for login, want := range map[string]bool{"joris@example.org": true, "Joris+nieuw@example.org": true, "joris@example.com": false, "": false} {
		if got := excluded(c, login, ""); got != want {
			t.Errorf("%q: %v", login, got)
		}
	}
	if !excluded(c, "anders@example.org", joris) || excluded(c, "", iris) || excluded(other, "joris@example.org", joris) || !excluded(other, "kees@example.org", "") {
		t.Error("an account is not known, or in another case")
	}
	if rows := one[string](t, h.super, `SELECT string_agg(e::text, ' ') FROM exclusion e`); strings.Contains(rows, "joris") || strings.Contains(rows, "broer") || strings.Contains(rows, string(joris)) {
		t.Errorf("it can be read: %s", rows)
	}
	must(t, h.super, `UPDATE exclusion e SET sealed = (SELECT sealed FROM exclusion o WHERE o.id <> e.id)`)
	err := h.Transact(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exclusions(t.Context(), c)
		return err
	})
	if !errors.Is(err, store.ErrWrongKey) {
		t.Errorf("rows that changed places: %v", err)
	}
	h.transact(t, func(tx *store.Tx) error { return tx.RemoveExclusion(t.Context(), c, "E"+string(c)) })
	if excluded(c, "joris@example.org", joris) {
		t.Error("it is still on the list")
	}
	err = h.Transact(t.Context(), func(tx *store.Tx) error { return tx.RemoveExclusion(t.Context(), c, "E"+string(other)) })
	if casework.KindOf(err) != casework.NotFound {
		t.Errorf("that of another case: %v", err)
	}
}

// A newer proposal for an address takes the place of the one before.
func TestProposals(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	iris := h.account(t, "iris")
	c := h.open(t, "CASE", iris)
	key := h.AddressKey("mirthe@ggze.example")
	waiting := func() (ids []string) {
		h.transact(t, func(tx *store.Tx) error {
			list, err := tx.ProposalsFor(t.Context(), []store.AddressKey{h.AddressKey("somebody@else.example"), key}, noon.AddDate(0, 0, -1))
			for _, p := range list {
				ids = append(ids, p.ID+" "+p.Address+" "+p.Duty.Task)
			}
			return err
		})
		return ids
	}
	add := func(proposal, address string) {
		h.transact(t, func(tx *store.Tx) error {
			return tx.AddProposal(t.Context(), store.Proposal{ID: proposal, Case: c, Address: address, Proposed: noon, Duty: store.Duty{Task: "taak"},
				Membership: store.Membership{Ground: "consent", InvitedBy: iris, Member: casework.Member{Role: casework.MentalHealth, From: noon}}})
		})
	}
	add("P1", "mirthe@ggze.example")
	add("P2", "ruben@elders.example")
	add("P3", "mirthe@ggze.example")
	if got := waiting(); !slices.Equal(got, []string{"P3 mirthe@ggze.example taak"}) {
		t.Errorf("waiting: %v", got)
	}
	h.transact(t, func(tx *store.Tx) error {
		return tx.WithdrawProposals(t.Context(), c, identity.Account{ID: "X", Login: "mirthe@ggze.example"}, noon)
	})
	if got := waiting(); len(got) != 0 {
		t.Errorf("still waiting: %v", got)
	}
	err := h.Transact(t.Context(), func(tx *store.Tx) error {
		return tx.AnswerProposal(t.Context(), "P3", store.ProposalConfirmed, iris, noon)
	})
	if casework.KindOf(err) != casework.NotFound {
		t.Errorf("answered after it was withdrawn: %v", err)
	}
}
