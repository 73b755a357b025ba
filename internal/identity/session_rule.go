package identity

import "time"

// Times of a session when nothing else is configured, and how often a session
// is marked as seen.
const (
	DefaultIdle     = 30 * time.Minute
	DefaultAbsolute = 12 * time.Hour
	SeenEvery       = time.Minute
)

// SessionRule says when a session ends by itself. A field that is zero has its
// default.
type SessionRule struct {
	Idle     time.Duration // after the last use
	Absolute time.Duration // after sign-in, used or not
}

// Ended tells whether a session that was made, last seen and ended (zero: not)
// at these times is over at now.
func (r SessionRule) Ended(now, created, seen, ended time.Time) bool {
	return !ended.IsZero() || !now.Before(r.End(created, seen))
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
