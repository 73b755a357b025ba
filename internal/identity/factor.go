package identity

import "time"

// FactorKind is what somebody shows as a second factor.
type FactorKind string

// Kinds of factors. A recovery code is no factor that one has, but opens the
// door as one.
const (
	Passkey  FactorKind = "passkey"
	TOTP     FactorKind = "totp"
	Recovery FactorKind = "recovery"
)

// Factor is a second factor of an account, without its secret.
type Factor struct {
	ID      string
	Kind    FactorKind
	Host    string // of a passkey: where it can be shown
	Browser string // kind of browser it was made in
	Added   time.Time
	Used    time.Time // zero: never
}

// Times of the second step.
const (
	HalfLife     = 15 * time.Minute    // of a session without a second factor
	ProvenFor    = 5 * time.Minute     // that a second factor was shown, for what needs one at hand
	QuestionLife = 5 * time.Minute     // of what a passkey is asked
	SecretLife   = 15 * time.Minute    // of a secret that no code was given of yet
	PlaceLife    = 30 * 24 * time.Hour // that an account is known at an address
	ResetDelay   = 24 * time.Hour      // when nothing else is configured
)

// FactorsAtMost is how many factors an account may have.
const FactorsAtMost = 10

// Half tells whether a session lacks its second factor, which was last shown at
// a time (zero: never). Accounts of the demo have none; nobody else goes without.
func Half(account Account, second time.Time) bool { return second.IsZero() && !account.Demo }

// Proven tells whether a second factor was shown just now, as what cannot be
// undone asks for. A clock that was put back proves nothing.
func Proven(account Account, second, now time.Time) bool {
	return account.Demo || !second.IsZero() && !now.Before(second) && now.Sub(second) < ProvenFor
}

// freeSecond is how many wrong codes of an account count before others than those
// at its own places wait.
const freeSecond = 10

// ThrottledSecond tells whether a code has to be refused at now, however right it
// is. Who guesses knows the password already and the codes are short: from all
// addresses together few are looked at. At a place where the account showed a
// second factor before, only what failed there counts: nobody else locks it out.
func ThrottledSecond(now time.Time, a Attempt, ownPlace bool) bool {
	return waiting(now, a.Pair, freeTries) || waiting(now, a.Address, freeOfAddress) || !ownPlace && waiting(now, a.Login, freeSecond)
}
