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
	place   string // of the key what its clients are told of: not what was given to them
	eyes    view.Eyes
	reader  casework.Reader // stands for all; without a user where who it is makes no difference
	clients map[*client]struct{}
	left    time.Time // since when it has been empty
	past    []past    // the first is when the group began
}

// past is a moment, by the room's turn.
type past struct {
	turn   int64
	moment view.Moment
}

// audience names everything of a reader that its view depends on.
func audience(r casework.Reader, access *casework.Access, s *casework.State) string {
	if r.Joint != nil {
		return jointAudience(r, access)
	}
	return placeOf(r, access, s) + given(r)
}

// placeOf names what a reader's view depends on but for what was given to it. Its
// own identity counts only where it makes a difference: for anybody else a
// colleague of the same role sees the same.
func placeOf(r casework.Reader, access *casework.Access, s *casework.State) string {
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

// given names what a reader was given; one id names one thing of one member.
func given(r casework.Reader) string {
	var all strings.Builder
	for _, g := range r.Given {
		all.WriteString("|given " + string(g.ID))
	}
	return all.String()
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
		parts = append(append(parts, place(one, access)...), given(one))
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
		if !view.Personal(reader, m.State) && len(reader.Given) == 0 {
			reader.User = "" // one of them may come to write while the others stay
		}
		g = &group{key: key, place: placeOf(reader, m.Access, m.State), eyes: eyes, reader: reader, clients: map[*client]struct{}{}, past: []past{{turn, m}}}
		groups[key] = g
	}
	return g
}

// inherits lets a group that began this turn look back as far as the one that its
// clients come from, when nothing else than what was given to them makes it another:
// that the way back got shorter would tell them of it.
func (g *group) inherits(from *group, turn int64, now time.Time) bool {
	if g == from || g.place != from.place || len(g.clients) > 0 || len(g.past) != 1 || g.past[0].turn != turn {
		return false
	}
	g.past = slices.DeleteFunc(slices.Clone(from.past), func(p past) bool { return p.turn == turn })
	if g.left = from.left; len(from.clients) > 0 {
		g.left = now
	}
	return true
}

// goesOn seats clients of another group where what was given to them changed and
// nothing that they see: they are not to notice. It tells whether that is so.
func (r *room) goesOn(from, to *group, clients []*client, next view.Moment) bool {
	if from.place != to.place || !view.SeesAlike(next.State, from.reader, to.reader) {
		return false
	}
	for _, c := range clients {
		r.seat(c, to)
	}
	return true
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
}
