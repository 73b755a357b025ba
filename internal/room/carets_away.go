package room

import (
	"slices"
	"strconv"
	"strings"

	"github.com/casustafel/casustafel/internal/casework"
)

// A node tells the others in one nudge or in several: the first replaces what they
// knew, the others add to it.
const (
	firstCarets = "first"
	moreCarets  = "more"
	perNudge    = 64
)

// tellCaretsAway tells the other nodes that have this table open where people write
// here, when that changed or once more: ids and numbers only.
func (r *room) tellCaretsAway(again bool) {
	if len(r.away) == 0 {
		return
	}
	list := r.writingHere()
	slices.SortFunc(list, inOneOrder)
	payloads := []string{r.hub.id + " " + string(r.id) + " " + firstCarets}
	for i, p := range list {
		if i > 0 && i%perNudge == 0 {
			payloads = append(payloads, r.hub.id+" "+string(r.id)+" "+moreCarets)
		}
		payloads[len(payloads)-1] += " " + p.word()
	}
	all := strings.Join(payloads, "\n")
	if all == r.carets.away && (!again || len(list) == 0) {
		return
	}
	r.carets.away = all
	for _, payload := range payloads {
		r.hub.Cases.TellCarets(payload)
	}
}

// CaretsElsewhere hears where people write at a table of another node. What they
// may, and who may know, is for this node to find.
func (h *Hub) CaretsElsewhere(payload string) {
	words := strings.Fields(payload)
	if len(words) < 3 || words[0] == h.id {
		return
	}
	r := h.find(casework.CaseID(words[1]))
	if r == nil {
		return
	}
	var list []placed
	for _, w := range words[3:] {
		if p, ok := readPlaced(w); ok {
			list = append(list, p)
		}
	}
	r.post(func() {
		node, known := r.away[words[0]]
		if !known {
			return // who sits there is not known yet either
		}
		if words[2] == moreCarets {
			list = slices.Concat(node.carets, list)
		}
		node.carets = list
		r.away[words[0]] = node
		r.caretsChange()
	})
}

// word is a caret among the words of a nudge.
func (p placed) word() string {
	return strings.Join([]string{string(p.User), string(p.Card), string(p.Base), strconv.Itoa(p.Anchor), strconv.Itoa(p.Head)}, ":")
}

func readPlaced(word string) (placed, bool) {
	parts := strings.Split(word, ":")
	if len(parts) != 5 {
		return placed{}, false
	}
	anchor, err := strconv.Atoi(parts[3])
	if err != nil {
		return placed{}, false
	}
	head, err := strconv.Atoi(parts[4])
	p := placed{User: casework.UserID(parts[0]), spot: spot{casework.CardID(parts[1]), casework.TextID(parts[2]), anchor, head}}
	return p, err == nil && p.possible()
}
