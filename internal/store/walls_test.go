package store_test

import (
	"database/sql"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/store/storetest"
)

// SQLSTATEs of a wall.
const (
	forbidden = "42501" // insufficient_privilege
)

// wallsOf tries every statement as the role; each has to be refused, whatever
// the rows.
func wallsOf(t *testing.T, db *sqlx.DB, statements string) {
	t.Helper()
	for statement := range strings.Lines(strings.TrimSpace(statements)) {
		statement = strings.TrimSpace(statement)
		if _, err := db.Exec(statement); codeOf(err) != forbidden {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

// furnish puts a row in every table that the roles reach, so that no statement
// passes for want of rows.
func furnish(t *testing.T) house {
	t.Helper()
	h := newHouse(t)
	iris := h.account(t, "iris")
	c := h.open(t, "CASE", iris)
	h.record(t, "RECORD", iris, c)
	if err := h.SaveLook(t.Context(), c, iris, store.Look{At: noon}); err != nil {
		t.Fatal(err)
	}
	if err := h.SaveSnapshot(t.Context(), h.load(t, c)); err != nil {
		t.Fatal(err)
	}
	h.transact(t, func(tx *store.Tx) error {
		if err := tx.SaveCommands(t.Context(), map[store.CommandKey]string{{Case: c, User: iris, ID: "COMMAND"}: ""}); err != nil {
			return err
		}
		return tx.PublishPolicy(t.Context(), store.PublishedPolicy{Model: "m", Lines: "l", Source: "file"}, noon)
	})
	return h
}

// What is on the record stays: the committer appends.
func TestCommitterCannotChangeThePast(t *testing.T) {
	t.Parallel()
	h := furnish(t)
	wallsOf(t, h.committer, `
		UPDATE event SET actor = 'X'
		UPDATE event SET data = '{}'
		UPDATE record SET account = 'X'
		UPDATE command SET made = 'X'
		UPDATE text SET sealed = ''
		UPDATE snapshot SET state = '{}'
		UPDATE policy SET lines = ''
		UPDATE access_epoch SET epoch = 0
		UPDATE cases SET opened_at = now()
		UPDATE cases SET id = 'X'
		UPDATE cases SET organisation = 'X'
		UPDATE record SET actor_organisation = 'X'
		UPDATE record SET detail = NULL
		UPDATE record SET salt = ''
		UPDATE record_rest SET account = 'X'
		INSERT INTO record_rest (id) VALUES ('X')
		INSERT INTO record_waiting VALUES ('X', now())
		DELETE FROM record_waiting
		UPDATE stay SET record = 'X'
		UPDATE node_life SET id = 'X'
		TRUNCATE stay
		INSERT INTO leaf (number) VALUES (1)
		UPDATE leaf SET hashes = ''
		DELETE FROM leaf
		TRUNCATE leaf
		UPDATE checkpoint SET note = ''
		DELETE FROM checkpoint
		UPDATE cosignature SET line = ''
		DELETE FROM cosignature
		ALTER TABLE record DETACH PARTITION record_rest
		ALTER TABLE record DISABLE TRIGGER await_leaf
		SELECT erase_case('X', 'X', 'X', now())
		SELECT drop_month('2020-01-01', 'X', now())
		SELECT month_of_log('2020-01-01')
		SELECT leaves_before(now())
		INSERT INTO dropped_month VALUES ('2020-01-01', 0, 0, 0, 'X', now())
		UPDATE dropped_month SET last = 9
		DELETE FROM dropped_month
		INSERT INTO case_closing VALUES ('X', 1, now())
		UPDATE case_closing SET entered_at = now()
		DELETE FROM case_closing
		UPDATE kept_longer SET until = now()
		DELETE FROM kept_longer
		UPDATE legal_hold SET case_id = 'X'
		UPDATE legal_hold SET ground = 'X'
		DELETE FROM legal_hold
		TRUNCATE legal_hold
		UPDATE keeping_question SET asked_at = now()
		UPDATE keeping_question SET asked_by = 'X'
		UPDATE keeping_question SET entered_at = now()
		INSERT INTO keeping_question (id, case_id, act, ground, asked_by, asked_at, state, entered_at) VALUES ('X', 'X', 'erase', 'X', 'X', now(), 'waiting', now())
		DELETE FROM keeping_question
		INSERT INTO erased_case (id) VALUES ('X')
		UPDATE erased_case SET certificate = ''
		DELETE FROM erased_case
		DELETE FROM given
		DELETE FROM second_person
		UPDATE note SET case_id = 'X'
		UPDATE note SET card = 'X'
		UPDATE note_step SET sealed = ''
		UPDATE note_step SET account = 'X'
		UPDATE note_step SET at = now()
		DELETE FROM note
		DELETE FROM note_step
		TRUNCATE note
		TRUNCATE note_step
		UPDATE account SET login = 'x'
		UPDATE account SET organisation = 'X'
		UPDATE account SET demo = true
		UPDATE account SET invented = false
		UPDATE invitation SET organisation = 'X'
		UPDATE invitation SET login = 'x'
		UPDATE invitation SET discipline = 'admin'
		DELETE FROM invitation
		TRUNCATE invitation
		UPDATE practice SET organisation = 'X'
		DELETE FROM practice
		UPDATE membership SET account = 'X'
		UPDATE proposal SET address = ''
		UPDATE proposal SET role = 'chair'
		UPDATE proposal SET case_id = 'X'
		DELETE FROM proposal
		UPDATE notice SET account = 'X'
		UPDATE notice SET kind = 'X'
		UPDATE notice SET case_id = 'X'
		DELETE FROM notice
		TRUNCATE notice
		UPDATE exclusion SET address = ''
		UPDATE exclusion SET case_id = 'X'
		UPDATE interpreter SET sealed = ''
		TRUNCATE exclusion
		UPDATE look SET account = 'X'
		UPDATE look SET case_id = 'X'
		UPDATE session SET account = 'X'
		UPDATE factor SET account = 'X'
		UPDATE factor SET kind = 'totp'
		UPDATE factor SET credential = NULL
		UPDATE recovery_code SET hash = ''
		UPDATE recovery_code SET account = 'X'
		UPDATE factor_reset SET account = 'X'
		UPDATE factor_reset SET asked_by = 'X'
		DELETE FROM factor_reset
		UPDATE organisation SET name = 'X'
		UPDATE organisation SET case_years = case_years - 1
		UPDATE organisation SET log_years = log_years - 1
		UPDATE goose_db_version SET version_id = 0
		DELETE FROM event
		DELETE FROM record
		DELETE FROM command
		DELETE FROM text
		DELETE FROM snapshot
		INSERT INTO snapshot VALUES ('X', 1, '{}')
		DELETE FROM policy
		DELETE FROM access_epoch
		DELETE FROM cases
		DELETE FROM account
		DELETE FROM membership
		DELETE FROM look
		DELETE FROM session
		DELETE FROM secret
		DELETE FROM organisation
		INSERT INTO access_epoch VALUES (2)
		TRUNCATE event
		TRUNCATE record
		TRUNCATE command
		TRUNCATE text
		TRUNCATE snapshot
		TRUNCATE policy
		TRUNCATE sign_in_failure
		TRUNCATE cases CASCADE`)
}

// A question about keeping that was answered does not wait again, and none comes in as of
// another moment than it does.
func TestCommitterCannotAskInThePast(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c, _, _ := dueCase(t, h)
	must(t, h.committer, `UPDATE keeping_question SET state = 'withdrawn'`)
	wallsOf(t, h.committer, `UPDATE keeping_question SET state = 'waiting'`)
	must(t, h.committer, `INSERT INTO keeping_question (id, case_id, act, ground, asked_by, asked_at, state)
		SELECT 'AGAIN', case_id, 'erase', ground, asked_by, now() - interval '31 days', 'waiting' FROM keeping_question`)
	wallsOf(t, h.committer, `SELECT erase_case('AGAIN', 'X', (SELECT min(id) FROM account WHERE id NOT IN (SELECT asked_by FROM keeping_question)), now())`)
	if _, err := h.LoadState(t.Context(), h.Reader(), c); err != nil {
		t.Error(err)
	}
}

// A period becomes shorter only with a line of the log that says so, of this organisation
// and in the same transaction.
func TestPeriodBecomesShorterOnTheRecord(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	els, far := h.account(t, "els"), h.account(t, "far")
	of := func(user casework.UserID) casework.OrganisationID {
		return one[casework.OrganisationID](t, h.super, `SELECT organisation FROM account WHERE id = $1`, user)
	}
	says := func(id string, user casework.UserID, outcome audit.Outcome, cases, log string) audit.Record {
		return audit.Record{ID: id, At: noon, Event: "retention_rules", Action: audit.Update, Outcome: outcome, User: user, Detail: map[string]string{"case_years": cases, "log_years": log}}
	}
	shorten := func(line audit.Record) string {
		return codeOf(h.Transact(t.Context(), func(tx *store.Tx) error {
			if err := tx.Record(t.Context(), line); err != nil {
				return err
			}
			return tx.SetRetentionRules(t.Context(), of(els), store.RetentionRules{CaseYears: 10, LogYears: 20})
		}))
	}
	h.transact(t, func(tx *store.Tx) error { return tx.Record(t.Context(), says("BEFORE", els, audit.Done, "10", "20")) })
	wallsOf(t, h.committer, `UPDATE organisation SET case_years = 10`)
	for what, line := range map[string]audit.Record{
		"of another organisation": says("OTHER", far, audit.Done, "10", "20"),
		"of other years":          says("YEARS", els, audit.Done, "20", "20"),
		"of a refusal":            says("REFUSED", els, audit.Refused, "10", "20"),
	} {
		if code := shorten(line); code != forbidden {
			t.Errorf("a line %s: %q", what, code)
		}
	}
	if code := shorten(says("NOW", els, audit.Done, "10", "20")); code != "" {
		t.Errorf("a line that says so: %q", code)
	}
	must(t, h.committer, `UPDATE organisation SET case_years = 30, log_years = 30`) // longer needs none
}

// The committer cannot make itself more than it is.
func TestCommitterCannotClimb(t *testing.T) {
	t.Parallel()
	h := furnish(t)
	wallsOf(t, h.committer, `
		ALTER TABLE record ADD COLUMN x int
		ALTER TABLE record OWNER TO casustafel_committer
		ALTER TABLE record DISABLE TRIGGER ALL
		ALTER TABLE record DISABLE ROW LEVEL SECURITY
		ALTER TABLE event DROP COLUMN actor
		DROP TABLE record
		DROP POLICY own ON record
		CREATE POLICY mine ON text USING (true)
		CREATE TRIGGER t BEFORE INSERT ON record FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()
		CREATE RULE r AS ON INSERT TO record DO INSTEAD NOTHING
		CREATE TABLE public.mine (x int)
		CREATE TEMPORARY TABLE mine (x int)
		CREATE VIEW public.mine AS SELECT 1
		CREATE SCHEMA mine
		CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'
		CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'
		CREATE OR REPLACE FUNCTION public.redact(which_case text, which_object text) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'
		ALTER FUNCTION public.redact(text, text) SECURITY INVOKER
		CREATE EXTENSION dblink
		CREATE ROLE mine
		ALTER ROLE casustafel_committer SUPERUSER
		ALTER ROLE casustafel_committer CREATEROLE
		GRANT casustafel_super TO casustafel_committer
		SET ROLE casustafel_super
		SET ROLE casustafel_reader
		SET SESSION AUTHORIZATION casustafel_super
		SET session_replication_role = replica
		SET log_statement = 'all'
		ALTER SYSTEM SET log_statement = 'all'
		SELECT * FROM pg_authid
		SELECT * FROM pg_shadow
		SELECT pg_read_file('PG_VERSION')
		SELECT pg_ls_dir('.')
		SELECT lo_import('/etc/passwd')
		SELECT pg_reload_conf()
		SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'casustafel_super'
		COPY event TO PROGRAM 'cat'
		COPY record FROM PROGRAM 'echo'
		COPY event TO '/tmp/casustafel-wall'
		COPY record FROM '/etc/passwd'`)
	// There is one superuser, so that the one before last line means something.
	if name := one[string](t, h.super, `SELECT string_agg(rolname, ' ') FROM pg_roles WHERE rolsuper`); name != "casustafel_super" {
		t.Errorf("superusers: %s", name)
	}
	for _, role := range []string{"casustafel_committer", "casustafel_reader"} {
		if one[bool](t, h.super, `SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls FROM pg_roles WHERE rolname = $1`, role) {
			t.Errorf("%s has a right of the server", role)
		}
		if n := one[int](t, h.super, `SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = $1`, role); n != 0 {
			t.Errorf("%s is a member of %d roles", role, n)
		}
	}
}

// What runs with the owner's rights finds its tables by name in one place, so
// that nobody can put another table in front.
func TestFunctionsLookInOnePlace(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	type function struct {
		Name    string         `db:"proname"`
		Definer bool           `db:"prosecdef"`
		Config  sql.NullString `db:"config"`
		Bound   bool           `db:"bound"` // its names were looked up when it was made
		Public  bool           `db:"public"`
	}
	var functions []function
	err := h.super.Select(&functions, `SELECT proname, prosecdef, array_to_string(proconfig, ';') AS config, prosqlbody IS NOT NULL AS bound,
		has_function_privilege('public', oid, 'EXECUTE') AS public FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY proname`)
	if err != nil || len(functions) != 28 {
		t.Fatalf("%v, %v", functions, err)
	}
	for _, f := range functions {
		where, _, _ := strings.Cut(f.Config.String, ";enable_") // the rest is for the planner
		if !f.Bound && where != "search_path=pg_catalog, public, pg_temp" {
			t.Errorf("%s looks in %q", f.Name, f.Config.String)
		}
		if f.Public {
			t.Errorf("everybody may call %s", f.Name)
		}
		if f.Definer != slices.Contains([]string{"redact", "save_snapshot", "bump_access", "drop_old_steps", "make_record_months", "await_leaf", "append_leaves",
			"erase_case", "erase_details", "certify_erasing", "forget_alarms", "count_records", "count_leaves", "recount_records", "uncount_records", "waiting_records",
			"due_month", "drop_month", "note_closing", "leaf_of"}, f.Name) {
			t.Errorf("%s runs with its owner's rights: %v", f.Name, f.Definer)
		}
	}
	wallsOf(t, h.reader, `
		SELECT redact('CASE', '')
		SELECT save_snapshot('CASE', 1, '{}')
		SELECT bump_access()
		SELECT drop_old_steps()
		SELECT make_record_months(now(), 1)
		SELECT append_leaves(0, 1::smallint, '{}', '{}', '{}', '{}')
		SELECT erase_case('X', 'X', 'X', now())
		SELECT erase_details()
		SELECT certify_erasing('X', 'X')
		SELECT due_month()
		SELECT drop_month('2020-01-01', 'X', now())
		SELECT 1 FROM dropped_month
		SELECT 1 FROM case_closing
		SELECT 1 FROM erased_case
		SELECT 1 FROM keeping_question
		SELECT 1 FROM legal_hold
		SELECT 1 FROM kept_longer
		SELECT 1 FROM closed_case
		SELECT 1 FROM leaf
		SELECT 1 FROM record_waiting
		SELECT 1 FROM stay
		SELECT 1 FROM node_life
		SELECT 1 FROM checkpoint
		SELECT 1 FROM cosignature
		SELECT 1 FROM record_rest
		SELECT 1 FROM proposal
		SELECT 1 FROM exclusion
		SELECT 1 FROM interpreter
		SELECT 1 FROM note
		SELECT 1 FROM note_step`)
	must(t, h.super, `CREATE ROLE stranger`)
	defer must(t, h.super, `DROP ROLE stranger`)
	conn, err := h.super.Connx(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, call := range []string{`SELECT redact('CASE', '')`, `SELECT save_snapshot('CASE', 1, '{}')`, `SELECT bump_access()`, `SELECT hold_access()`, `SELECT drop_old_steps()`, `SELECT erase_case('X', 'X', 'X', now())`, `SELECT erase_details()`, `SELECT certify_erasing('X', 'X')`, `SELECT 1 FROM organisation`} {
		if _, err := conn.ExecContext(t.Context(), `SET ROLE stranger`); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.ExecContext(t.Context(), call); codeOf(err) != forbidden {
			t.Errorf("a stranger: %s: %v", call, err)
		}
	}
	if _, err := conn.ExecContext(t.Context(), `RESET ROLE`); err != nil {
		t.Fatal(err)
	}
}

// Even where temporary tables are allowed (a dump that is restored forgets what
// is granted on the database) nobody gets a table in front of the real one, and
// with a trigger on it the owner's rights.
func TestRedactIsNotFooled(t *testing.T) {
	t.Parallel()
	h := furnish(t)
	must(t, h.super, `GRANT TEMPORARY ON DATABASE `+h.database+` TO PUBLIC`)
	conn, err := h.committer.Connx(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, statement := range []string{
		`CREATE TEMPORARY TABLE text AS SELECT * FROM public.text`,
		`CREATE TEMPORARY TABLE climbed (who text)`,
		`CREATE FUNCTION pg_temp.climb() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO pg_temp.climbed VALUES (current_user::text); RETURN OLD; END'`,
		`CREATE TRIGGER climb BEFORE DELETE ON pg_temp.text FOR EACH ROW EXECUTE FUNCTION pg_temp.climb()`,
		`GRANT ALL ON pg_temp.climbed, pg_temp.text TO PUBLIC`,
	} {
		if _, err := conn.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	var gone int
	if err := conn.GetContext(t.Context(), &gone, `SELECT redact($1, '')`, id[string]("CASE")); err != nil || gone != 1 {
		t.Errorf("redacted %d texts, %v", gone, err)
	}
	var climbed []string
	if err := conn.SelectContext(t.Context(), &climbed, `SELECT who FROM pg_temp.climbed`); err != nil || len(climbed) > 0 {
		t.Errorf("code of the committer ran as %v, %v", climbed, err)
	}
	if n := one[int](t, h.super, `SELECT count(*) FROM public.text WHERE object = ''`); n != 0 {
		t.Errorf("%d names are left", n)
	}
}

// A database that migrations alone made has the walls that belong to the
// database itself, which a copy of a template does not take along.
func TestWallsOfTheDatabaseItself(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	must(t, h.super, `CREATE DATABASE walls_itself TEMPLATE template0`)
	defer must(t, h.super, `DROP DATABASE walls_itself WITH (FORCE)`)
	if err := store.Migrate(t.Context(), server.DSN("walls_itself")); err != nil {
		t.Fatal(err)
	}
	config := server.Config("walls_itself", storetest.Keys(t))
	wallsOf(t, dial(t, config.Committer), `
		CREATE TEMPORARY TABLE mine (x int)
		CREATE TABLE public.mine (x int)`)
	wallsOf(t, dial(t, config.Reader), `
		CREATE TEMPORARY TABLE mine (x int)
		CREATE TABLE public.mine (x int)`)
}
