package main

import (
	"math/rand/v2"
	"testing"
	"time"
	"unicode"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/liveclient"
	"github.com/casustafel/casustafel/internal/note"
)

// writingRounds is how often the pens come to rest and everybody is compared.
const writingRounds = 6

// Many write in one note and in another, at two nodes, while their lines break,
// while a note is shielded from most of them and shared again, and while somebody
// has no place at the table for a while. In the end everybody has the server's
// text, and what was acknowledged is stored once, in order.
func TestManyWriteInOneNote(t *testing.T) {
	tb, first := newTable(t)
	d := &desks{table: tb, Rand: rand.New(rand.NewPCG(*seed, 4)), nodes: []*node{first, tb.node("second")}, signs: allSigns()}
	t.Logf("-seed %d", *seed)
	d.prepare()
	for range writingRounds {
		for range 250 {
			d.step()
		}
		d.rest()
	}
	stored := map[casework.CardID][]storedStep{}
	for _, card := range d.notes {
		stored[card] = d.stored(card)
	}
	check := checked{t: t, stored: stored, texts: d.texts}
	for _, p := range d.pens {
		check.writer(d.users[p.name], p.Journal())
	}
	check.all()
	t.Logf("%d writes given, %d answered, %d of them twice, %d stored, %d refused; %d lines broken, %d notes shielded, %d sent away",
		check.given, check.answered, check.again, check.steps, check.refused, d.broken, d.shielded, d.away)
	if check.answered < 300 || check.again == 0 || d.broken == 0 || d.shielded == 0 || d.away == 0 {
		t.Error("the writing is too tame")
	}
}

// desks are those who write, and what they write in.
type desks struct {
	*table
	*rand.Rand
	nodes []*node
	chair *watcher // shields and shares
	notes []casework.CardID
	texts map[casework.CardID]string // of the server, at rest
	pens  []*pen
	signs []rune // not typed yet

	broken, shielded, away int
}

// pen is one board of somebody.
type pen struct {
	*liveclient.Writer
	name    string
	browser *liveclient.Browser
}

func (d *desks) prepare() {
	d.chair = d.watch(d.nodes[0], "Hanneke")
	for _, title := range []string{"Samen", "Ook samen"} {
		card := d.chair.must(d.t, "draft_card", map[string]any{"column": d.chair.sees().Columns[0].ID, "title": title, "class": "shared", "kind": "fact"})
		d.chair.must(d.t, "table_card", map[string]any{"card": card})
		d.notes = append(d.notes, casework.CardID(card))
	}
	for i, name := range []string{"Iris", "Daan", "Mirthe", "Ruben", "Hanneke", "Iris", "Daan"} {
		p := &pen{Writer: liveclient.NewWriter(d.id), name: name, browser: d.browser(d.nodes[i%2], name)}
		d.pens = append(d.pens, p)
		d.connect(p)
	}
}

// connect sits somebody down at one of the nodes, unless they are there already or
// have no place.
func (d *desks) connect(p *pen) {
	d.t.Helper()
	if p.Here() {
		return
	}
	err := p.Connect(within(d.t), at(d.nodes[d.IntN(2)], p.browser))
	if err != nil && liveclient.CloseCode(err) != 4101 {
		d.t.Fatalf("-seed %d: %s sits down: %v", *seed, p.name, err)
	}
}

// step is one thing that somebody does.
func (d *desks) step() {
	p, card := d.pens[d.IntN(len(d.pens))], d.notes[d.IntN(len(d.notes))]
	switch r := d.IntN(100); {
	case r < 4 && p.Here():
		p.Drop(within(d.t))
		d.broken++
	case r < 10:
		for _, p := range d.pens {
			d.connect(p)
		}
	case r < 13:
		if m, ok := d.chair.ask(within(d.t), "shield_card", map[string]any{"card": card, "class": "named", "named": []casework.UserID{d.users["Iris"]}}); ok && m.OK {
			d.shielded++
		}
	case r < 18 && d.chair.sees().Cards[card].Class != casework.Shared:
		d.chair.ask(within(d.t), "share_card", map[string]any{"card": card, "class": "shared"})
	case r < 19 && p.name == "Ruben":
		d.seat(p, time.Now())
		d.away++
	case r < 21:
		d.seat(p, time.Time{})
	case r < 30 && p.Here():
		p.Await(within(d.t), func() bool { return p.Stored() || p.Gone() })
	default:
		d.write(p, card)
	}
}

// seat gives Ruben a place at the table, until a time.
func (d *desks) seat(p *pen, until time.Time) {
	d.t.Helper()
	if p.name != "Ruben" {
		return
	}
	d.member(d.nodes[d.IntN(2)], d.users[p.name], casework.Member{Role: casework.PerpetratorSupport, Until: until})
}

// write types signs that nobody typed before, or takes some away that may be
// somebody else's.
func (d *desks) write(p *pen, card casework.CardID) {
	d.t.Helper()
	_, err := p.Type(card, func(text string) note.Changes {
		signs := []rune(text)
		from := d.IntN(len(signs) + 1)
		to, n := from, 1+d.IntN(2)
		if d.IntN(4) == 0 {
			to, n = min(len(signs), from+1+d.IntN(3)), d.IntN(2)
		}
		typed := string(d.signs[:n])
		d.signs = d.signs[n:]
		return note.Between(text, string(signs[:from])+typed+string(signs[to:]))
	})
	if err != nil {
		d.t.Fatalf("-seed %d: %v", *seed, err)
	}
}

// rest shares everything, brings everybody to the table, and waits until all of
// them have what the database says.
func (d *desks) rest() {
	d.t.Helper()
	for _, p := range d.pens {
		d.seat(p, time.Time{})
	}
	d.texts = map[casework.CardID]string{}
	for _, card := range d.notes {
		if d.chair.sees().Cards[card].Class != casework.Shared {
			d.chair.must(d.t, "share_card", map[string]any{"card": card, "class": "shared"})
		}
	}
	for _, p := range d.pens {
		d.connect(p)
		if !p.Await(within(d.t), p.Stored) {
			d.t.Fatalf("-seed %d: what %s wrote is never stored: %v", *seed, p.name, p.Closed())
		}
	}
	for _, card := range d.notes {
		sees, _ := fresh(d.t, d.nodes[0], d.id, d.users["Hanneke"])
		want := sees.Cards[card].Text
		d.texts[card] = want.Body
		for _, p := range d.pens {
			p.comesTo(d.t, card, want.Base, want.Body)
		}
	}
}

// comesTo waits until a pen has a text of the server, and the same one.
func (p *pen) comesTo(t testing.TB, card casework.CardID, base casework.TextID, body string) {
	t.Helper()
	var has string
	ok := p.Await(within(t), func() bool {
		text, at, err := p.Reads(card)
		has = text
		return at == base || err != nil
	})
	if !ok || has != body {
		t.Fatalf("-seed %d: %s has %q of %s, the server %q", *seed, p.name, has, card, body)
	}
}

// allSigns are signs that are no words, each a change of its own in every
// difference of texts; some of them are two units long.
func allSigns() (signs []rune) {
	for _, part := range [][2]rune{{0x2190, 0x23ff}, {0x2500, 0x27bf}, {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x2900, 0x2bff}} {
		for r := part[0]; r <= part[1]; r++ {
			if unicode.IsSymbol(r) {
				signs = append(signs, r)
			}
		}
	}
	return signs
}
