package store

import (
	"errors"
	"fmt"
	"net/url"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// refusedByServer says why a connection could not be made and, for the reasons
// that an operator meets first, what to do.
func refusedByServer(err error) error {
	advice := ""
	var refusal *pq.Error
	switch {
	case errors.Is(err, pq.ErrSSLNotSupported):
		advice = " (the server speaks no TLS: only one on this machine may do with sslmode=disable)"
	case errors.As(err, &refusal):
		advice = adviceOn[refusal.Code]
	}
	return fmt.Errorf("connect to the database%s: %w", advice, plain(err))
}

// badAddress says that an address cannot be read. It leaves the address out: a
// password may be in it.
func badAddress(err error) error {
	var bad *url.Error
	if errors.As(err, &bad) {
		err = bad.Err
	}
	return fmt.Errorf("database address: %w", plain(err))
}

var adviceOn = map[pqerror.Code]string{
	"3D000": " (there is no database of that name on the server: make it, or correct the address)",
	"28000": " (the server does not let this user in: correct the address or the server's pg_hba.conf)",
	"28P01": " (wrong user or password: correct the address)",
	"42704": " (the address names a role that is not there: run casustafel migrate first)",
	"22023": " (the user of the address may not take on the roles of Casustafel: grant it casustafel_committer and casustafel_reader)",
	"53300": " (the server has no connection left: raise max_connections)",
	"57P03": " (the server is starting or stopping: try again in a moment)",
}
