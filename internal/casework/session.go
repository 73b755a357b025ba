package casework

// SessionState is what may be done under a session now.
type SessionState int

// States of a session; what is not known to hold is over.
const (
	SessionOver   SessionState = iota // nothing
	SessionLocked                     // unlock it, or sign out
	SessionOpen                       // everything that its account may
)
