package identity

import (
	"strings"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// InvitationLife is how long an invitation can be accepted, once; SetUpLife how
// long the link that makes the first administrator can be used.
const (
	InvitationLife = 7 * 24 * time.Hour
	// CountsAfter is how long an account that a colleague made is none of two people.
	CountsAfter = 7 * 24 * time.Hour
	SetUpLife   = 30 * time.Minute
)

// InvitationID names an invitation.
type InvitationID string

// Invitation is an account that somebody may make for itself: with this login,
// in this discipline, with this organisation.
type Invitation struct {
	ID               InvitationID
	Login            string
	Name             string // as the issuer wrote it; whoever accepts may write another
	Discipline       casework.Role
	Organisation     casework.OrganisationID
	OrganisationName string
	Language         string
	Issuer           casework.UserID
	IssuerName       string
	Sent, Expires    time.Time
}

// Expired tells whether an invitation can no longer be accepted at now.
func (i Invitation) Expired(now time.Time) bool { return !now.Before(i.Expires) }

// CleanAddress gives the e-mail address that was meant by what somebody typed;
// false when it is none, or one that no account can have.
func CleanAddress(typed string) (address string, ok bool) {
	address, ok = CleanLogin(typed)
	name, host, at := strings.Cut(address, "@")
	return address, ok && at && name != "" && strings.Contains(host, ".") && !strings.Contains(host, "@") &&
		!strings.Contains(address, "..") && !strings.HasPrefix(host, ".") && !strings.HasSuffix(host, ".") && !strings.HasSuffix(name, ".")
}
