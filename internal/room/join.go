package room

import (
	"context"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// join is the first message: which case, through which eyes, and what the client
// has of it already.
type join struct {
	Type   string          `json:"t"`
	Case   casework.CaseID `json:"case"`
	Cursor string          `json:"cursor"`
	Seat   string          `json:"seat"`
	As     string          `json:"as"` // onScreen, or the member to look along with
}

// onScreen asks for the eyes of the Scherm.
const onScreen = "screen"

// eyes are those that the frame asks for; false when nobody can have them.
func (m *join) eyes() (view.Eyes, bool) {
	switch m.As {
	case "":
		return view.Eyes{}, true
	case onScreen:
		return view.Eyes{Screen: true}, true
	}
	as := casework.UserID(m.As)
	return view.Eyes{As: as}, casework.ValidID(as)
}

const askWithin = 20 * time.Second

func (m *join) handle(c *client) bool {
	ctx, cancel := context.WithTimeout(context.Background(), askWithin)
	defer cancel()
	eyes, ok := m.eyes()
	if !ok || !casework.ValidID(m.Case) {
		c.close(closeNoCase)
		return true
	}
	// The session may have ended, or been locked, while this connection was not
	// yet among those that are looked after.
	states, err := c.hub.Cases.LiveSessions(ctx, [][]byte{c.visitor.Session})
	if err != nil {
		c.close(closeUnsure)
		return true
	}
	if !c.closeUnless(states[string(c.visitor.Session)]) {
		return true
	}
	asked := c.hub.Now()
	entered, err := c.hub.Cases.Enter(ctx, c.actor, m.Case, eyes, c.hub.known(m.Case))
	switch {
	case casework.KindOf(err) == casework.NotFound:
		c.close(closeNoCase)
		return true
	case err != nil:
		c.close(closeFor(err))
		return true
	}
	if eyes.Own() {
		c.recallLook(ctx, m.Case)
	}
	c.hub.raiseEpoch(entered.Access.Epoch)
	if c.hub.epoch.Load() == entered.Access.Epoch {
		c.hub.confirmedAt(asked)
	}
	r, ok := c.hub.open(m.Case, entered.Access)
	if !ok {
		c.close(closeRestart)
		c.leftAtOnce(ctx, m.Case, entered)
		return true
	}
	c.eyes = eyes
	c.room = r // from here on leaving counts it out again
	if err := c.joined(); err != nil {
		return false
	}
	r.post(func() { r.arrive(c, m, entered) })
	return true
}
