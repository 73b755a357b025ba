package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/policy"
)

// policyPage is "Wie mag wat?": the policy that serves, as one role meets it.
type policyPage struct {
	base
	Done      string
	Role      casework.Role
	Version   string
	Reads     []readsRow
	Rules     []ruleRow
	MayManage bool
	Waiting   *waitingPolicy
	Problem   string // key of why the last thing about the waiting policy was not done
}

// readsRow is what a role reads of others that speaks from one view, for each class.
type readsRow struct {
	View  casework.View
	Cells [][]string // keys of words
}

// ruleRow is a line of the policy in the words of the page.
type ruleRow struct {
	ID              string
	Never           bool
	Acts, About     string
	Why             string
	WhyIsTranslated bool
}

// rolesToShow are those that somebody can have.
func rolesToShow() []casework.Role {
	return slices.DeleteFunc(slices.Clone(casework.Roles), func(r casework.Role) bool { return r == casework.NoRole })
}

// Roles are those to choose from.
func (policyPage) Roles() []casework.Role { return rolesToShow() }

// Classes are the columns of what a role reads.
func (policyPage) Classes() []casework.Class { return casework.Classes }

func (s *site) policy(w http.ResponseWriter, r *http.Request) error {
	return s.showPolicy(w, r, http.StatusOK, "")
}

func (s *site) showPolicy(w http.ResponseWriter, r *http.Request, status int, problem string) error {
	session := sessionIn(r)
	rules := s.App.Rules()
	page := policyPage{base: s.base(r), Role: session.Account.Discipline, Version: rules.Version(), Problem: problem,
		MayManage: s.App.MayManagePolicies(session.Account.Discipline)}
	page.Stylesheet = "account.css"
	page.Script = "account.js"
	page.Done = page.known("policy.done." + done(r))
	if role := casework.Role(r.URL.Query().Get("role")); slices.Contains(rolesToShow(), role) {
		page.Role = role
	}
	page.Reads, page.Rules = readsOf(rules, page.Role), page.rulesOf(rules, page.Role)
	if page.MayManage {
		waiting, err := s.App.WaitingPolicy(r.Context(), session)
		if err != nil {
			return err
		}
		if waiting != nil {
			page.Waiting = &waitingPolicy{page.base, waiting}
		}
	}
	return s.render(w, status, "policy", page)
}

// grantOf is with which extra access a role is at a table at all.
func grantOf(role casework.Role) casework.Grant {
	switch role {
	case casework.Guest:
		return casework.GrantItem
	case casework.ConsultChildWorker:
		return casework.GrantConsult
	}
	return casework.NoGrant
}

func readsOf(rules *policy.Policy, role casework.Role) []readsRow {
	reads := rules.Rights(role, grantOf(role)).Open[casework.ActRead]
	rows := make([]readsRow, len(casework.Views))
	for i, view := range casework.Views {
		rows[i].View = view
		for _, class := range casework.Classes {
			rows[i].Cells = append(rows[i].Cells, readsWords(reads, view, class))
		}
	}
	return rows
}

// readsWords says who of a role reads the cards of others of this view and class.
func readsWords(reads casework.Mask, view casework.View, class casework.Class) []string {
	var keys []string
	has := func(owner casework.Owner, beside bool) bool {
		return reads.Has(casework.Cell{View: view, Beside: beside && view.IsPersonKind(), Class: class, Owner: owner})
	}
	switch {
	case has(casework.OwnerOther, false):
		return []string{"policy.reads.yes"}
	case has(casework.OwnerOther, true):
		keys = append(keys, "policy.reads.beside")
	}
	if has(casework.OwnerPeer, false) {
		keys = append(keys, "policy.reads.peers")
	}
	if class == casework.Named && has(casework.OwnerNamed, false) {
		keys = append(keys, "policy.reads.named")
	}
	if keys == nil {
		keys = []string{"policy.reads.no"}
	}
	return keys
}

// rulesOf are the lines that speak of a role, those that forbid first.
func (b base) rulesOf(rules *policy.Policy, role casework.Role) []ruleRow {
	var rows []ruleRow
	for _, never := range []bool{true, false} {
		for _, r := range rules.Rules() {
			if r.Forbids() == never && policy.Says(r.Role, string(role)) {
				why, translated := b.why(r.ID, r.Why)
				rows = append(rows, ruleRow{ID: r.ID, Never: never, Acts: b.acts(r.Act), About: b.about(r), Why: why, WhyIsTranslated: translated})
			}
		}
	}
	return rows
}

// why is the reason of a line in the language of the page: as long as it is the one
// that the program came with; else it stands as the policy has it.
func (b base) why(id, why string) (words string, translated bool) {
	if b.in("en", "why."+id) != why {
		return why, false
	}
	return b.T("why." + id), true
}

func (b base) acts(cell string) string {
	if cell == policy.EveryWord {
		return b.T("policy.everything")
	}
	return b.listed("policy.act.", strings.Split(cell, "|"))
}

// about says with which cards, and when, a line is concerned.
func (b base) about(r policy.Rule) string {
	var parts []string
	switch {
	case r.Class == policy.NoWord:
		parts = append(parts, b.T("policy.no_card"))
	case r.Class == policy.EveryWord && r.View == policy.EveryWord && r.Owner == policy.EveryWord:
		parts = append(parts, b.T("policy.any_card"))
	}
	if words := namedIn(r.Class); len(words) > 0 {
		parts = append(parts, b.listed("class.", words))
	}
	if words := namedIn(r.View); len(words) > 0 {
		parts = append(parts, b.T("policy.about.views", "list", b.listed("view.", words)))
	}
	if words := namedIn(r.Owner); len(words) > 0 {
		parts = append(parts, b.listed("policy.owner.", words))
	}
	for _, word := range namedIn(r.Beside) {
		parts = append(parts, b.T("policy.about.beside."+word))
	}
	if words := namedIn(r.Grant); len(words) > 0 && r.Class != policy.NoWord || r.Grant == string(casework.GrantItem) {
		parts = append(parts, b.listed("policy.grant.", words))
	}
	for _, word := range namedIn(r.Status) {
		parts = append(parts, b.T("policy.about.status."+word))
	}
	return strings.Join(parts, ", ")
}

// namedIn are the words of a cell that names some.
func namedIn(cell string) []string {
	if cell == policy.EveryWord || cell == policy.NoWord {
		return nil
	}
	return slices.DeleteFunc(strings.Split(cell, "|"), func(word string) bool { return word == policy.NoWord })
}

// listed is the words of keys with one beginning: "kind, ouder en netwerk".
func (b base) listed(stem string, words []string) string {
	told := make([]string, len(words))
	for i, word := range words {
		told[i] = b.T(stem + word)
	}
	return b.all(told)
}
