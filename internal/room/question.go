package room

import (
	"context"
	"errors"
	"slices"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// questionsAtOnce is how many questions of one client are worked out at a time.
const questionsAtOnce = 4

// question is one about a card whose answer takes time: it is begun from
// what the client sees now, worked out away from the room, and given only if
// the client then still sees the card, with nobody let in or kept out meanwhile
// and its text the same or only written on: what was erased since does not go out.
// An answer that is pointing goes out only while it may point to all of it.
type question struct {
	event  audit.Event // on the record when it is refused; none of what a stay covers
	card   casework.CardID
	answer func(casework.Reader, view.Moment) (any, error)
	refuse func(*refusal) any
}

// pointing is an answer that names other cards and people of the case.
type pointing interface {
	pointsTo() (cards []casework.CardID, users []casework.UserID)
}

// ask has a question taken up once the client has what happened before it.
func (c *client) ask(q question) bool {
	r := c.room
	r.post(func() { r.inOrder(func() { r.takeUp(c, q) }) })
	return true
}

func (r *room) takeUp(c *client, q question) {
	reader, begun, err := r.sight(c, q.card)
	if err == nil && c.questions >= questionsAtOnce {
		err = casework.Refuse(casework.TooMany, "rate")
	}
	if err != nil {
		r.turnDown(c, q, reader, err)
		return
	}
	moment := r.moment
	c.questions++
	r.hub.writing.Go(func() {
		reply, err := q.answer(reader, moment)
		r.post(func() {
			c.questions--
			r.inOrder(func() { r.give(c, q, begun, reply, err) })
		})
	})
}

// turnDown refuses a question, with its record before its answer where it was about
// something that is not to be seen; whoever is too fast or too early asks again.
func (r *room) turnDown(c *client, q question, reader casework.Reader, err error) {
	var refusal *casework.Error
	if q.event == "" || !errors.As(err, &refusal) || refusal.Kind != casework.NotFound {
		c.send(encode(q.refuse(refusalFor(err))))
		return
	}
	c.questions++
	r.hub.writing.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), askWithin)
		defer cancel()
		err := r.hub.Cases.RefuseInRoom(ctx, c.actor, r.id, reader, q.event, refusal)
		r.post(func() {
			c.questions--
			r.inOrder(func() { c.send(encode(q.refuse(refusalFor(err)))) })
		})
	})
}

func (r *room) give(c *client, q question, begun *casework.Card, reply any, err error) {
	reader, card, gone := r.sight(c, q.card)
	switch {
	case gone != nil:
		err = gone
	case err == nil && (card.Era != begun.Era || card.Text != begun.Text && len(view.StepsSince(card, begun.Text)) == 0):
		err = casework.Refuse(casework.Unavailable, "unavailable") // asked again, it tells of how things are now
	case err == nil && !mayPoint(view.SeatOf(reader, r.moment), card, reply):
		err = casework.Refuse(casework.Unavailable, "unavailable")
	}
	if err != nil {
		reply = q.refuse(refusalFor(err))
	}
	c.send(encode(reply))
}

// mayPoint tells whether all that an answer about a card names is still known to
// all who may read that card.
func mayPoint(seat view.Seat, card *casework.Card, reply any) bool {
	p, ok := reply.(pointing)
	if !ok {
		return true
	}
	cards, users := p.pointsTo()
	if len(cards)+len(users) == 0 {
		return true
	}
	mayCards, mayUsers := seat.Targets(card)
	return within(cards, mayCards) && within(users, mayUsers)
}

// within tells whether all of some are among those, which are sorted.
func within[T ~string](some, those []T) bool {
	return !slices.ContainsFunc(some, func(one T) bool {
		_, found := slices.BinarySearch(those, one)
		return !found
	})
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
