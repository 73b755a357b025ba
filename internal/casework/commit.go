package casework

import "time"

// Commit is a case after a committed change, with the rights that held when it
// was decided. Access is nil where only the state is known.
type Commit struct {
	State  *State
	Epoch  int64
	Access *Access
	Asked  time.Time // when the epoch was asked for, at the latest
}
