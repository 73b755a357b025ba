package app

import (
	"context"
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// openedCard is what the author of a card is told: that somebody else opened it
// (the policy may let others do so), or that it came under a lend of the person that
// it is about.
type openedCard struct {
	author casework.UserID
	notice store.Notice
	lend   casework.GivenID // empty: none
}

// openedByOthers finds whose cards the changes opened to anybody, but by their
// author's own act.
func openedByOthers(before, after view.Moment, actor casework.Reader, changes []casework.Change) (opened []openedCard) {
	for _, change := range changes {
		id := openedBy(change)
		was, is := before.State.Cards[id], after.State.Cards[id]
		if was == nil || is == nil || is.Draft() {
			continue
		}
		notice := store.Notice{Case: after.State.ID, Kind: store.NoticeShared, Object: string(id), By: actor.User}
		if !was.Draft() && is.Author.User != actor.User && gains(before, after, actor, *was, *is) {
			opened = append(opened, openedCard{author: is.Author.User, notice: notice})
		}
		notice.Kind = store.NoticeLent
		for _, lend := range lendsOpening(before, after, id) {
			opened = append(opened, openedCard{is.Author.User, notice, lend})
		}
	}
	return opened
}

// openedBy is the card that a change may open to somebody; empty for any other.
func openedBy(change casework.Change) casework.CardID {
	switch change := change.(type) {
	case *casework.CardTabled:
		return change.Card
	case *casework.CardReclassed:
		return change.Card
	case *casework.CardReperspectived:
		return change.Card
	}
	return ""
}

// gains tells whether anybody came to read a card.
func gains(before, after view.Moment, actor casework.Reader, was, is casework.Card) bool {
	read := view.SeatOf(actor, before).Readers(was)
	for user, reads := range view.SeatOf(actor, after).Readers(is) {
		if reads && !read[user] {
			return true
		}
	}
	return false
}

// lendsOpening are the lends through which alone somebody came to read a card.
func lendsOpening(before, after view.Moment, id casework.CardID) (lends []casework.GivenID) {
	reads := func(r casework.Reader, m view.Moment) bool {
		_, sees := view.SeatOf(r, m).Card(id)
		return sees
	}
	for _, m := range after.Access.Team {
		r, sits := after.Access.Reader(m.User, after.At)
		i := slices.IndexFunc(r.Given, func(g casework.Given) bool {
			return g.Kind == casework.GrantLend && g.CoversCard(after.State.Cards[id])
		})
		if !sits || i < 0 || !reads(r, after) || reads(r, before) {
			continue
		}
		if !reads(r.WithGiven(func(g casework.Given) bool { return g.Kind != casework.GrantLend }), after) {
			lends = append(lends, r.Given[i].ID)
		}
	}
	return lends
}

// tellAuthors tells them, of a lend by whoever lent it.
func (b *batch) tellAuthors(ctx context.Context, tx *store.Tx) error {
	for _, o := range b.opened {
		if o.lend != "" {
			gifts, err := tx.Gifts(ctx, o.notice.Case)
			if err != nil {
				return err
			}
			for _, g := range gifts {
				if g.ID == o.lend {
					o.notice.By = g.By
				}
			}
		}
		if err := b.app.notify(ctx, tx, o.notice, o.author); err != nil {
			return err
		}
	}
	return nil
}
