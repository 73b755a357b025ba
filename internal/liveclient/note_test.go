package liveclient

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/note"
	"github.com/casustafel/casustafel/internal/view"
)

// authority is a server with one note, as the protocol has it.
type authority struct {
	text  view.Text
	steps []view.Step
	froms []casework.TextID
}

// write carries a write out once, however often it is given.
func (a *authority) write(t *testing.T, user casework.UserID, w Write) {
	t.Helper()
	for _, s := range a.steps {
		if s.User == user && s.ID == w.ID {
			return
		}
	}
	since := slices.Index(append(slices.Clone(a.froms), a.text.Base), w.Base)
	if since < 0 {
		t.Fatalf("%s of %s is of a text that never was", w.ID, user)
	}
	for _, s := range a.steps[since:] {
		w.Changes = must(w.Changes.Map(s.Changes, false))(t)
	}
	if w.Changes.Empty() {
		return
	}
	a.froms = append(a.froms, a.text.Base)
	a.text = view.Text{Base: casework.TextID(fmt.Sprint("text", len(a.steps))), Body: must(w.Changes.Apply(a.text.Body))(t)}
	a.steps = append(a.steps, view.Step{ID: w.ID, User: user, Base: a.text.Base, Changes: w.Changes})
}

func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// pen is one who writes, and how far they were told.
type pen struct {
	*Note
	user    casework.UserID
	told    int  // steps
	waiting bool // for an answer that will come, after the steps
	writes  int
	typed   string // signs, all of them other ones
}

// Everybody comes to the server's text, and every sign that anybody typed is in it
// once, however connections break: before a write was there, or before its answer.
func TestNotesComeTogether(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		if !t.Run(fmt.Sprint("seed", seed), func(t *testing.T) { comeTogether(t, rand.New(rand.NewPCG(seed, 4))) }) {
			return
		}
	}
}

func comeTogether(t *testing.T, random *rand.Rand) {
	server := &authority{text: view.Text{Base: "first", Body: "Bram 😀 slaapt."}}
	pens := make([]*pen, 4)
	for i := range pens {
		user := casework.UserID(fmt.Sprint("user", i))
		pens[i] = &pen{Note: newNote(user, server.text), user: user}
	}
	sign := '\u2200'
	for range 400 {
		p := pens[random.IntN(len(pens))]
		switch random.IntN(8) {
		case 0, 1, 2:
			text := must(p.Text())(t)
			signs := []rune(text)
			at := random.IntN(len(signs) + 1)
			before, after := string(signs[:at]), string(signs[at:])
			p.typed += string(sign)
			if err := p.Type(note.Between(text, before+string(sign)+after)); err != nil {
				t.Fatal(err)
			}
			sign++
		case 3, 4:
			p.give(t, server)
		case 5:
			p.hear(t, server, p.told+random.IntN(len(server.steps)-p.told+1))
		case 6:
			p.hear(t, server, len(server.steps))
			p.answered(t)
		case 7:
			p.comeBack(t, server, random)
		}
	}
	for range 3 {
		for _, p := range pens {
			p.give(t, server)
			p.hear(t, server, len(server.steps))
			p.answered(t)
		}
	}
	for _, p := range pens {
		p.hear(t, server, len(server.steps))
		if text := must(p.Text())(t); text != server.text.Body || p.Base() != server.text.Base || !p.Stored() {
			t.Fatalf("%s has %q, not %q", p.user, text, server.text.Body)
		}
		for _, r := range p.typed {
			if n := strings.Count(server.text.Body, string(r)); n != 1 {
				t.Fatalf("%q is there %d times", r, n)
			}
		}
	}
}

// give sends what waits; it arrives.
func (p *pen) give(t *testing.T, server *authority) {
	p.writes++
	if w := p.send(casework.CommandID(fmt.Sprint(p.user, "-", p.writes)), "card"); w != nil {
		server.write(t, p.user, *w)
		p.waiting = true
	}
}

// hear is told so many steps.
func (p *pen) hear(t *testing.T, server *authority, until int) {
	if until == p.told {
		return
	}
	w := view.Written{From: server.froms[p.told], Steps: server.steps[p.told:until]}
	if err := p.become(&w, view.Text{}); err != nil {
		t.Fatal(err)
	}
	p.told = until
}

func (p *pen) answered(t *testing.T) {
	if !p.waiting {
		return
	}
	p.waiting = false
	if err := p.stored(); err != nil {
		t.Fatal(err)
	}
}

// comeBack sits down again, with the whole text, and gives once more what it does
// not know the end of, before it hears anything. Some writes never arrived.
func (p *pen) comeBack(t *testing.T, server *authority, random *rand.Rand) {
	p.writes++
	lost := p.send(casework.CommandID(fmt.Sprint(p.user, "-", p.writes)), "card")
	if lost != nil && random.IntN(2) == 0 {
		server.write(t, p.user, *lost)
	}
	if err := p.become(nil, server.text); err != nil {
		t.Fatal(err)
	}
	p.told = len(server.steps)
	if p.flight != nil {
		again := *p.flight
		again.Base = p.base
		if random.IntN(2) == 0 { // somebody else is there first
			server.write(t, "else", Write{ID: casework.CommandID(fmt.Sprint("else", p.user, p.writes)), Base: server.text.Base, Changes: note.Between(server.text.Body, "+"+server.text.Body)})
		}
		server.write(t, p.user, again)
		p.waiting = true
	}
}
