package room

import (
	"context"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// history asks what was done with a card, and by whom.
type history struct {
	Type string             `json:"t"`
	ID   casework.CommandID `json:"id"`
	Card casework.CardID    `json:"card"`
}

// happened is the answer.
type happened struct {
	Type   string             `json:"t"`
	ID     casework.CommandID `json:"id"`
	Lines  []view.Line        `json:"lines"`
	Unread casework.TextID    `json:"unread,omitempty"` // the version from before all that others wrote since the last look
	Error  *refusal           `json:"error,omitempty"`
}

func (m *history) handle(c *client) bool {
	return c.ask(question{event: "history", card: m.Card, refuse: m.refuse, answer: c.lookingBack(func(ctx context.Context, reader casework.Reader, at view.Moment) (any, error) {
		return m.answer(ctx, c, reader, at)
	})})
}

// answer reads the log up to what the client has been shown. That it was
// asked is on the record before.
func (m *history) answer(ctx context.Context, c *client, reader casework.Reader, at view.Moment) (any, error) {
	events, err := c.hub.Cases.History(ctx, c.actor, at.State.ID, reader, m.Card, at.State.Seq)
	if err != nil {
		return nil, err
	}
	lines, err := view.History(events, m.Card, at, reader)
	if err != nil {
		c.hub.Log.Error("tell the history of a card", "err", err)
		return nil, casework.Refuse(casework.Internal, "internal")
	}
	unread := view.Unread(lines, c.before.seen, c.before.at, at.State.Cards[m.Card], reader.User)
	return happened{Type: "happened", ID: m.ID, Lines: lines, Unread: unread}, nil
}

// lookingBack makes an answer wait for its turn to look back, and gives it no longer
// than one may wait.
func (c *client) lookingBack(answer func(context.Context, casework.Reader, view.Moment) (any, error)) func(casework.Reader, view.Moment) (any, error) {
	return func(reader casework.Reader, at view.Moment) (any, error) {
		ctx, cancel := context.WithTimeout(context.Background(), askWithin)
		defer cancel()
		leave, err := c.hub.lookBack(ctx, c.user)
		if err != nil {
			return nil, err
		}
		defer leave()
		return answer(ctx, reader, at)
	}
}

// lookBack keeps histories, each of which goes through a whole log, from taking a
// node's database and processors from everybody else. A user's second one is
// refused; others only wait, as whether somebody else looks back is nobody's
// business.
func (h *Hub) lookBack(ctx context.Context, user *userLimits) (leave func(), err error) {
	if !user.lookingBack.CompareAndSwap(false, true) {
		return nil, casework.Refuse(casework.TooMany, "rate")
	}
	select {
	case h.histories <- struct{}{}:
		return func() {
			<-h.histories
			user.lookingBack.Store(false)
		}, nil
	case <-ctx.Done():
		user.lookingBack.Store(false)
		return nil, casework.Refuse(casework.TooMany, "rate")
	}
}

func (m *history) refuse(why *refusal) any {
	return happened{Type: "happened", ID: m.ID, Lines: []view.Line{}, Error: why}
}
