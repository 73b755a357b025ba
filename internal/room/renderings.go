package room

import (
	"encoding/json"
	"sync"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/markdown"
)

// Bounds of what one room keeps.
const (
	renderingsKept    = 32
	renderedBytesKept = 1 << 20
)

// renderings are the notes of one case as they were rendered last, so that many who
// read one note cost one rendering. It keeps nothing but texts that the case holds
// now: what was written over or erased is forgotten with it.
type renderings struct {
	mu   sync.Mutex
	now  *casework.State
	kept map[noteAs]*rendering
}

// noteAs is a text with all that its rendering depends on.
type noteAs struct {
	card  casework.CardID
	text  casework.Text
	links string
}

// rendering is there once done is closed.
type rendering struct {
	done chan struct{}
	html string
	err  error
}

// of gives the text of a card as HTML: as it was rendered for the same links, or is
// being rendered, or as it is made now.
func (r *renderings) of(card *casework.Card, to markdown.Links, make func() (string, error)) (string, error) {
	links, err := json.Marshal(to)
	if err != nil {
		return "", err
	}
	key := noteAs{card.ID, card.Text, string(links)}
	one, mine := r.begin(key)
	if mine {
		one.html, one.err = make()
		close(one.done)
		r.bound(key, one)
		return one.html, one.err
	}
	<-one.done
	if casework.KindOf(one.err) == casework.TooMany {
		return make() // that somebody else's turn did not come is nothing to tell
	}
	return one.html, one.err
}

// begin finds a rendering, or makes room for one that the caller is to make.
func (r *renderings) begin(key noteAs) (one *rendering, mine bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if one = r.kept[key]; one != nil {
		return one, false
	}
	one = &rendering{done: make(chan struct{})}
	if r.holds(key) {
		r.kept[key] = one
	}
	return one, true
}

func (r *renderings) holds(key noteAs) bool {
	if r.now == nil {
		return false
	}
	card := r.now.Cards[key.card]
	return card != nil && card.Text == key.text
}

// bound forgets a rendering that failed, and others for one that takes their place.
func (r *renderings) bound(key noteAs, one *rendering) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if one.err != nil {
		if r.kept[key] == one {
			delete(r.kept, key)
		}
		return
	}
	bytes := len(one.html)
	for k, other := range r.kept {
		if other == one {
			continue
		}
		size := 0 // of one that is not there yet: it is weighed later
		select {
		case <-other.done:
			size = len(other.html)
		default:
		}
		if bytes+size > renderedBytesKept || len(r.kept) > renderingsKept {
			delete(r.kept, k)
		} else {
			bytes += size
		}
	}
}

// keep forgets what the case does not hold any more.
func (r *renderings) keep(now *casework.State) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = now
	if r.kept == nil {
		r.kept = map[noteAs]*rendering{}
	}
	for key := range r.kept {
		if !r.holds(key) {
			delete(r.kept, key)
		}
	}
}
