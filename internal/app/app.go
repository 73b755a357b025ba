// Package app holds the use cases and the committer: the door of every change
// and of every look. One file a feature.
package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
)

// Config is what the use cases work with. Every field but Store and Policy has
// a usable zero value.
type Config struct {
	Store  *store.Store
	Policy *policy.Policy
	Log    *slog.Logger
	Node   string           // names this node in records
	Source string           // names this program there, with its version
	Now    func() time.Time // the clock
	Random io.Reader        // identifiers and tokens are drawn from it

	Sessions   identity.SessionRule // when sessions end by themselves
	Passkeys   identity.Passkeys    // at which hosts, if any
	ResetDelay time.Duration        // from a confirmed reset of factors to its effect; zero: identity.ResetDelay

	BackupsKept time.Duration // how long a backup is kept at most; zero: BackupsKept

	Signing         *store.Signing // what the access log is signed with; nil: it is not signed
	CheckpointEvery time.Duration  // how often, while it grows; zero: every ten seconds

	Witnesses []*audit.CosignVerifier // partners who may see how the access log grows
}

// App is the door.
type App struct {
	store     *store.Store
	log       *slog.Logger
	node      string
	source    string
	now       func() time.Time
	random    io.Reader
	serving   atomic.Pointer[servingPolicy]
	committer *committer
	nudger    *nudger
	publish   atomic.Pointer[func(casework.Commit)]
	ears      atomic.Pointer[Ears]
	post      atomic.Pointer[func(context.Context, Letter)]
	postman   sync.WaitGroup // of letters that are on their way
	sessions  identity.SessionRule
	passwords identity.Passwords
	doorway   identity.Doorway

	passkeys   identity.Passkeys
	resetDelay time.Duration

	backupsKept time.Duration
	attest      atomic.Pointer[Attest]

	tails        *tails
	stays        openStays
	stepsDropped atomic.Pointer[time.Time] // when last

	signing         *store.Signing
	checkpointEvery time.Duration
	stood           atomic.Pointer[standing] // what the tree was held to last
	logState        atomic.Pointer[LogState]
	logWatch        logWatch

	witnesses witnesses
}

// New makes the door and starts its committer; Close stops it.
func New(c Config) *App {
	a := &App{store: c.Store, log: c.Log, node: c.Node, source: cmp.Or(c.Source, "casustafel"), now: c.Now, random: c.Random, sessions: c.Sessions, passkeys: c.Passkeys, resetDelay: c.ResetDelay,
		backupsKept: c.BackupsKept, tails: newTails(), signing: c.Signing, checkpointEvery: c.CheckpointEvery, witnesses: witnesses{known: c.Witnesses}}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	if a.now == nil {
		a.now = time.Now
	}
	if a.random == nil {
		a.random = rand.Reader
	}
	if a.resetDelay <= 0 {
		a.resetDelay = identity.ResetDelay
	}
	if a.backupsKept <= 0 {
		a.backupsKept = BackupsKept
	}
	if a.checkpointEvery <= 0 {
		a.checkpointEvery = checkpointsEvery
	}
	a.logWatch.started = a.moment()
	a.serving.Store(&servingPolicy{Policy: c.Policy})
	a.nudger = newNudger(a.store, a.log)
	a.committer = newCommitter(a)
	if a.signing != nil {
		a.CertifyWith(a.signedTree)
	}
	return a
}

// Publish names who is told of every commit of this node, right after it. The
// function must not wait.
func (a *App) Publish(f func(casework.Commit)) { a.publish.Store(&f) }

// Close finishes what was accepted, then stops. Nothing is accepted after it.
func (a *App) Close() {
	a.EndTails()
	a.committer.close()
	a.nudger.close()
	a.postman.Wait()
}

// moment is the time of a decision, in the precision that the database keeps.
func (a *App) moment() time.Time { return a.now().UTC().Truncate(time.Microsecond) }

// fault hides an error of ours behind one that may be told, and logs its cause.
// Only what may pass invites to try again; an event that this node does not know
// yet passes when the node is renewed.
func (a *App) fault(what string, err error) *casework.Error {
	var told *casework.Error
	if errors.As(err, &told) {
		return told
	}
	a.log.Error(what, "err", err)
	if store.NotRecorded(err) {
		a.logWatch.unrecorded.Store(new(time.Now()))
		return &casework.Error{Kind: casework.Unavailable, Reason: casework.NotRecorded, Err: err}
	}
	if errors.Is(err, casework.ErrUnknownChange) || store.Passing(err) && !casework.IsBroken(err) {
		return &casework.Error{Kind: casework.Unavailable, Reason: "unavailable", Err: err}
	}
	return &casework.Error{Kind: casework.Internal, Reason: "internal", Err: err}
}

// panicked logs a panic that was recovered from, but not its value, which may
// hold content, and gives what is told of it.
func (a *App) panicked(what string) *casework.Error {
	a.log.Error("a panic was contained", "during", what, "stack", string(debug.Stack()))
	return casework.Refuse(casework.Internal, "internal")
}
