package identity

import (
	"net/netip"
	"time"
)

// ThrottleWindow is how long a failed sign-in counts.
const ThrottleWindow = 15 * time.Minute

// Failures are the failed sign-ins of one key within the window.
type Failures struct {
	Count int
	Last  time.Time
}

// Attempt is what failed before a sign-in with one login from one address.
type Attempt struct {
	Pair    Failures // this login from this address
	Login   Failures // this login from anywhere
	Address Failures // any login from this address
}

const (
	freeTries     = 5  // of a login from an address: people mistype
	freeOfAddress = 50 // of an address: an office signs in from one
	crowd         = 50 // failures of a login from which on it is under attack
	longestWait   = 2 * time.Minute
)

// Throttled tells whether the attempt has to be refused at now, however right
// its password is. A guesser gets fewer and fewer tries, and only slows down
// itself: the first try with a login from an address that made no wrong one is
// never refused for what others did to that login.
func Throttled(now time.Time, a Attempt) bool {
	free := freeTries
	if a.Login.Count >= crowd {
		free = 1
	}
	return waiting(now, a.Pair, free) || waiting(now, a.Address, freeOfAddress)
}

// waiting tells whether a key that failed has to wait still. The wait after the
// last free try is a second and doubles with each failure.
func waiting(now time.Time, f Failures, free int) bool {
	if f.Count < free {
		return false
	}
	wait := longestWait
	if beyond := f.Count - free; beyond < 7 { // 2^7 s is more than the longest
		wait = time.Second << beyond
	}
	return now.Before(f.Last.Add(wait))
}

// AddressKey is what counts as one address: an IPv4 address, or the /64 that a
// single IPv6 customer has. What is not an address counts as it stands.
func AddressKey(from string) string {
	a, err := netip.ParseAddr(from)
	if err != nil {
		return from
	}
	a = a.Unmap().WithZone("")
	if a.Is4() {
		return a.String()
	}
	prefix, err := a.Prefix(64)
	if err != nil {
		return from
	}
	return prefix.String()
}
