package store_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/lib/pq"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/store"
)

const canary = "Kanariegeel"

// failures are calls of every store method that takes words, each made so that
// PostgreSQL refuses it: with a NUL, which no text can hold, a duplicate key, a
// reference to nothing, or a rule of a column.
func failures(h house, t *testing.T, iris casework.UserID, c casework.CaseID) map[string]func(*store.Tx) error {
	ctx := t.Context()
	const nul = canary + "\x00"
	event := func(e casework.Event) func(*store.Tx) error {
		return func(tx *store.Tx) error {
			return tx.AppendEvents(ctx, []store.Append{{Case: c, Events: []casework.Event{e}}})
		}
	}
	account := func(change func(*identity.Account)) func(*store.Tx) error {
		return func(tx *store.Tx) error {
			a := identity.Account{ID: "X", Login: "x", Organisation: id[casework.OrganisationID]("iris")}
			change(&a)
			return tx.AddAccount(ctx, a, canary, noon)
		}
	}
	return map[string]func(*store.Tx) error{
		"event twice":       event(casework.Event{Seq: 1, At: noon, Actor: canary, Change: &casework.CaseRenamed{Name: text("x", canary)}}),
		"event by NUL":      event(casework.Event{Seq: 9, At: noon, Actor: nul, Change: &casework.CaseClosed{}}),
		"event of canary":   event(casework.Event{Seq: 9, At: noon, Command: nul, Change: &casework.CardTabled{Card: canary + "\x00"}}),
		"text twice":        event(casework.Event{Seq: 9, At: noon, Change: &casework.CaseRenamed{Name: text("name", canary)}}),
		"text of NUL":       event(casework.Event{Seq: 9, At: noon, Change: &casework.CaseRenamed{Name: casework.Text{ID: nul, Body: canary}}}),
		"case of NUL":       func(tx *store.Tx) error { return tx.CreateCase(ctx, nul, "", noon) },
		"case twice":        func(tx *store.Tx) error { return tx.CreateCase(ctx, c, "", noon) },
		"lock":              func(tx *store.Tx) error { _, err := tx.LockCases(ctx, []casework.CaseID{nul}); return err },
		"existing":          func(tx *store.Tx) error { _, err := tx.ExistingCases(ctx, []casework.CaseID{nul}); return err },
		"team":              func(tx *store.Tx) error { _, err := tx.Team(ctx, []casework.CaseID{nul}); return err },
		"heads":             func(*store.Tx) error { _, _, err := h.Heads(ctx, []casework.CaseID{nul}); return err },
		"cases of":          func(*store.Tx) error { _, err := h.CasesOf(ctx, nul); return err },
		"name":              func(*store.Tx) error { _, err := h.CaseName(ctx, h.Reader(), nul); return err },
		"looks":             func(*store.Tx) error { _, err := h.LooksOf(ctx, nul); return err },
		"look":              func(*store.Tx) error { return h.SaveLook(ctx, c, nul, store.Look{At: noon, Seen: []byte(canary)}) },
		"load":              func(*store.Tx) error { _, err := h.LoadState(ctx, h.Reader(), nul); return err },
		"events":            func(*store.Tx) error { _, err := h.EventsAfter(ctx, h.Reader(), nul, 0); return err },
		"snapshot":          func(*store.Tx) error { return h.SaveSnapshot(ctx, casework.NewState(canary)) },
		"account twice":     account(func(a *identity.Account) { a.ID, a.Name = iris, canary }),
		"login twice":       account(func(a *identity.Account) { a.Login, a.Name = "login-iris", canary }),
		"login in capitals": account(func(a *identity.Account) { a.Login = canary }),
		"name of NUL":       account(func(a *identity.Account) { a.Name = nul }),
		"no organisation":   account(func(a *identity.Account) { a.Organisation = canary }),
		"organisation":      func(tx *store.Tx) error { _, err := tx.Organisation(ctx, nul, "X"); return err },
		"organisation twice": func(tx *store.Tx) error {
			_, err := tx.Organisation(ctx, canary, id[casework.OrganisationID]("iris"))
			return err
		},
		"by login":   func(tx *store.Tx) error { _, _, _, err := tx.AccountByLogin(ctx, nul); return err },
		"by id":      func(tx *store.Tx) error { _, err := tx.Account(ctx, nul); return err },
		"password":   func(tx *store.Tx) error { return tx.SetPasswordHash(ctx, iris, nul) },
		"language":   func(*store.Tx) error { return h.SetLanguage(ctx, iris, nul) },
		"deactivate": func(tx *store.Tx) error { return tx.Deactivate(ctx, nul, noon) },
		"member of nothing": func(tx *store.Tx) error {
			return tx.PutMember(ctx, canary, store.Membership{Member: casework.Member{User: iris}})
		},
		"member of NUL": func(tx *store.Tx) error {
			return tx.PutMember(ctx, c, store.Membership{Ground: nul, Member: casework.Member{User: iris}})
		},
		"beside NUL": func(tx *store.Tx) error {
			return tx.PutMember(ctx, c, store.Membership{Member: casework.Member{User: iris, Beside: []casework.PersonID{nul}}})
		},
		"proposal of NUL": func(tx *store.Tx) error {
			return tx.AddProposal(ctx, store.Proposal{ID: nul, Case: c, Address: canary, Membership: store.Membership{InvitedBy: iris}})
		},
		"answer": func(tx *store.Tx) error { return tx.AnswerProposal(ctx, nul, store.ProposalDeclined, iris, noon) },
		"exclusion of nobody": func(tx *store.Tx) error {
			return tx.AddExclusion(ctx, store.Exclusion{ID: canary, Case: c, Address: canary, Note: canary, By: canary})
		},
		"interpreter of NUL": func(tx *store.Tx) error {
			return tx.AddInterpreter(ctx, c, store.Interpreter{ID: nul, Name: canary, By: iris})
		},
		"ground of NUL": func(tx *store.Tx) error {
			return tx.SetTeamRules(ctx, id[casework.OrganisationID]("iris"), store.TeamRules{Professionals: 4, Grounds: []string{nul}})
		},
		"end member": func(tx *store.Tx) error { return tx.EndMember(ctx, nul, iris, noon) },
		"record": func(tx *store.Tx) error {
			return tx.Record(ctx, audit.Record{ID: canary, At: noon, Action: canary, Detail: map[string]string{"reason": canary}})
		},
		"record of NUL": func(tx *store.Tx) error {
			return tx.Record(ctx, audit.Record{ID: "X", At: noon, Action: audit.Read, Detail: map[string]string{"reason": nul}})
		},
		"done commands": func(tx *store.Tx) error { _, err := tx.DoneCommands(ctx, []store.CommandKey{{ID: nul}}); return err },
		"commands": func(tx *store.Tx) error {
			return tx.SaveCommands(ctx, map[store.CommandKey]string{{Case: c, User: iris, ID: canary}: nul})
		},
		"contact":        func(tx *store.Tx) error { return tx.SetContact(ctx, iris, nul) },
		"users":          func(tx *store.Tx) error { _, err := tx.UsersOf(ctx, nul); return err },
		"invitations":    func(tx *store.Tx) error { _, err := tx.InvitationsOf(ctx, nul); return err },
		"one invitation": func(tx *store.Tx) error { _, err := tx.Invitation(ctx, "X", nul); return err },
		"withdraw":       func(tx *store.Tx) error { return tx.WithdrawInvitation(ctx, nul, noon) },
		"accept":         func(tx *store.Tx) error { return tx.AcceptInvitation(ctx, nul, canary) },
		"invitation of capitals": func(tx *store.Tx) error {
			return tx.AddInvitation(ctx, identity.Invitation{ID: "X", Login: canary, Name: canary, Organisation: id[casework.OrganisationID]("iris"), Issuer: iris}, []byte("hash"))
		},
		"invitation of NUL": func(tx *store.Tx) error {
			return tx.AddInvitation(ctx, identity.Invitation{ID: "X", Login: "x", Name: nul, Organisation: id[casework.OrganisationID]("iris"), Issuer: iris}, []byte("hash"))
		},
		"renew": func(tx *store.Tx) error {
			return tx.RenewInvitation(ctx, identity.Invitation{ID: nul, Issuer: canary}, []byte("hash"))
		},
		"own records": func(*store.Tx) error {
			_, err := h.OwnRecords(ctx, nul, store.OwnReview{After: store.RecordPlace{At: noon, ID: canary}, Limit: 1})
			return err
		},
		"case records": func(tx *store.Tx) error {
			_, err := tx.CaseRecords(ctx, store.CaseReview{Case: nul, Events: []audit.Event{canary}, User: canary, After: store.RecordPlace{At: noon, ID: canary}, Limit: 1})
			return err
		},
		"policy":      func(tx *store.Tx) error { return tx.PublishPolicy(ctx, store.PublishedPolicy{Lines: nul}, noon) },
		"session":     func(tx *store.Tx) error { _, err := tx.AddSession(ctx, []byte(canary), nul, nul, noon); return err },
		"link":        func(tx *store.Tx) error { return tx.AddLink(ctx, []byte(canary), canary, noon, noon.Add(time.Hour)) },
		"nudge":       func(*store.Tx) error { return h.Nudge(ctx, nul) },
		"a raw query": func(tx *store.Tx) error { _, err := tx.Exec(`SELECT '` + canary + `'::int`); return err },
		"a raw reader": func(*store.Tx) error {
			return h.ReadAs(ctx, iris, func(tx *sqlx.Tx) error { _, err := tx.Exec(`SELECT '` + canary + `'::int`); return err })
		},
	}
}

