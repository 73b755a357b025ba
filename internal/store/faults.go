package store

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/lib/pq"
)

// rolledBack tells whether an error of COMMIT is the server's own word that
// nothing happened: it lives on after an error that is not fatal.
func rolledBack(err error) bool {
	var e *pq.Error
	return errors.As(err, &e) && e.Severity == "ERROR"
}

// plain strips from a PostgreSQL error everything that can hold content: the
// message and detail of a constraint quote the offending values.
func plain(err error) error {
	var e *pq.Error
	if errors.As(err, &e) {
		return &DBError{Code: string(e.Code), Constraint: e.Constraint, Table: e.Table}
	}
	return err
}

// DBError is an error of PostgreSQL without its words.
type DBError struct{ Code, Constraint, Table string }

// Error implements error.
func (e *DBError) Error() string {
	return fmt.Sprintf("postgresql error %s (table %q, constraint %q)", e.Code, e.Table, e.Constraint)
}

// ErrNotRecorded means that the access log could not be written.
var ErrNotRecorded = errors.New("the access log cannot be written")

// notRecorded says so of an error of writing the log, unless what was to be written is
// itself no text for PostgreSQL: that is the fault of one line alone.
func notRecorded(err error) error {
	var refused *DBError
	if err == nil || errors.As(err, &refused) && strings.HasPrefix(refused.Code, "22") {
		return err
	}
	return fmt.Errorf("%w: %w", ErrNotRecorded, err)
}

const diskFull = "53100"

// NotRecorded tells whether an error means that nothing can be recorded now. On a full
// disk nothing is written anywhere, whatever came first.
func NotRecorded(err error) bool {
	var refused *DBError
	return errors.Is(err, ErrNotRecorded) || errors.As(err, &refused) && refused.Code == diskFull
}

// passingClasses are the classes of PostgreSQL's errors that say something of
// the moment, not of what was asked: the connection, the state of the
// transaction, the sign-in, the database, a clash, resources, locks, an
// operator's hand, the system.
var passingClasses = []string{"08", "25", "28", "3D", "40", "53", "55", "57", "58"}

// Passing tells whether the same may succeed when it is tried again: the
// database was away, slow, busy or locked. What it refuses for what it is will
// be refused for ever.
func Passing(err error) bool {
	var refused *DBError
	if errors.As(err, &refused) {
		return len(refused.Code) == 5 && slices.Contains(passingClasses, refused.Code[:2])
	}
	return !errors.Is(err, ErrWrongKey) && !errors.Is(err, sql.ErrNoRows)
}
