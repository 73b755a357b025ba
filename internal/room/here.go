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

// elsewhere is who sits at this table on another node, and where they say that they
// write.
type elsewhere struct {
	list    []present
	carets  []placed
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

// local lists who is at the table on this node and which cards they look at, as
// pairs in order: somebody with two windows is in it twice.
func (r *room) local() []present {
	var list []present
	for c := range r.clients {
		if c.group != nil && c.eyes.Own() { // other eyes are no second presence
			list = append(list, present{c.visitor.User, c.focus})
		}
	}
	slices.SortFunc(list, func(a, b present) int { return cmp.Or(cmp.Compare(a.User, b.User), cmp.Compare(a.Card, b.Card)) })
	return slices.Compact(list)
}

// presentTo projects who is here for one reader, by the same rule as for cards:
// of each colleague the first card that the reader sees too. Whether a colleague may
// see it goes by what the reader knows was given to that one: a look tells of no lend,
// and a claim to look at another card would be a false alarm.
func (r *room) presentTo(reader casework.Reader) []present {
	if reader.Dark() {
		return []present{}
	}
	all := r.local()
	for _, node := range r.away {
		all = append(all, node.list...)
	}
	seat := view.SeatOf(reader, r.moment)
	users := map[casework.UserID]casework.CardID{}
	for _, p := range all {
		if !seat.Member(p.User) {
			continue
		}
		first := users[p.User]
		if _, sees := seat.Card(p.Card); sees && seat.KnownToSee(p.User, p.Card) && (first == "" || p.Card < first) {
			first = p.Card
		}
		users[p.User] = first
	}
	list := make([]present, 0, len(users))
	for _, user := range slices.Sorted(maps.Keys(users)) {
		list = append(list, present{user, users[user]})
	}
	return list
}

// tellHere sends each client who is here, when that is another list than it was told
// last, and tells the other nodes. That others come into its view is no reason to tell
// it anything again.
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
		var frame *outgoing
		for c := range g.clients {
			if c.hereTold == string(body) {
				continue
			}
			if frame == nil {
				prepared := prepare(body)
				frame = &prepared
			}
			c.hereTold = string(body)
			c.sendHere(*frame)
		}
	}
	r.tellAway(false)
}

// tellAway tells the other nodes who is at this table here, when that changed
// or to be believed for longer: ids only.
func (r *room) tellAway(again bool) {
	words := []string{r.hub.id, string(r.id)}
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
	if len(words) < 2 || words[0] == h.id {
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
		node, known := r.away[words[0]]
		node.list, node.expires = list, h.Now().Add(awayTTL)
		r.away[words[0]] = node
		r.hereDue = true
		if !known && len(list) > 0 {
			r.tellAway(true) // a node that is new here does not know us yet
			r.tellCaretsAway(true)
		}
	})
}

// forgetAway forgets nodes that fell silent.
func (r *room) forgetAway(now time.Time) {
	for node, v := range r.away {
		if now.After(v.expires) {
			delete(r.away, node)
			r.hereDue = true
			r.caretsChange()
		}
	}
}
