package identity

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/casustafel/casustafel/internal/casework"
)

// Passkeys asks for passkeys and judges what comes back. Each host of this server
// has its own: a passkey can be shown at the host it was made for alone.
type Passkeys struct{ parties map[string]*webauthn.WebAuthn }

// NewPasskeys takes the addresses of this server as browsers write them. Where
// browsers have no passkeys, at a bare number or without encryption, there are
// none.
func NewPasskeys(origins []string) (Passkeys, error) {
	ofHost := map[string][]string{}
	for _, origin := range origins {
		u, err := url.Parse(origin)
		if err != nil {
			return Passkeys{}, fmt.Errorf("passkeys: %w", err)
		}
		host := u.Hostname()
		if _, err := netip.ParseAddr(host); err == nil || u.Scheme != "https" && host != "localhost" {
			continue
		}
		ofHost[host] = append(ofHost[host], origin)
	}
	p := Passkeys{map[string]*webauthn.WebAuthn{}}
	for host, own := range ofHost {
		party, err := webauthn.New(&webauthn.Config{RPID: host, RPDisplayName: "Casustafel", RPOrigins: own,
			AttestationPreference: protocol.PreferNoAttestation,
			AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementPreferred,
				UserVerification: protocol.VerificationRequired}})
		if err != nil {
			return Passkeys{}, fmt.Errorf("passkeys of %s: %w", host, err)
		}
		p.parties[host] = party
	}
	return p, nil
}

// Offered tells whether browsers can show passkeys at a host.
func (p Passkeys) Offered(host string) bool { return p.parties[host] != nil }

// Question is what a browser hands to a passkey, and what of it has to be kept
// until the answer comes.
type Question struct{ Options, Kept []byte }

// Credential is a passkey as it is kept.
type Credential struct{ ID, Kept []byte }

var errNoPasskeys = casework.Refuse(casework.Invalid, "no_passkeys")

// AskNew asks for a new passkey of an account that has these already.
func (p Passkeys) AskNew(host string, account Account, has [][]byte) (Question, error) {
	holder, err := holderOf(account, has)
	if err != nil {
		return Question{}, err
	}
	if !p.Offered(host) {
		return Question{}, errNoPasskeys
	}
	options, kept, err := p.parties[host].BeginRegistration(holder, webauthn.WithExclusions(webauthn.Credentials(holder.credentials).CredentialDescriptors()))
	if err != nil {
		return Question{}, fmt.Errorf("ask for a new passkey: %w", err)
	}
	return question(options.Response, kept)
}

// Take judges the answer to AskNew.
func (p Passkeys) Take(host string, account Account, kept, answer []byte) (Credential, error) {
	var session webauthn.SessionData
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil || !p.Offered(host) || json.Unmarshal(kept, &session) != nil {
		return Credential{}, ErrBadPasskey
	}
	made, err := p.parties[host].CreateCredential(holder{account: account}, session, parsed)
	if err != nil {
		return Credential{}, ErrBadPasskey
	}
	return credential(made)
}

// Ask asks for one of these passkeys of an account; without an account, for any
// that its browser has, which says whose it is.
func (p Passkeys) Ask(host string, account Account, has [][]byte) (Question, error) {
	if !p.Offered(host) {
		return Question{}, errNoPasskeys
	}
	var options *protocol.CredentialAssertion
	var kept *webauthn.SessionData
	holder, err := holderOf(account, has)
	switch {
	case err != nil:
		return Question{}, err
	case account.ID == "":
		options, kept, err = p.parties[host].BeginDiscoverableLogin()
	case len(has) == 0:
		return Question{}, errNoPasskeys
	default:
		options, kept, err = p.parties[host].BeginLogin(holder)
	}
	if err != nil {
		return Question{}, fmt.Errorf("ask for a passkey: %w", err)
	}
	return question(options.Response, kept)
}

// ErrBadPasskey is the one answer to every passkey that is not right.
var ErrBadPasskey = errors.New("the passkey is not right")

// HolderIn reads whose passkey an answer says it is, which nothing proves yet;
// false when it does not say.
func HolderIn(answer []byte) (casework.UserID, bool) {
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return "", false
	}
	user := casework.UserID(parsed.Response.UserHandle)
	return user, casework.ValidID(user)
}

// Judge judges the answer to Ask of an account that has these passkeys, and gives
// the one that was shown as it is to be kept from now on.
func (p Passkeys) Judge(host string, account Account, has [][]byte, kept, answer []byte) (Credential, error) {
	var session webauthn.SessionData
	holder, err := holderOf(account, has)
	if err != nil {
		return Credential{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil || !p.Offered(host) || json.Unmarshal(kept, &session) != nil {
		return Credential{}, ErrBadPasskey
	}
	var shown *webauthn.Credential
	if len(session.UserID) == 0 {
		shown, err = p.parties[host].ValidateDiscoverableLogin(func(_, _ []byte) (webauthn.User, error) { return holder, nil }, session, parsed)
	} else {
		shown, err = p.parties[host].ValidateLogin(holder, session, parsed)
	}
	if err != nil || shown.Authenticator.CloneWarning {
		return Credential{}, ErrBadPasskey
	}
	return credential(shown)
}

func question(options any, kept *webauthn.SessionData) (q Question, err error) {
	if q.Options, err = json.Marshal(options); err == nil {
		q.Kept, err = json.Marshal(kept)
	}
	return q, err
}

func credential(c *webauthn.Credential) (Credential, error) {
	kept, err := json.Marshal(c)
	return Credential{ID: c.ID, Kept: kept}, err
}

// holder is an account as the library wants to see it. Its handle is the id,
// which says nothing of who it is.
type holder struct {
	account     Account
	credentials []webauthn.Credential
}

func holderOf(account Account, has [][]byte) (holder, error) {
	h := holder{account, make([]webauthn.Credential, len(has))}
	for i, kept := range has {
		if err := json.Unmarshal(kept, &h.credentials[i]); err != nil {
			return holder{}, errors.New("a stored passkey cannot be read")
		}
	}
	return h, nil
}

// WebAuthnID implements webauthn.User.
func (h holder) WebAuthnID() []byte { return []byte(h.account.ID) }

// WebAuthnName implements webauthn.User.
func (h holder) WebAuthnName() string { return h.account.Login }

// WebAuthnDisplayName implements webauthn.User.
func (h holder) WebAuthnDisplayName() string { return h.account.Name }

// WebAuthnCredentials implements webauthn.User.
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.credentials }

// SameCredential tells whether what is kept of a passkey is of the one that was
// shown.
func SameCredential(kept []byte, shown Credential) bool {
	var c webauthn.Credential
	return json.Unmarshal(kept, &c) == nil && bytes.Equal(c.ID, shown.ID)
}
