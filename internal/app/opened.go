package app

import (
	"context"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// openedByOthers are notices to the authors whose cards on the table somebody else
// just opened to anybody: the policy may let others than the author do so.
func openedByOthers(before, after view.Moment, actor casework.Reader, changes []casework.Change) (notices []openedCard) {
	for _, change := range changes {
		var id casework.CardID
		switch change := change.(type) {
		case *casework.CardReclassed:
			id = change.Card
		case *casework.CardReperspectived:
			id = change.Card
		}
		was, is := before.State.Cards[id], after.State.Cards[id]
		if was == nil || is == nil || was.Draft() || is.Author.User == actor.User {
			continue
		}
		read := view.SeatOf(actor, before).Readers(*was)
		for user, reads := range view.SeatOf(actor, after).Readers(*is) {
			if reads && !read[user] {
				notices = append(notices, openedCard{is.Author.User, store.Notice{Case: after.State.ID, Kind: store.NoticeShared, Object: string(id), By: actor.User}})
				break
			}
		}
	}
	return notices
}

// openedCard is a notice to the author of a card.
type openedCard struct {
	author casework.UserID
	notice store.Notice
}

func (b *batch) tellAuthors(ctx context.Context, tx *store.Tx) error {
	for _, o := range b.opened {
		if err := b.app.notify(ctx, tx, o.notice, o.author); err != nil {
			return err
		}
	}
	return nil
}
