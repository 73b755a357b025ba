package room

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// pastMoments is how many changes of its view a group can look back.
const pastMoments = 16

// group is all clients whose view of the case is the same. It keeps the last
// moments at which that view changed, for those who come back: which ones is a
// function of the view alone, so that how far it reaches back tells nothing
// else. That somebody writes in a note that it sees is no reason to look back less
// far: such a moment is not kept, and who saw it goes on from the one before it,
// with steps that it may have already. It keeps no frames: what was hidden or
// erased since is not sent again.
type group struct {
	key     string
	eyes    view.Eyes
	reader  casework.Reader // stands for all; without a user where who it is makes no difference
	clients map[*client]struct{}
	left    time.Time // since when it has been empty
	past    []past    // the first is when the group began
	here    string    // who is at the table, as it was last told
}

// past is a moment, by the room's turn.
type past struct {
	turn   int64
	moment view.Moment
}

// audience names everything of a reader that its view depends on. Its own
// identity counts only where it makes a difference: for anybody else a colleague
// of the same role sees the same.
func audience(r casework.Reader, access *casework.Access, s *casework.State) string {
	if r.Joint != nil {
		return jointAudience(r, access)
	}
	parts := place(r, access)
	if view.Personal(r, s) {
		parts = append(parts, "user", string(r.User))
	}
	return strings.Join(parts, "|")
}

// place is what any reader's view depends on, whoever it is.
func place(r casework.Reader, access *casework.Access) []string {
	parts := []string{string(r.Role), string(r.Organisation), access.Policy}
	for _, p := range slices.Sorted(slices.Values(r.Beside)) {
		parts = append(parts, string(p))
	}
	return parts
}

// jointAudience is everybody who looks, each in its place. Whether one of them
// acted or is named plays no part: the others may not know.
func jointAudience(r casework.Reader, access *casework.Access) string {
	if r.Dark() {
		return "dark|" + string(r.User) // it sees nothing, so it depends on nothing
	}
	parts := []string{fmt.Sprint("joint, screen ", r.Joint.Screen)}
	for _, one := range r.Joint.Eyes {
		parts = append(parts, string(one.User))
		parts = append(parts, place(one, access)...)
	}
	return strings.Join(parts, "|")
}

// staysUnder tells whether the group's view is one that somebody can have at the
// next moment.
func (g *group) staysUnder(next view.Moment) bool {
	reader := g.reader
	if reader.User != "" {
		var ok bool
		if reader, ok = g.eyes.Reader(reader.User, next); !ok {
			return false
		}
	}
	return audience(reader, next.Access, next.State) == g.key
}

// remember keeps a moment at which the view changed.
func (g *group) remember(turn int64, m view.Moment) {
	g.past = append(g.past, past{turn, m})
	if len(g.past) > pastMoments {
		g.past = slices.Clone(g.past[1:])
	}
}

// at is the moment that a client saw whose last turn this was; false when the
// group does not look back that far.
func (g *group) at(turn int64) (view.Moment, bool) {
	for _, p := range slices.Backward(g.past) {
		if p.turn <= turn {
			return p.moment, true
		}
	}
	return view.Moment{}, false
}

// groupIn finds or makes the group of a reader, who looks through the eyes, at a
// moment.
func groupIn(groups map[string]*group, eyes view.Eyes, reader casework.Reader, m view.Moment, turn int64) *group {
	key := audience(reader, m.Access, m.State)
	g := groups[key]
	if g == nil {
		if !view.Personal(reader, m.State) {
			reader.User = "" // one of them may come to write while the others stay
		}
		g = &group{key: key, eyes: eyes, reader: reader, clients: map[*client]struct{}{}, past: []past{{turn, m}}}
		groups[key] = g
	}
	return g
}

// seat puts a client into a group, out of the one it was in.
func (r *room) seat(c *client, g *group) {
	if c.group == g {
		return
	}
	if c.group != nil {
		delete(c.group.clients, c)
		c.group.left = r.hub.Now()
	}
	c.group = g
	g.clients[c] = struct{}{}
	g.here = "" // a newcomer was told another list than the others
}
