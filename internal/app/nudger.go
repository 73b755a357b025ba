package app

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// nudgePause gathers nudges: a NOTIFY costs every committing transaction of the
// server, so there are at most twenty a second from a node.
const nudgePause = 50 * time.Millisecond

// Words of a nudge, each followed by ids.
const (
	nudgeCase   = "case"
	nudgeRights = "rights"
	nudgeErased = "erased"
	nudgeHere   = "here"
	nudgeCarets = "carets"
)

// nudger tells the other nodes which cases changed, and up to which head: who has
// that already, this node too, does not look. Losing a nudge is harmless: they
// look by themselves every second.
type nudger struct {
	store   *store.Store
	log     *slog.Logger
	mu      sync.Mutex
	heads   map[casework.CaseID]int64
	words   []string
	wake    chan struct{}
	stop    chan struct{}
	stopped chan struct{}
}

func newNudger(s *store.Store, log *slog.Logger) *nudger {
	n := &nudger{store: s, log: log, heads: map[casework.CaseID]int64{}, wake: make(chan struct{}, 1), stop: make(chan struct{}), stopped: make(chan struct{})}
	go n.run()
	return n
}

func (n *nudger) changed(id casework.CaseID, head int64) {
	n.mu.Lock()
	n.heads[id] = max(n.heads[id], head)
	n.mu.Unlock()
	n.awake()
}

func (n *nudger) rightsChanged() { n.say(nudgeRights) }

// say sends a nudge of its own; one that is too long is left out.
func (n *nudger) say(payload string) {
	if len(payload) > store.MaxNudge {
		return
	}
	n.mu.Lock()
	n.words = append(n.words, payload)
	n.mu.Unlock()
	n.awake()
}

func (n *nudger) awake() {
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

func (n *nudger) close() {
	close(n.stop)
	<-n.stopped
}

func (n *nudger) run() {
	defer close(n.stopped)
	for {
		select {
		case <-n.wake:
			n.send()
		case <-n.stop:
			n.send()
			return
		}
		select {
		case <-time.After(nudgePause):
		case <-n.stop:
		}
	}
}

func (n *nudger) send() {
	n.mu.Lock()
	payloads := n.words
	words := make([]string, 0, len(n.heads))
	for id, head := range n.heads {
		words = append(words, string(id)+":"+strconv.FormatInt(head, 10))
	}
	n.words, n.heads = nil, map[casework.CaseID]int64{}
	n.mu.Unlock()
	const longestWord = casework.IDLength + len(" :9223372036854775807")
	const perNudge = store.MaxNudge/longestWord - 1
	for some := range slices.Chunk(words, perNudge) {
		payloads = append(payloads, nudgeCase+" "+strings.Join(some, " "))
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	for _, payload := range payloads {
		if err := n.store.Nudge(ctx, payload); err != nil {
			n.log.Warn("nudge the other nodes", "err", err)
			return
		}
	}
}
