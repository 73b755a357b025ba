package identity

import "time"

// Times of a session when nothing else is configured, and how often a session
// is marked as seen.
const (
	DefaultIdle     = 30 * time.Minute
	DefaultAbsolute = 12 * time.Hour
	SeenEvery       = time.Minute
)

// ClocksDiffer is how much the clocks of two nodes may differ.
const ClocksDiffer = 5 * time.Minute

// SessionRule says when a session ends or locks by itself.
type SessionRule struct {
	Idle     time.Duration // until it ends, after the last use; zero: the default
	Absolute time.Duration // until it ends, after sign-in, used or not; zero: the default
	Lock     time.Duration // until a page that is left alone locks itself; zero: never
}

// Locked tells whether a session that was last seen and locked (zero: not) at
// these times is locked at now. Pages lock themselves; a browser that was closed
// or broke down does not, and its session locks without it.
func (r SessionRule) Locked(now, seen, locked time.Time) bool {
	return !locked.IsZero() || !seen.After(r.LockedSeen(now))
}

// LockedSeen is when a session was last seen, at the latest, that has locked by
// itself at now; zero: none has. A page marks its session as used at most once in
// SeenEvery, and so does the server: what a page still holds open may have been
// seen that much before its last use.
func (r SessionRule) LockedSeen(now time.Time) time.Time {
	if r.Lock <= 0 {
		return time.Time{}
	}
	return now.Add(-r.Lock - 2*SeenEvery)
}

// Ended tells whether a session that was made, last seen and ended (zero: not)
// at these times is over at now. One of a later time than now is over too: the
// clock was put back, and how long it has lasted nobody knows.
func (r SessionRule) Ended(now, created, seen, ended time.Time) bool {
	ahead := now.Add(ClocksDiffer)
	return !ended.IsZero() || !now.Before(r.End(created, seen)) || created.After(ahead) || seen.After(ahead)
}

// End is the first moment at which a session is over if nobody uses it again.
func (r SessionRule) End(created, seen time.Time) time.Time {
	idle, absolute := r.Idle, r.Absolute
	if idle <= 0 {
		idle = DefaultIdle
	}
	if absolute <= 0 {
		absolute = DefaultAbsolute
	}
	if end := created.Add(absolute); end.Before(seen.Add(idle)) {
		return end
	}
	return seen.Add(idle)
}
