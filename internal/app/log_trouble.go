package app

import (
	"sync/atomic"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/store"
)

// LogTrouble is what whoever runs the server has to look at, in a word of its metrics.
// It is known on this node, also when nothing can be written anywhere.
type LogTrouble string

// Troubles.
const (
	LogHeld        LogTrouble = "held"           // the log is not what was signed
	LogSuspect     LogTrouble = "verify_failed"  // a check of a stretch of it says so
	LogUnsigned    LogTrouble = "checkpoint_old" // lines wait to be signed for long
	LogUnwritten   LogTrouble = "not_recorded"   // a line could not be written lately
	AlarmsUnraised LogTrouble = "alarms_wait"    // it cannot be looked through for alarms
)

// AllLogTroubles are all there are.
var AllLogTroubles = []LogTrouble{LogHeld, LogSuspect, LogUnsigned, LogUnwritten, AlarmsUnraised}

// unwrittenFor is how long a line that could not be written is told of.
const unwrittenFor = 5 * time.Minute

// logWatch is what this node last saw of the access log itself.
type logWatch struct {
	started    time.Time // by the clock of decisions
	health     atomic.Pointer[store.LogHealth]
	unrecorded atomic.Pointer[time.Time] // when a line could not be written last
	unraised   atomic.Bool               // the last look for alarms failed
}

// unsignedFor is how long the oldest line that no checkpoint covers waits, as far as
// this node was there to see it: what a stopped server left is signed first.
func (a *App) unsignedFor() time.Duration {
	health := a.logWatch.health.Load()
	if health == nil || health.Unsigned == nil {
		return 0
	}
	since := *health.Unsigned
	if since.Before(a.logWatch.started) {
		since = a.logWatch.started
	}
	return a.moment().Sub(since)
}

// LogTroubles are those there are now.
func (a *App) LogTroubles() (found []LogTrouble) {
	unrecorded, health := a.logWatch.unrecorded.Load(), a.logWatch.health.Load()
	for _, one := range []struct {
		trouble LogTrouble
		is      bool
	}{
		{LogHeld, a.LogState().Held != ""},
		{LogSuspect, health != nil && health.Changed()},
		{LogUnsigned, audit.DefaultLimits.Overdue(a.unsignedFor(), a.checkpointEvery)},
		{LogUnwritten, unrecorded != nil && time.Since(*unrecorded) < unwrittenFor},
		{AlarmsUnraised, a.logWatch.unraised.Load()},
	} {
		if one.is {
			found = append(found, one.trouble)
		}
	}
	return found
}
