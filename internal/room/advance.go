package room

import (
	"context"
	"reflect"
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// known is the newest state that this room has, shown or not.
func (r *room) known() *casework.State {
	if r.pending != nil {
		return r.pending.State
	}
	return r.moment.State
}

// reach catches up when the log goes further than the room does.
func (r *room) reach(head int64) {
	if head > r.known().Head() {
		r.catchUp()
	}
}

// catchUp brings the room up to the log.
func (r *room) catchUp() {
	ctx, cancel := context.WithTimeout(context.Background(), askWithin)
	defer cancel()
	commit, err := r.hub.Cases.CatchUp(ctx, r.known())
	if err != nil {
		r.fault("catch up with a case", err)
		return
	}
	r.advance(commit)
}

// confirmed hears the epoch and the head of this case; epoch and head are as of
// one moment not long ago. A room that nobody is in looks at rights when somebody
// comes.
func (r *room) confirmed(epoch, head int64) {
	r.reach(head)
	if epoch > r.epoch && len(r.clients) > 0 || r.pending != nil {
		r.advance(casework.Commit{State: r.moment.State, Epoch: epoch})
	}
}

// advance takes the room to a later commit. Content waits while this node
// cannot be sure of rights, and rights are brought up to the commit before it
// is shown to anybody. What could not be shown stays pending and is tried again
// when rights are confirmed.
func (r *room) advance(c casework.Commit) {
	c = r.merge(c)
	c.Epoch = max(c.Epoch, r.hub.epoch.Load())
	if r.pending == nil && c.State == r.moment.State && c.Epoch == r.epoch && !r.expired(r.hub.Now()) {
		return // nothing is new
	}
	r.pending = &c
	if !r.hub.Fresh() || r.halted {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), confirmWithin)
	defer cancel()
	if err := r.bringAccess(ctx, &c); err != nil {
		r.fault("read who is at a table", err)
		return
	}
	if err := r.hub.confirmSessions(ctx, r.epoch); err != nil {
		r.fault("confirm sessions", err)
		return
	}
	if !r.show(view.Moment{State: c.State, Access: c.Access, At: r.hub.Now()}) {
		return
	}
	r.pending = nil
	held := r.held
	r.held = nil
	for _, answer := range held {
		answer()
	}
}

// bringAccess makes sure that the commit comes with rights of its epoch. Rights
// that turn out as they were stay the same object: a sign-out somewhere, say,
// begins an epoch for everybody and changes this table not at all.
func (r *room) bringAccess(ctx context.Context, c *casework.Commit) error {
	if c.Access == r.moment.Access && r.epoch >= c.Epoch {
		return nil
	}
	if c.Access.Epoch < c.Epoch {
		access, err := r.hub.Cases.Access(ctx, r.id)
		if err != nil {
			return err
		}
		c.Access = access
		r.hub.raiseEpoch(access.Epoch)
	}
	r.epoch = max(r.epoch, c.Access.Epoch)
	if c.Access == r.alike || sameTeam(c.Access, r.moment.Access) {
		r.alike, c.Access = c.Access, r.moment.Access
	}
	return nil
}

// sameTeam tells whether the same members sit at the table under one policy, and
// were given the same.
func sameTeam(a, b *casework.Access) bool {
	return a.Policy == b.Policy && slices.EqualFunc(a.Team, b.Team, func(x, y casework.Reader) bool {
		return reflect.DeepEqual(x.Member, y.Member) && casework.SameGiven(x, y)
	})
}

// merge takes the newest of what is shown, what waits and what comes.
func (r *room) merge(c casework.Commit) casework.Commit {
	newest := casework.Commit{State: r.moment.State, Epoch: r.epoch, Access: r.moment.Access}
	if r.pending != nil {
		newest = later(newest, *r.pending)
	}
	return later(newest, c)
}

// later takes the newer state, epoch and access of two commits; what is equally
// new stays the same object.
func later(a, b casework.Commit) casework.Commit {
	if b.State.Head() > a.State.Head() {
		a.State = b.State
	}
	if b.Access != nil && (a.Access == nil || b.Access.Epoch > a.Access.Epoch) {
		a.Access = b.Access
	}
	a.Epoch = max(a.Epoch, b.Epoch)
	return a
}

// inOrder does something after the changes that are still held back.
func (r *room) inOrder(f func()) {
	if r.pending != nil {
		r.held = append(r.held, f)
		return
	}
	f()
}

// fault logs that the room cannot go on for now; a log that does not fold halts
// the room for good.
func (r *room) fault(what string, err error) {
	r.hub.Log.Error(what, "err", err)
	if casework.IsBroken(err) {
		r.halt()
	}
}
