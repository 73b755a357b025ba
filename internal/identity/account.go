// Package identity holds the rules of accounts, passwords, sessions and
// sign-in links. It is pure but for the work of hashing: no HTTP, no SQL, no
// clock of its own.
package identity

import (
	"regexp"
	"strings"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// Account is a professional who can sign in.
type Account struct {
	ID               casework.UserID
	Login            string
	Name             string
	Discipline       casework.Role
	Organisation     casework.OrganisationID
	OrganisationName string
	Language         string // "nl" or "en"
	Active           bool
	Demo             bool
	HasPassword      bool      // else it signs in by link alone
	Contact          string    // how colleagues reach its person; empty: it does not say
	CountsFrom       time.Time // from when on it is one of two people; long ago or zero: always
}

var loginForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}$`)

// CleanLogin gives the login that was meant by what somebody typed; false when
// no account can have it. Upper and lower case are the same login.
func CleanLogin(typed string) (login string, ok bool) {
	login = strings.TrimSpace(typed)
	return strings.ToLower(login), loginForm.MatchString(login)
}
