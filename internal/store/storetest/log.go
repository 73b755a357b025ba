package storetest

import (
	"database/sql"
	"testing"
)

// A Log is the access log of a test's database, which can get out of order.
type Log struct {
	t  testing.TB
	db *sql.DB
}

// LogFaults are the errors of PostgreSQL with which a log refuses lines: no right to
// write there, a full disk, and too long a wait.
var LogFaults = []string{"42501", "53100", "57014"}

// BreakableLog is that of the database to which the superuser is connected.
func BreakableLog(t testing.TB, db *sql.DB) Log {
	t.Helper()
	l := Log{t, db}
	l.exec(`CREATE TABLE log_fault (code text NOT NULL, event text NOT NULL)`)
	l.exec(`CREATE FUNCTION log_fault() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
		DECLARE fault text := (SELECT code FROM log_fault WHERE event IN ('', NEW.event) LIMIT 1);
		BEGIN
			IF fault IS NOT NULL THEN RAISE EXCEPTION 'fault' USING ERRCODE = fault; END IF;
			RETURN NEW;
		END $$`)
	l.exec(`CREATE TRIGGER log_fault BEFORE INSERT ON record FOR EACH ROW EXECUTE FUNCTION log_fault()`)
	return l
}

// Breaks makes the log refuse lines of these events, or every line, with an error.
func (l Log) Breaks(code string, events ...string) {
	l.t.Helper()
	if len(events) == 0 {
		events = []string{""}
	}
	for _, event := range events {
		l.exec(`INSERT INTO log_fault VALUES ($1, $2)`, code, event)
	}
}

// Works makes the log take lines again.
func (l Log) Works() {
	l.t.Helper()
	l.exec(`DELETE FROM log_fault`)
}

func (l Log) exec(statement string, args ...any) {
	l.t.Helper()
	if _, err := l.db.Exec(statement, args...); err != nil {
		l.t.Fatal("the access log of a test:", err)
	}
}
