package room

import (
	"errors"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// looksAtOnce is how many questions of one client are worked out at a time.
const looksAtOnce = 4

// look is a question about one card whose answer takes time: it is begun from
// what the client sees now, worked out away from the room, and given only if
// the client then still sees the card, with nobody let in or kept out meanwhile.
type look struct {
	card   casework.CardID
	answer func(casework.Reader, view.Moment) (any, error)
	refuse func(*refusal) any
}

// ask takes up a look of a client.
func (r *room) ask(c *client, l look) {
	reader, begun, err := r.sight(c, l.card)
	if err == nil && c.looks >= looksAtOnce {
		err = casework.Refuse(casework.TooMany, "rate")
	}
	if err != nil {
		c.send(encode(l.refuse(refusalFor(err))))
		return
	}
	moment := r.moment
	c.looks++
	r.hub.writing.Go(func() {
		reply, err := l.answer(reader, moment)
		r.post(func() {
			c.looks--
			r.inOrder(func() { r.give(c, l, begun, reply, err) })
		})
	})
}

func (r *room) give(c *client, l look, begun *casework.Card, reply any, err error) {
	_, card, gone := r.sight(c, l.card)
	switch {
	case gone != nil:
		err = gone
	case err == nil && card.Era != begun.Era:
		err = casework.Refuse(casework.Unavailable, "unavailable") // asked again, it tells of how things are now
	}
	if err != nil {
		reply = l.refuse(refusalFor(err))
	}
	c.send(encode(reply))
}

// sight finds a card as far as the client sees it now.
func (r *room) sight(c *client, id casework.CardID) (casework.Reader, *casework.Card, error) {
	reader, ok := r.reader(c)
	if !ok || !r.hub.Fresh() {
		return reader, nil, casework.Refuse(casework.Unavailable, "unavailable")
	}
	card, ok := view.SeatOf(reader, r.moment).Card(id)
	if !ok {
		return reader, nil, casework.Absent()
	}
	return reader, card, nil
}

func refusalFor(err error) *refusal {
	told := casework.Refuse(casework.Internal, "internal")
	errors.As(err, &told)
	return &refusal{Kind: told.Kind, Reason: told.Reason}
}
