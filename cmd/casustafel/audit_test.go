package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store/storetest"
	"github.com/casustafel/casustafel/policies"
)

// What a schedule acts on: the program ends with 0 for a sound log, 1 for one that was
// tampered with and then names the number, 2 for one of which not all can be said yet,
// and 3, with no verdict, when it could not verify.
func TestAuditVerifyEndsWithItsVerdict(t *testing.T) {
	t.Parallel()
	s, signing := newSetup(t), storetest.Signing(t)
	rules, err := policy.Parse(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	a := app.New(app.Config{Store: storetest.Open(t, server.Config(s.database, storetest.Keys(t))), Policy: rules, Node: "signs", Signing: signing})
	t.Cleanup(a.Close)
	for n := range 3 {
		if _, err := a.AddUser(t.Context(), app.NewUser{Login: fmt.Sprint("iris", n), Name: "Iris", Discipline: casework.ChildWorker, Organisation: "De Linde", Demo: true}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	super := sqlx.MustConnect("postgres", server.DSN(s.database))
	t.Cleanup(func() { super.Close() })

	verify := []string{"audit", "verify", "--database-url=" + s.url, "--audit-key-file=" + signing.Key}
	for _, step := range []struct {
		do, says string
		args     []string
		code     int
	}{
		{`SELECT`, "sound: ", verify, 0},
		{`INSERT INTO record (id, at, event, action, outcome, account, role, organisation, access_point, case_id, object_kind, object, policy_rule, policy, ground, request, detail)
			VALUES ('WAITS22222222222', now() - interval '1 hour', 'join', 'R', 'done', '', '', '', '', '', '', '', '', '', '', '', '{}')`, "incomplete: ", verify, 2},
		{`UPDATE record SET account = 'SOMEBODYELSE2222' WHERE (id, at) = (SELECT record, at FROM leaf WHERE number = 1)`, "TAMPERED at number 1: ", verify, 1},
		{`SELECT`, "", append(verify, "--key=nonsense"), 3},
		{`SELECT`, "", []string{"audit", "verify", "--database-url=" + s.url, "--audit-key-file=" + signing.Key + ".none"}, 3},
		{`SELECT`, "", []string{"audit", "verify", "--database-url=" + strings.Replace(s.url, s.database, "nowhere", 1), "--audit-key-file=" + signing.Key}, 3},
	} {
		super.MustExec(step.do)
		got := s.run(t, "", step.args...)
		if got.code != step.code || !strings.HasPrefix(got.out, step.says) || (got.out == "") != (step.says == "") || (got.errors == "") != (got.code == 0) {
			t.Errorf("%v: ended with %d, not %d\n%s%s", step.args, got.code, step.code, got.out, got.errors)
		}
	}
}
