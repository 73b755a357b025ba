// Package app holds the use cases and the committer: the door of every change
// and of every look. One file a feature.
package app

import (
	"io"
	"log/slog"
	"sync/atomic"
	"time"

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
	Now    func() time.Time // the clock
	Random io.Reader        // identifiers and tokens are drawn from it
}

// App is the door.
type App struct {
	store  *store.Store
	log    *slog.Logger
	node   string
	now    func() time.Time
	random io.Reader
	policy atomic.Pointer[policy.Policy]
}
