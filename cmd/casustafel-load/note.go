package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/liveclient"
	"github.com/casustafel/casustafel/internal/note"
	"github.com/casustafel/casustafel/internal/view"
)

// wordsInNote is how many words of writers fit in one note.
const wordsInNote = 1500

// betweenWrites is how long an editor gathers what is typed.
const betweenWrites = 100 * time.Millisecond

// note lets many write in one note at a time. The references have no notes.
func (b *bench) note(r *running, round int) (figures, error) {
	if r.name != casustafel {
		return nil, nil
	}
	v := b.world.rounds[round]
	w := &writing{crowd: &crowd{meter: newMeter()}, card: v.card, since: map[casework.CommandID]int64{}}
	w.crowd.ctx, w.crowd.fail = context.WithCancelCause(b.ctx)
	defer w.crowd.fail(nil)
	for _, s := range v.note {
		browser, err := liveclient.SignedIn(r.address, "__Host-casustafel", s.session)
		if err != nil {
			return nil, err
		}
		w.pens = append(w.pens, w.pen(casework.CaseID(s.room), browser))
	}
	if err := inParallel(len(w.pens), joinsAtOnce, func(i int) error { return w.pens[i].Connect(w.crowd.ctx, w.pens[i].browser) }); err != nil {
		return nil, err
	}
	defer w.leave()
	t, err := w.measure(r, b.window(), b.Typing)
	return append(delays(t), costs(t)[:2]...), err
}

// writing is everybody who writes in one note.
type writing struct {
	crowd *crowd
	card  casework.CardID
	pens  []*pen

	mu    sync.Mutex
	since map[casework.CommandID]int64 // when what a write brings was typed
}

// pen is one of them.
type pen struct {
	*liveclient.Writer
	browser *liveclient.Browser
	typed   int64 // the first of what waits to be written
	words   []string
	delays  []time.Duration
}

func (w *writing) pen(id casework.CaseID, browser *liveclient.Browser) *pen {
	p := &pen{Writer: liveclient.NewWriter(id), browser: browser}
	p.Pause = betweenWrites
	own := map[casework.CommandID]bool{}
	p.Given = func(given liveclient.Write) {
		own[given.ID] = true
		w.mu.Lock()
		w.since[given.ID] = p.typed
		w.mu.Unlock()
		p.typed = 0
	}
	p.Told = func(steps []view.Step) {
		now := w.crowd.meter.now()
		for _, s := range steps {
			if !own[s.ID] && w.crowd.meter.delivered(now) {
				w.mu.Lock()
				p.delays = append(p.delays, time.Duration(now-w.since[s.ID]))
				w.mu.Unlock()
			}
		}
	}
	return p
}

// measure lets everybody type in turn, and checks in the end that all have one text
// with every word in it once.
func (w *writing) measure(r *running, length window, rate float64) (traffic, error) {
	c := w.crowd
	from := c.meter.now()
	opens := from + int64(length.warmUp)
	until := opens + int64(length.length)
	c.meter.open(opens, until)
	costs := make(chan costOrError, 1)
	go func() { costs <- c.costBetween(r, opens, until) }()
	err := inParallel(len(w.pens), len(w.pens), func(i int) error {
		for k := 0; ; k++ {
			at := from + int64(float64(i+k*len(w.pens))/rate*float64(time.Second))
			if at >= until {
				return nil
			}
			if _, err := c.meter.sleepUntil(c.ctx, at); err != nil {
				return err
			}
			if err := w.pens[i].write(w.card, fmt.Sprintf("w%02d.%d ", i, k), c.meter); err != nil {
				return err
			}
		}
	})
	measured := <-costs
	if err = errors.Join(err, measured.err); err == nil {
		err = w.together()
	}
	t := traffic{deliveries: c.meter.deliveries.Load(), seconds: length.length.Seconds(), cost: measured.cost}
	for _, p := range w.pens {
		t.delays = append(t.delays, p.delays...)
	}
	slices.Sort(t.delays)
	return t, err
}

// write types a word before another one.
func (p *pen) write(card casework.CardID, word string, m *meter) error {
	seen, err := p.Type(card, func(text string) note.Changes {
		if p.typed == 0 {
			p.typed = m.now()
		}
		starts := []int{0}
		for i, r := range text {
			if r == ' ' {
				starts = append(starts, i+1)
			}
		}
		at := starts[rand.IntN(len(starts))]
		return note.Between(text, text[:at]+word+text[at:])
	})
	if err == nil && !seen {
		err = errors.New("the note is gone")
	}
	p.words = append(p.words, word)
	return err
}

// together waits until all is stored and everybody has the same text.
func (w *writing) together() error {
	ctx, cancel := context.WithTimeout(w.crowd.ctx, arrivesWithin)
	defer cancel()
	for _, p := range w.pens {
		if !p.Await(ctx, p.Stored) {
			return errors.New("what was typed is never stored")
		}
	}
	latest := ""
	for i, p := range w.pens {
		var text string
		var err error
		p.Await(ctx, func() bool {
			text, _, err = p.Reads(w.card)
			return err != nil || i > 0 && text == latest || i == 0 && w.complete(text) == nil
		})
		if err = errors.Join(err, w.complete(text)); err != nil {
			return err
		}
		latest = text
	}
	return nil
}

// complete tells whether a text has every word that was typed once.
func (w *writing) complete(text string) error {
	for _, p := range w.pens {
		for _, word := range p.words {
			if n := strings.Count(text, word); n != 1 {
				return fmt.Errorf("%q is in the note %d times", word, n)
			}
		}
	}
	return nil
}

func (w *writing) leave() {
	for _, p := range w.pens {
		p.Drop(w.crowd.ctx)
	}
}
