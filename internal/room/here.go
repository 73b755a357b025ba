package room

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// awayTTL is how long who is at a table of another node is believed.
const awayTTL = 15 * time.Second

// present is somebody at the table, and the card they look at as far as the
// receiver may see that card.
type present struct {
	User casework.UserID `json:"user"`
	Card casework.CardID `json:"card,omitempty"`
}

// here tells who is at the table now.
type here struct {
	Type string    `json:"t"`
	Here []present `json:"here"`
}

// visitors are those at this table on another node.
type visitors struct {
	list    []present
	expires time.Time
}

// look notes which card a client looks at.
func (r *room) look(c *client, card casework.CardID) {
	if c.focus != card {
		c.focus = card
		r.hereDue = true
	}
}

// looksAt tells whether anybody looks at one of the cards, which are in order:
// some may see less or more of that from now on.
func (r *room) looksAt(cards []casework.CardID) bool {
	looked := func(card casework.CardID) bool {
		_, among := slices.BinarySearch(cards, card)
		return card != "" && among
	}
	for c := range r.clients {
		if looked(c.focus) {
			return true
		}
	}
	for _, v := range r.away {
		if slices.ContainsFunc(v.list, func(p present) bool { return looked(p.Card) }) {
			return true
		}
	}
	return false
}

// local lists who is at the table on this node, one entry a user.
func (r *room) local() []present {
	users := map[casework.UserID]casework.CardID{}
	for c := range r.clients {
		if c.group != nil {
			users[c.visitor.User] = cmp.Or(c.focus, users[c.visitor.User])
		}
	}
	return sorted(users)
}

func sorted(users map[casework.UserID]casework.CardID) []present {
	list := make([]present, 0, len(users))
	for _, user := range slices.Sorted(maps.Keys(users)) {
		list = append(list, present{user, users[user]})
	}
	return list
}

// presentTo projects who is here for one reader: the same rule as for cards.
func (r *room) presentTo(reader casework.Reader) []present {
	users := map[casework.UserID]casework.CardID{}
	add := func(list []present) {
		for _, p := range list {
			users[p.User] = cmp.Or(users[p.User], p.Card)
		}
	}
	add(r.local())
	for _, node := range slices.Sorted(maps.Keys(r.away)) {
		add(r.away[node].list)
	}
	seat := view.SeatOf(reader, r.moment)
	for user, card := range users {
		if _, sees := seat.Card(card); !sees {
			users[user] = ""
		}
		if !seat.Member(user) {
			delete(users, user)
		}
	}
	return sorted(users)
}

// tellHere sends each group who is here, when that changed for it, and tells
// the other nodes.
func (r *room) tellHere() {
	if !r.hereDue || r.pending != nil || !r.hub.Fresh() {
		return
	}
	r.hereDue = false
	for _, g := range r.groups {
		if len(g.clients) == 0 {
			continue
		}
		body, err := json.Marshal(here{"here", r.presentTo(g.reader)})
		if err != nil {
			panic(err) // our own types always encode
		}
		if g.here == string(body) {
			continue
		}
		g.here = string(body)
		frame := prepare(body)
		for c := range g.clients {
			c.sendHere(frame)
		}
	}
	r.tellAway(false)
}

// tellAway tells the other nodes who is at this table here, when that changed
// or to be believed for longer: ids only.
func (r *room) tellAway(again bool) {
	words := []string{r.hub.Node, string(r.id)}
	for _, p := range r.local() {
		words = append(words, string(p.User)+":"+string(p.Card))
	}
	payload := strings.Join(words, " ")
	if payload == r.told && (!again || len(r.clients) == 0) {
		return
	}
	r.told = payload
	r.hub.Cases.TellHere(payload)
}

// HereElsewhere hears who is at a table of another node.
func (h *Hub) HereElsewhere(payload string) {
	words := strings.Fields(payload)
	if len(words) < 2 || words[0] == h.Node {
		return
	}
	r := h.find(casework.CaseID(words[1]))
	if r == nil {
		return
	}
	var list []present
	for _, w := range words[2:] {
		user, card, _ := strings.Cut(w, ":")
		list = append(list, present{casework.UserID(user), casework.CardID(card)})
	}
	r.post(func() {
		_, known := r.away[words[0]]
		r.away[words[0]] = visitors{list, h.Now().Add(awayTTL)}
		r.hereDue = true
		if !known && len(list) > 0 {
			r.tellAway(true) // a node that is new here does not know us yet
		}
	})
}

// forgetAway forgets nodes that fell silent.
func (r *room) forgetAway(now time.Time) {
	for node, v := range r.away {
		if now.After(v.expires) {
			delete(r.away, node)
			r.hereDue = true
		}
	}
}