// A statement that fails quotes what it failed on: in PostgreSQL's message,
// detail, context and log. None of that reaches an error of ours, or the log.
func TestFailuresQuoteNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	iris := h.account(t, "iris")
	c := h.open(t, "CASE", iris)
	for name, fail := range failures(h, t, iris, c) {
		err := h.Transact(t.Context(), fail)
		if err == nil {
			t.Errorf("%s: did not fail", name)
			continue
		}
		if strings.Contains(strings.ToLower(err.Error()), strings.ToLower(canary)) {
			t.Errorf("%s: the error quotes it: %v", name, err)
		}
		var raw *pq.Error
		if errors.As(err, &raw) {
			t.Errorf("%s: the error of PostgreSQL itself is still inside: %v", name, raw)
		}
		if codeOf(err) == "" {
			t.Errorf("%s: PostgreSQL was not asked: %v", name, err)
		}
	}
	// The words of a statement that fails, and of one that runs long enough to be
	// cancelled.
	for _, statement := range []string{`SELECT '` + canary + `'::int`, `DO $$ BEGIN RAISE EXCEPTION '` + canary + `'; END $$`,
		`DO $$ BEGIN RAISE WARNING '` + canary + `'; END $$`, `SET statement_timeout = 1; SELECT pg_sleep(5), '` + canary + `'`} {
		if _, err := h.committer.Exec(statement); err == nil && !strings.Contains(statement, "WARNING") {
			t.Error("did not fail:", statement)
		}
	}
	log, err := os.ReadFile(server.Cluster().LogFile())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(strings.ToLower(string(log)), strings.ToLower(canary)) {
		t.Errorf("PostgreSQL's log quotes it:\n%s", log)
	}
	// It is the log that these statements would be in.
	must(t, h.super, `DO $$ BEGIN RAISE LOG 'sentinel of the canary test'; END $$`)
	if log, err = os.ReadFile(server.Cluster().LogFile()); err != nil || !strings.Contains(string(log), "sentinel of the canary test") {
		t.Errorf("another log was read: %v", err)
	}
}

// An error tells the operator which rule of which table it was.
func TestErrorsNameTheRule(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.account(t, "iris")
	err := h.Transact(t.Context(), func(tx *store.Tx) error {
		return tx.AddAccount(t.Context(), identity.Account{ID: "X", Login: "login-iris", Organisation: id[casework.OrganisationID]("iris")}, "", noon)
	})
	var told *casework.Error
	var cause *store.DBError
	if !errors.As(err, &told) || told.Kind != casework.Conflict || told.Reason != "login_taken" {
		t.Errorf("told %v", err)
	}
	if !errors.As(err, &cause) || *cause != (store.DBError{Code: "23505", Constraint: "account_login", Table: "account"}) {
		t.Errorf("cause %v", cause)
	}
}
