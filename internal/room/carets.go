package room

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

const (
	// caretsEvery is the rhythm in which a room tells where people write. It is the
	// same whoever writes where: when a caret comes tells of no other.
	caretsEvery = 100 * time.Millisecond
	// maxCarets is how many a reader is told of at most.
	maxCarets = 64
	// ofOne is how many carets of one person are among them: windows crowd out nobody.
	ofOne = 2
)

// carets tells where others write, as far as the receiver may read there.
type carets struct {
	Type   string   `json:"t"`
	Carets []placed `json:"carets"`
}

// placed is the caret of somebody.
type placed struct {
	User casework.UserID `json:"user"`
	spot
	by *client // whose connection it is of; nil on another node

	encoded []byte // as it goes out; each goes to many, in lists that all differ
}

// caretTelling is what a room keeps of telling where people write.
type caretTelling struct {
	timer *time.Timer // until they are told; nil: nothing is to be told
	away  string      // what the other nodes know of here
}

func (t *caretTelling) stop() {
	if t.timer != nil {
		t.timer.Stop()
	}
}

// caretsMayChange has it told once more, as who may write and read may be others now.
func (r *room) caretsMayChange() {
	for c := range r.clients {
		if c.carets != "" || c.writes.Card != "" {
			r.caretsChange()
			return
		}
	}
}

// caretsChange has it told, at the next beat of the rhythm, where people write.
func (r *room) caretsChange() {
	if r.carets.timer != nil {
		return
	}
	wait := caretsEvery - r.hub.Now().Sub(r.began)%caretsEvery
	r.carets.timer = time.AfterFunc(wait, func() { r.post(r.tellCarets) })
}

// holdCarets takes back what waits to be sent of carets to a client that is about to
// see something else, and perhaps less.
func (r *room) holdCarets(c *client) {
	if c.takeBackCarets() {
		c.carets = untold
	}
}

// untold is what no list of carets is.
const untold = "-"

// tellCarets tells each connection where others write, when that changed for it.
func (r *room) tellCarets() {
	r.carets.timer = nil
	r.tellCaretsAway(false)
	if len(r.clients) == 0 {
		return
	}
	if r.pending != nil || !r.hub.Fresh() {
		r.caretsChange()
		return
	}
	writing := r.writing()
	for _, g := range r.groups {
		seen := r.writingFor(g.reader, writing)
		var shared *caretFrame // for all who are not among them
		for c := range g.clients {
			frame := shared
			if own := slices.ContainsFunc(seen, func(p placed) bool { return p.by == c }); own || shared == nil {
				frame = encodeCarets(seen, c)
				if !own {
					shared = frame
				}
			}
			r.tellCaretsTo(c, frame)
		}
	}
}

func (r *room) tellCaretsTo(c *client, frame *caretFrame) {
	switch {
	case c.carets == frame.body:
	case c.sendCarets(frame.outgoing):
		c.carets = frame.body
	default: // too much waits for it already
		r.caretsChange()
	}
}

// writing lists where people write, here and on other nodes, as far as they may.
func (r *room) writing() []placed {
	all := r.writingHere()
	for _, node := range r.away {
		all = append(all, node.carets...)
	}
	all = slices.DeleteFunc(all, func(p placed) bool { return !r.stands(p) })
	for i := range all {
		body, err := json.Marshal(all[i])
		if err != nil {
			panic(err) // our own types always encode
		}
		all[i].encoded = body
	}
	return all
}

// writingHere lists where people say that they write on this node.
func (r *room) writingHere() []placed {
	var all []placed
	for c := range r.clients {
		if c.group != nil && c.writes.Card != "" && c.eyes.Own() {
			all = append(all, placed{User: c.visitor.User, spot: c.writes, by: c})
		}
	}
	return all
}

// stands tells whether a caret is in a note that its owner may write in, at a place
// that there is.
func (r *room) stands(p placed) bool {
	reader, ok := r.moment.Access.Reader(p.User, r.moment.At)
	if !ok {
		return false
	}
	seat := view.SeatOf(reader, r.moment)
	if !board.MayWriteOn(seat, p.Card) {
		return false
	}
	card, _ := seat.Card(p.Card)
	length, known := view.LengthOf(card, p.Base)
	return known && max(p.Anchor, p.Head) <= length
}

// writingFor projects where people write for one reader, by the same rule as for
// cards, in an order that tells nothing else.
func (r *room) writingFor(reader casework.Reader, writing []placed) []placed {
	seat := view.SeatOf(reader, r.moment)
	sees := map[casework.CardID]bool{}
	for _, p := range writing {
		if _, asked := sees[p.Card]; !asked {
			_, sees[p.Card] = seat.Card(p.Card)
		}
	}
	seen := slices.DeleteFunc(slices.Clone(writing), func(p placed) bool { return !sees[p.Card] })
	slices.SortFunc(seen, inOneOrder)
	return seen
}

func inOneOrder(a, b placed) int {
	return cmp.Or(cmp.Compare(a.User, b.User), cmp.Compare(a.Card, b.Card), cmp.Compare(a.Base, b.Base),
		cmp.Compare(a.Anchor, b.Anchor), cmp.Compare(a.Head, b.Head))
}

// caretFrame is a message of carets; an empty body stands for none of them, which
// is what everybody has who was told nothing.
type caretFrame struct {
	outgoing
	body string
}

func encodeCarets(seen []placed, to *client) *caretFrame {
	body, told := append(make([]byte, 0, 64+128*len(seen)), `{"t":"carets","carets":[`...), 0
	var user casework.UserID // in order of whom they come
	windows := 0
	for _, p := range seen {
		if p.by == to || told == maxCarets {
			continue
		}
		if p.User != user {
			user, windows = p.User, 0
		}
		if windows++; windows > ofOne {
			continue
		}
		if told++; told > 1 {
			body = append(body, ',')
		}
		body = append(body, p.encoded...)
	}
	body = append(body, `]}`...)
	frame := &caretFrame{outgoing: prepare(body)}
	if told > 0 {
		frame.body = string(body)
	}
	return frame
}

// sendCarets queues where others write: only the latest counts, it goes after
// everything else, and not at all while much waits. It tells whether it goes.
func (c *client) sendCarets(frame outgoing) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.code != 0 {
		return true // it needs none any more
	}
	if c.queued > c.hub.Limits.QueueBytes/8 {
		return false
	}
	c.others = &frame
	c.startWriting()
	return true
}

// takeBackCarets tells whether some waited to be sent.
func (c *client) takeBackCarets() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	waited := c.others != nil
	c.others = nil
	return waited
}
