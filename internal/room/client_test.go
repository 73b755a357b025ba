package room

import (
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// A pong is work for the room once for each ping: nothing else limits how many
// a client sends.
func TestPongsThatNobodyAskedForAreNoWork(t *testing.T) {
	r := newRoom(NewHub(Config{Now: time.Now}), "C", &casework.Access{})
	c := &client{hub: r.hub, room: r, group: &group{}, writing: true}
	r.clients[c] = struct{}{}
	flood := func(when string, work int) {
		t.Helper()
		for range 10 {
			for _, ping := range []string{"", askLook, "anything"} {
				c.pong(ping)
			}
		}
		if len(r.inbox) != work {
			t.Errorf("%s: %d pieces of work, want %d", when, len(r.inbox), work)
		}
	}
	flood("nobody asked", 0)
	c.ping()
	flood("after a ping", 1)
	r.inbox[0]() // asks whether what was sent has arrived
	flood("after that", 2)
	r.inbox[1]()
	if c.looking.got.moment.Access != r.moment.Access {
		t.Error("it did not hear that it arrived")
	}
	flood("after all", 2)
}
