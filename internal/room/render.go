package room

import (
	"context"
	"strings"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/markdown"
	"github.com/casustafel/casustafel/internal/view"
)

// render asks for the text of a card as it is to be shown.
type render struct {
	Type string             `json:"t"`
	ID   casework.CommandID `json:"id"`
	Card casework.CardID    `json:"card"`
}

// rendered is the answer: safe HTML of the version of the text that base names.
type rendered struct {
	Type  string             `json:"t"`
	ID    casework.CommandID `json:"id"`
	Base  casework.TextID    `json:"base,omitempty"`
	HTML  string             `json:"html"`
	Error *refusal           `json:"error,omitempty"`

	links links
}

// links are what a note could point to when it was rendered.
type links struct {
	cards []casework.CardID
	users []casework.UserID
}

func (m *render) handle(c *client) bool {
	return c.ask(question{card: m.Card, refuse: m.refuse, answer: func(reader casework.Reader, at view.Moment) (any, error) {
		return m.answer(c, reader, at)
	}})
}

func (m *render) answer(c *client, reader casework.Reader, at view.Moment) (any, error) {
	seat := view.SeatOf(reader, at)
	card, ok := seat.Card(m.Card)
	if !ok {
		return nil, casework.Absent()
	}
	to := linksOf(seat, card)
	named := to.named(seat)
	html, err := c.room.renderings.of(card, named, func() (string, error) {
		ctx, cancel := context.WithTimeout(context.Background(), askWithin)
		defer cancel()
		leave, err := c.hub.takeTurn(ctx, c.user)
		if err != nil {
			return "", err
		}
		defer leave()
		html, err := markdown.HTML(card.Text.Body, named)
		if err != nil {
			return "", casework.Refuse(casework.Invalid, "text_not_rendered")
		}
		return html, nil
	})
	if err != nil {
		return nil, err
	}
	return rendered{Type: "rendered", ID: m.ID, Base: card.Text.ID, HTML: html, links: to}, nil
}

func (r rendered) pointsTo() ([]casework.CardID, []casework.UserID) {
	return r.links.cards, r.links.users
}

func (m *render) refuse(why *refusal) any { return rendered{Type: "rendered", ID: m.ID, Error: why} }

// linksOf is what the note of a card may point to. Most point to nothing, and what
// they may point to is not worked out.
func linksOf(seat view.Seat, card *casework.Card) (to links) {
	if strings.ContainsAny(card.Text.Body, "#@") {
		to.cards, to.users = seat.Targets(card)
	}
	return to
}

// named gives them with what colleagues are called.
func (l links) named(seat view.Seat) markdown.Links {
	to := markdown.Links{People: map[string]string{}}
	for _, id := range l.cards {
		to.Cards = append(to.Cards, string(id))
	}
	for _, user := range l.users {
		to.People[string(user)] = seat.NameOf(user)
	}
	return to
}

// takeTurn keeps renderings from taking a node's processors from everybody else:
// those of one user come one after the other, and all wait for their turn, as
// whether somebody else renders is nobody's business.
func (h *Hub) takeTurn(ctx context.Context, user *userLimits) (leave func(), err error) {
	for i, turn := range []chan struct{}{user.renders, h.renderings} {
		select {
		case turn <- struct{}{}:
		case <-ctx.Done():
			if i > 0 {
				<-user.renders
			}
			return nil, casework.Refuse(casework.TooMany, "rate")
		}
	}
	return func() {
		<-h.renderings
		<-user.renders
	}, nil
}
