package room

import (
	"slices"
	"strings"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

const (
	ringFrames = 64
	ringBytes  = 256 << 10
)

// group is all clients whose view of the case is the same. It keeps the last
// frames they were sent, for those who come back: a function of their view
// alone, so that what it still holds tells nothing else.
type group struct {
	key     string
	reader  casework.Reader // stands for all; without a user where who it is makes no difference
	clients map[*client]struct{}
	left    time.Time // since when it has been empty
	ring    []sent
	bytes   int
	since   int64 // turn of the room before the first frame of the ring
	here    string
}

type sent struct {
	turn  int64
	frame outgoing
}

// audience names everything of a reader that its view depends on. Its own
// identity counts only when it ever acted in the case or was named: for anybody
// else a colleague of the same role sees the same.
func audience(r casework.Reader, access *casework.Access, s *casework.State) string {
	parts := []string{string(r.Role), string(r.Organisation), access.Policy}
	for _, p := range slices.Sorted(slices.Values(r.Beside)) {
		parts = append(parts, string(p))
	}
	if s.Involved[r.User] {
		parts = append(parts, "user", string(r.User))
	}
	return strings.Join(parts, "|")
}

// staysUnder tells whether the group's view is one that somebody can have at the
// next moment.
func (g *group) staysUnder(next view.Moment) bool {
	reader := g.reader
	if reader.User != "" {
		var ok bool
		if reader, ok = next.Access.Reader(reader.User, next.At); !ok {
			return false
		}
	}
	return audience(reader, next.Access, next.State) == g.key
}

// keep puts a frame into the ring.
func (g *group) keep(turn int64, frame outgoing) {
	g.ring = append(g.ring, sent{turn, frame})
	g.bytes += frame.size
	for len(g.ring) > ringFrames || g.bytes > ringBytes {
		g.since = g.ring[0].turn
		g.bytes -= g.ring[0].frame.size
		g.ring = g.ring[1:]
	}
}

// missed are the frames after a turn; false when the ring does not reach back.
func (g *group) missed(turn int64) ([]outgoing, bool) {
	if turn < g.since {
		return nil, false
	}
	var frames []outgoing
	for _, s := range g.ring {
		if s.turn > turn {
			frames = append(frames, s.frame)
		}
	}
	return frames, true
}

// groupOf finds or makes the group of a reader at a moment of the room.
func (r *room) groupOf(reader casework.Reader, m view.Moment, turn int64) *group {
	key := audience(reader, m.Access, m.State)
	g := r.groups[key]
	if g == nil {
		if !m.State.Involved[reader.User] {
			reader.User = "" // one of them may come to write while the others stay
		}
		g = &group{key: key, reader: reader, clients: map[*client]struct{}{}, since: turn}
		r.groups[key] = g
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
}
