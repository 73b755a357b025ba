package audit

import "time"

const (
	// logWithin is in how much time what an alarm about the log tells of goes on: a server
	// that was started again has found it by then.
	logWithin = time.Hour
	// answeredWithin is how long an answer to such an alarm stands while it goes on.
	answeredWithin = 24 * time.Hour
)

// Overdue tells whether lines that wait so long to be signed, by a server that signs
// every so often, wait longer than an organisation wants to hear of.
func (l Limits) Overdue(waits, every time.Duration) bool {
	return waits > time.Duration(l.Checkpoint)*time.Minute+every
}

// LogGoesOn tells whether what is found at a moment is that of an alarm about the log
// that went on until last, and was answered or not: it raises no other.
func LogGoesOn(now, last time.Time, answered *time.Time) bool {
	return now.Sub(last) < logWithin && (answered == nil || now.Sub(*answered) < answeredWithin)
}
