package store_test

import (
	"slices"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// everything that the reader may name, and whose row it is.
var readable = map[string]string{
	"cases":        `SELECT id FROM cases ORDER BY 1`,
	"membership":   `SELECT account FROM membership ORDER BY 1`,
	"record":       `SELECT account FROM record ORDER BY 1`,
	"account":      `SELECT id FROM account ORDER BY 1`,
	"organisation": `SELECT id FROM organisation ORDER BY 1`,
	"look":         `SELECT account FROM look ORDER BY 1`,
	"notice":       `SELECT account FROM notice ORDER BY 1`,
}

// twoPeople have a case each; nobody's record is of a sign-in that failed.
func twoPeople(t *testing.T) (h house, iris, ruben casework.UserID) {
	h = newHouse(t)
	iris, ruben = h.account(t, "iris"), h.account(t, "ruben")
	for name, user := range map[string]casework.UserID{"IRIS": iris, "RUBEN": ruben} {
		c := h.open(t, "CASE"+name, user)
		h.record(t, "RECORD"+name, user, c)
		if err := h.SaveLook(t.Context(), c, user, store.Look{At: noon, Seen: []byte("look")}); err != nil {
			t.Fatal(err)
		}
		h.transact(t, func(tx *store.Tx) error {
			return tx.AddNotices(t.Context(), store.Notice{ID: "NOTICE" + name, To: user, Case: c, Kind: store.NoticeLent, By: user, At: noon})
		})
	}
	h.record(t, "RECORDNOBODY", "", "")
	return h, iris, ruben
}

func TestReaderSeesOwnRowsOnly(t *testing.T) {
	t.Parallel()
	h, iris, ruben := twoPeople(t)
	for _, c := range []struct {
		user casework.UserID
		want map[string]string
	}{
		{iris, map[string]string{"cases": id[string]("CASEIRIS"), "membership": string(iris), "record": string(iris), "account": string(iris),
			"organisation": string(iris), "look": string(iris), "notice": string(iris)}},
		{ruben, map[string]string{"cases": id[string]("CASERUBEN"), "membership": string(ruben), "record": string(ruben), "account": string(ruben),
			"organisation": string(ruben), "look": string(ruben), "notice": string(ruben)}},
		{"", nil},
		{"%", nil},
		{"NOBODY", nil},
	} {
		err := h.ReadAs(t.Context(), c.user, func(tx *sqlx.Tx) error {
			for table, query := range readable {
				var got, want []string
				if c.want[table] != "" {
					want = []string{c.want[table]}
				}
				if err := tx.Select(&got, query); err != nil || !slices.Equal(got, want) {
					t.Errorf("%q sees of %s %v, %v", c.user, table, got, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if list, err := h.CasesOf(t.Context(), iris); err != nil || len(list) != 1 || list[0].ID != id[casework.CaseID]("CASEIRIS") {
		t.Errorf("cases of Iris: %v, %v", list, err)
	}
}

// A connection that served somebody knows them no more: neither before the first
// name nor after the last there is a row.
func TestReaderWithoutAUserSeesNothing(t *testing.T) {
	t.Parallel()
	h, iris, _ := twoPeople(t)
	h.reader.SetMaxOpenConns(1)
	for _, when := range []string{"before", "after"} {
		for table := range readable {
			if n := one[int](t, h.reader, `SELECT count(*) FROM `+table); n != 0 {
				t.Errorf("%s anybody was named: %d rows of %s", when, n, table)
			}
		}
		tx, err := h.reader.Beginx()
		if err != nil {
			t.Fatal(err)
		}
		must(t, tx, `SELECT set_config('casustafel.user', $1, true)`, iris)
		if n := one[int](t, tx, `SELECT count(*) FROM cases`); n != 1 {
			t.Errorf("named, Iris sees %d cases", n)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
	}
}

// A membership that has ended, or is still to come, shows no case.
func TestReaderSeesCasesOfNow(t *testing.T) {
	t.Parallel()
	h, iris, _ := twoPeople(t)
	for _, span := range []string{
		`valid_from = now() - interval '2 hours', valid_until = now() - interval '1 hour'`,
		`valid_from = now() + interval '1 hour', valid_until = NULL`,
	} {
		must(t, h.super, `UPDATE membership SET `+span)
		if list, err := h.CasesOf(t.Context(), iris); err != nil || len(list) != 0 {
			t.Errorf("with %s: %v, %v", span, list, err)
		}
	}
}

func TestReaderReachesNoContentAndNoSecret(t *testing.T) {
	t.Parallel()
	h, iris, _ := twoPeople(t)
	must(t, h.reader, `SELECT set_config('casustafel.user', $1, false)`, iris)
	wallsOf(t, h.reader, `
		SELECT password_hash FROM account
		SELECT login FROM account
		SELECT demo FROM account
		SELECT invented FROM account
		SELECT contact FROM account
		SELECT * FROM invitation
		SELECT * FROM set_up_link
		SELECT * FROM practice
		SELECT a FROM account a
		SELECT * FROM account
		SELECT count(*) FROM account WHERE login = 'login-ruben'
		SELECT data_key FROM cases
		SELECT name_text FROM cases
		SELECT * FROM cases
		SELECT * FROM text
		SELECT * FROM event
		SELECT * FROM snapshot
		SELECT * FROM command
		SELECT * FROM session
		SELECT * FROM factor
		SELECT * FROM recovery_code
		SELECT * FROM passkey_question
		SELECT * FROM factor_reset
		SELECT * FROM sign_in_link
		SELECT * FROM sign_in_failure
		SELECT * FROM secret
		SELECT * FROM policy
		SELECT * FROM goose_db_version
		SELECT * FROM pg_authid
		SELECT pg_read_file('PG_VERSION')
		COPY cases TO PROGRAM 'cat'
		COPY (SELECT 1) TO '/tmp/casustafel-wall'`)
}

func TestReaderCannotWrite(t *testing.T) {
	t.Parallel()
	h, iris, _ := twoPeople(t)
	must(t, h.reader, `SELECT set_config('casustafel.user', $1, false)`, iris)
	wallsOf(t, h.reader, `
		INSERT INTO organisation VALUES ('X', 'X')
		INSERT INTO record (id) VALUES ('X')
		INSERT INTO membership (case_id) VALUES ('X')
		INSERT INTO look (case_id) VALUES ('X')
		UPDATE look SET at = at
		DELETE FROM look
		UPDATE membership SET account = account
		UPDATE account SET name = name
		UPDATE cases SET seq = seq
		UPDATE record SET event = event
		UPDATE access_epoch SET epoch = 0
		DELETE FROM record
		DELETE FROM membership
		DELETE FROM account
		DELETE FROM cases
		TRUNCATE record
		ALTER TABLE record ADD COLUMN x int
		CREATE TABLE public.mine (x int)
		CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'
		SET ROLE casustafel_super
		SET ROLE casustafel_committer
		SET session_replication_role = replica
		SET row_security = off; SET ROLE casustafel_super`)
	// Switching the rules off is no way round them: it is refused, not obeyed.
	conn, err := h.reader.Connx(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(t.Context(), `SET row_security = off`); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(t.Context(), `SELECT id FROM account`); codeOf(err) != forbidden {
		t.Errorf("without the rules of the rows: %v", err)
	}
}

// ReadAs is read-only for whoever may write too.
func TestReadAsIsReadOnly(t *testing.T) {
	t.Parallel()
	h, iris, _ := twoPeople(t)
	err := h.ReadAs(t.Context(), iris, func(tx *sqlx.Tx) error {
		_, err := tx.Exec(`CREATE SEQUENCE mine`)
		return err
	})
	if codeOf(err) != "25006" && codeOf(err) != forbidden {
		t.Errorf("wrote: %v", err)
	}
}

// FORCE: the rules hold for a role that owns the tables as well; the migrations'
// own role has a policy that says so.
func TestRowSecurityBindsTheOwner(t *testing.T) {
	t.Parallel()
	h, _, _ := twoPeople(t)
	for table := range readable {
		if !one[bool](t, h.super, `SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = $1::regclass`, table) {
			t.Errorf("%s does not force its rules on its owner", table)
		}
	}
	must(t, h.super, `CREATE ROLE keeper_of_records`)
	defer must(t, h.super, `DROP ROLE keeper_of_records`)
	must(t, h.super, `GRANT USAGE ON SCHEMA public TO keeper_of_records`)
	must(t, h.super, `ALTER TABLE record OWNER TO keeper_of_records`)
	defer must(t, h.super, `DROP OWNED BY keeper_of_records`)
	defer must(t, h.super, `ALTER TABLE record OWNER TO casustafel_super`)
	tx, err := h.super.Beginx()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // it only read
	must(t, tx, `SET LOCAL ROLE keeper_of_records`)
	if n := one[int](t, tx, `SELECT count(*) FROM record`); n != 0 {
		t.Errorf("an owner without a policy sees %d records", n)
	}
}

// Whoever reviews a log does so of the own organisation alone, whatever it says, and
// for one transaction.
func TestReviewerSeesOwnOrganisationOnly(t *testing.T) {
	t.Parallel()
	h, iris, ruben := twoPeople(t)
	h.record(t, "RECORDVISIT", ruben, id[casework.CaseID]("CASEIRIS"))
	seen := func(as casework.UserID, organisation string) (ids []string) {
		t.Helper()
		err := h.ReadAs(t.Context(), as, func(tx *sqlx.Tx) error {
			must(t, tx, `SELECT set_config('casustafel.reviews', $1, true)`, organisation)
			return tx.Select(&ids, `SELECT id FROM record ORDER BY id`)
		})
		if err != nil {
			t.Fatal(err)
		}
		return ids
	}
	own, visit, his := id[string]("RECORDIRIS"), id[string]("RECORDVISIT"), id[string]("RECORDRUBEN")
	if got := seen(iris, string(iris)); !slices.Equal(got, []string{own, visit}) { // each is of an organisation of its own name
		t.Errorf("of the own organisation: %v", got)
	}
	if got := seen(iris, string(ruben)); !slices.Equal(got, []string{own}) {
		t.Errorf("of another organisation: %v", got)
	}
	if got := seen(ruben, string(ruben)); !slices.Equal(got, []string{his, visit}) {
		t.Errorf("of his: %v", got)
	}
	if got := seen("", string(iris)); len(got) != 0 {
		t.Errorf("nobody reviews %v", got)
	}
}
