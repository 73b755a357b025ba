package identity

import (
	"context"
	"sync"

	"github.com/casustafel/casustafel/internal/casework"
)

const (
	insideAtOnce = 4  // sign-ins that are being dealt with; the others wait
	ofOneAddress = 64 // that wait or are being dealt with; more are sent away
)

// Doorway keeps a flood of sign-ins away from the database, which others work
// with, and the flood of one address away from those who come from elsewhere.
// The zero value is ready.
type Doorway struct {
	once   sync.Once
	inside chan struct{}

	mu sync.Mutex
	of map[string]int // sign-ins of each address
}

// Enter waits for a place; leave gives it back. Too many of one address are
// casework.TooMany at once. The error is that of ctx when it ended before there
// was a place.
func (d *Doorway) Enter(ctx context.Context, address string) (leave func(), err error) {
	d.once.Do(func() { d.inside, d.of = make(chan struct{}, insideAtOnce), map[string]int{} })
	if !d.count(address) {
		return nil, casework.Refuse(casework.TooMany, "rate")
	}
	select {
	case d.inside <- struct{}{}:
		return func() { <-d.inside; d.uncount(address) }, nil
	case <-ctx.Done():
		d.uncount(address)
		return nil, ctx.Err()
	}
}

func (d *Doorway) count(address string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.of[address] >= ofOneAddress {
		return false
	}
	d.of[address]++
	return true
}

func (d *Doorway) uncount(address string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.of[address]--; d.of[address] == 0 {
		delete(d.of, address)
	}
}
