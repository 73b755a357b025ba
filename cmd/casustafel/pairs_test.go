package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	mrand "math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/liveclient"
	"github.com/casustafel/casustafel/internal/note"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

const (
	twinPairs = 8
	twinSteps = 20
)

// Promise 1 as it is written: two histories that are the same for Ruben, one of
// them with much more going on that he may not know of, give him the same: the
// same states in the same order, the same answers, the same people at the
// table, and tokens of the same length.
func TestHiddenStepsLeaveNoTrace(t *testing.T) {
	tb, a := newTable(t)
	nodes := []*node{a, tb.node("second")}
	browsers := map[string]*liveclient.Browser{}
	for _, name := range secretNames {
		browsers[name] = tb.browser(a, name)
	}
	hiddenDone, pointed, came := 0, 0, map[string]int{}
	for n := range twinPairs {
		random := mrand.New(mrand.NewPCG(*seed+uint64(n), 77))
		quiet, busy := tb.twin(nodes, browsers), tb.twin(nodes, browsers)
		for k := range twinSteps + 4 {
			step, by, i, j := random.IntN(20), random.IntN(4), random.IntN(1000), random.IntN(1000)
			if k >= twinSteps {
				step, by = 17, k-twinSteps // everybody points to something
			}
			for range random.IntN(3) {
				busy.hidden(random)
			}
			perhaps := busy.lastSecret() // to the one a card, to the other no more than a word
			for _, w := range []*twin{quiet, busy} {
				w.visible(step, by, i, j, perhaps)
				w.settle()
			}
		}
		for _, w := range []*twin{quiet, busy} {
			w.rendersAll()
		}
		one, two := quiet.told(), busy.told()
		for k := range max(len(one), len(two)) {
			if k >= len(one) || k >= len(two) || one[k] != two[k] {
				t.Fatalf("-seed %d: message %d to Ruben\n quiet %s\n busy  %s", *seed+uint64(n), k, nth(one, k), nth(two, k))
			}
		}
		for _, line := range one {
			kind, _, _ := strings.Cut(line, " ")
			came[kind]++
			if strings.Contains(line, "data-card") && strings.Contains(line, "data-user") {
				pointed++
			}
		}
		if len(one) < twinSteps/2 {
			t.Errorf("only %d messages came", len(one))
		}
		hiddenDone += busy.done
		for _, w := range []*twin{quiet, busy} {
			w.close()
		}
	}
	t.Logf("%d hidden steps were carried out in %d histories; what came: %v", hiddenDone, twinPairs, came)
	if hiddenDone < twinPairs*twinSteps/2 {
		t.Error("too little was hidden")
	}
	if came["step"] < 2*twinPairs || came["carets"] < twinPairs {
		t.Error("too little was written")
	}
	if came["rendered"] < 2*twinPairs || pointed < twinPairs {
		t.Errorf("%d notes were shown, and pointed %d times to a card and a colleague", came["rendered"], pointed)
	}
}

func nth(list []string, k int) string {
	if k < len(list) {
		return list[k]
	}
	return "nothing"
}

// twin is one of the two histories, in a case of its own.
type twin struct {
	*table
	nodes   []*node
	id      casework.CaseID
	at      map[string]*watcher
	cards   []string // that Ruben sees, in the order they were made
	secret  []string // that he does not
	persons map[string]casework.PersonID
	done    int             // hidden steps
	start   view.Projection // Ruben's

	hereAtStart string
}

func (tb *table) twin(nodes []*node, browsers map[string]*liveclient.Browser) *twin {
	id, err := nodes[0].app.OpenCase(tb.t.Context(), sessionOf(tb.users["Hanneke"], casework.Chair), casework.NewID[casework.CommandID](rand.Reader), "Tweeling", app.Templates[0])
	if err != nil {
		tb.t.Fatal(err)
	}
	w := &twin{table: tb, nodes: nodes, id: id, at: map[string]*watcher{}, persons: map[string]casework.PersonID{}}
	w.at["Hanneke"] = tb.sat(browsers["Hanneke"], "Hanneke", id, nil)
	for _, p := range [][2]string{{"Noor", "parent"}, {"Fenna", "child"}, {"Joris", "partner"}} {
		w.persons[p[0]] = casework.PersonID(w.at["Hanneke"].must(tb.t, "add_person", map[string]any{"kind": p[1], "class": "shared", "name": p[0]}))
	}
	for name, beside := range map[string]string{"Iris": "Fenna", "Daan": "Noor", "Mirthe": "Noor", "Ruben": "Joris"} {
		w.put(name, w.persons[beside])
	}
	for i, name := range []string{"Iris", "Daan", "Mirthe", "Ruben"} {
		w.at[name] = tb.sat(at(nodes[i%2], browsers[name]), name, id, nil)
	}
	w.at["Ruben"].until(tb.t, "everybody", func() bool { return len(w.at["Ruben"].here) == 5 })
	w.settle()
	w.at["Ruben"].mu.Lock()
	w.start, w.at["Ruben"].frames = w.at["Ruben"].state, nil // from here on it counts
	w.hereAtStart = naming{}.here(w.at["Ruben"].here)
	w.at["Ruben"].mu.Unlock()
	return w
}

func (w *twin) put(name string, beside ...casework.PersonID) {
	m := casework.Member{User: w.users[name], Role: secretTeam[name], Beside: beside, From: time.Now().Add(-time.Hour)}
	if err := w.nodes[0].app.SetMember(w.t.Context(), chair, w.id, store.Membership{Member: m, Ground: "test"}); err != nil {
		w.t.Fatal(err)
	}
}

// visible does the same in both histories.
func (w *twin) visible(step, by, i, j int, perhaps string) {
	name := []string{"Iris", "Daan", "Ruben", "Hanneke"}[by]
	actor := w.at[name]
	column := func(n int) casework.ColumnID { c := actor.sees().Columns; return c[n%len(c)].ID }
	if step < 4 || len(w.cards) < 3 {
		card := actor.must(w.t, "draft_card", map[string]any{"column": column(i), "title": fmt.Sprint("Zichtbaar ", len(w.cards)), "class": "shared", "kind": "question",
			"person": []casework.PersonID{"", w.persons["Fenna"], w.persons["Joris"]}[j%3]})
		actor.must(w.t, "table_card", map[string]any{"card": card})
		w.cards = append(w.cards, card)
		return
	}
	card, other := w.cards[i%len(w.cards)], w.cards[j%len(w.cards)]
	if own := w.of(name); step > 9 && len(own) > 0 {
		card = own[i%len(own)]
	}
	actor.until(w.t, "the cards of others", func() bool {
		return len(actor.state.Cards[cardOf(other)].ID)*len(actor.state.Cards[cardOf(card)].ID) > 0
	})
	has := actor.sees().Cards[cardOf(card)]
	switch step {
	case 4, 5:
		actor.ask(w.t.Context(), "move_card", map[string]any{"card": card, "column": actor.sees().Cards[cardOf(other)].Column, "after": other})
	case 6:
		actor.ask(w.t.Context(), "retitle_card", map[string]any{"card": card, "title": fmt.Sprint("Anders ", i, j), "base": has.Title.Base})
	case 7:
		actor.ask(w.t.Context(), "link_card", map[string]any{"card": card, "to": other})
	case 8:
		ruben := w.at["Ruben"]
		if undo := ruben.sees().Undo; undo != nil {
			ruben.ask(w.t.Context(), "undo", map[string]any{"command": undo.Command})
		}
	case 10, 11, 12, 13:
		w.adds(actor, card, fmt.Sprint(" Geschreven ", i))
	case 14, 15, 16:
		if ruben := w.at["Ruben"]; has.By == w.users[name] && actor != ruben {
			w.writes(actor, card)
			ruben.until(w.t, "where "+name+" writes", func() bool { return len(ruben.carets) == 1 })
			actor.client.Send(map[string]any{"t": "caret"}) //nolint:errcheck // told by what follows
			ruben.until(w.t, "nobody who writes", func() bool { return len(ruben.carets) == 0 })
		}
	case 17, 18:
		w.adds(actor, card, pointsTo(other, perhaps))
	case 19:
		w.at["Ruben"].look(w.t, "render", card)
	case 9:
		w.at["Ruben"].ask(w.t.Context(), "archive_card", map[string]any{"card": strings.Repeat("Z", casework.IDLength)})
	}
}

// of lists the visible cards that somebody wrote.
func (w *twin) of(name string) (own []string) {
	for _, id := range w.cards {
		if w.at[name].sees().Cards[cardOf(id)].By == w.users[name] {
			own = append(own, id)
		}
	}
	return own
}

// hidden does something that Ruben must not know of.
func (w *twin) hidden(random *mrand.Rand) {
	name := []string{"Iris", "Daan", "Mirthe"}[random.IntN(3)]
	actor := w.at[name]
	person := map[string]casework.PersonID{"Iris": w.persons["Fenna"], "Daan": w.persons["Noor"], "Mirthe": w.persons["Noor"]}[name]
	columns := actor.sees().Columns
	var mine []string
	for _, id := range w.secret {
		if c, ok := actor.sees().Cards[cardOf(id)]; ok && c.By == w.users[name] {
			mine = append(mine, id)
		}
	}
	do := func(command string, with map[string]any) string {
		m, ok := actor.ask(w.t.Context(), command, with)
		if ok && m.OK {
			w.done++
		}
		return m.Made
	}
	step := random.IntN(12)
	if len(mine) == 0 && step > 2 {
		step = 0
	}
	switch step {
	case 0, 1:
		class := []string{"confidential", "private", "safety"}[random.IntN(3)]
		card := do("draft_card", map[string]any{"column": columns[random.IntN(len(columns))].ID, "title": "Geheim", "class": class, "kind": "question", "person": person})
		do("table_card", map[string]any{"card": card})
		w.secret = append(w.secret, card)
	case 2: // a draft
		do("draft_card", map[string]any{"column": columns[0].ID, "title": "Concept", "class": "private", "kind": "fact"})
	case 3, 4:
		card := mine[random.IntN(len(mine))]
		after := ""
		if len(w.cards) > 0 && random.IntN(2) == 0 {
			after = w.cards[random.IntN(len(w.cards))]
		}
		column := actor.sees().Cards[cardOf(after)].Column
		if column == "" {
			column, after = columns[0].ID, ""
		}
		do("move_card", map[string]any{"card": card, "column": column, "after": after})
	case 5:
		card := mine[random.IntN(len(mine))]
		do("retitle_card", map[string]any{"card": card, "title": fmt.Sprint("Geheimer ", random.IntN(1000)), "base": actor.sees().Cards[cardOf(card)].Title.Base})
	case 6:
		if len(w.cards) > 0 {
			do("link_card", map[string]any{"card": mine[random.IntN(len(mine))], "to": w.cards[random.IntN(len(w.cards))]})
		}
	case 7:
		actor.client.Send(map[string]any{"t": "focus", "card": mine[random.IntN(len(mine))]}) //nolint:errcheck // told by what follows
	case 10: // in a note that Ruben may not read
		card := mine[random.IntN(len(mine))]
		text := actor.sees().Cards[cardOf(card)].Text
		do("write_note", map[string]any{"card": card, "base": text.Base, "changes": note.Between(text.Body, text.Body+pointsTo(mine[0], "ZZZZZ"))})
		actor.look(w.t, "render", card)
		w.writes(actor, mine[random.IntN(len(mine))])
	case 11: // what came and went while he could not read
		if len(w.cards) > 0 {
			do("name_version", map[string]any{"card": mine[random.IntN(len(mine))], "name": "Geheime versie"})
		}
	case 8: // refused
		actor.ask(w.t.Context(), "close_case", map[string]any{})
	case 9: // a person whom Ruben may not know, and somebody beside that person
		if name == "Daan" {
			if made := do("add_person", map[string]any{"kind": "network", "class": "safety", "name": "Onbekend"}); made != "" {
				w.put("Daan", w.persons["Noor"], casework.PersonID(made))
			}
		}
	}
}

// settle waits until Ruben has all that he is to get.
func (w *twin) settle() {
	ruben := w.at["Ruben"]
	ruben.until(w.t, "what is visible", func() bool {
		want, ok := fresh(w.t, w.nodes[0], w.id, w.users["Ruben"])
		return ok && encoded(w.t, ruben.state) == encoded(w.t, want)
	})
}

// told is what Ruben was told, in words that are the same for both histories:
// ids by the order in which they first came, times left out.
func (w *twin) told() []string {
	ruben := w.at["Ruben"]
	ruben.mu.Lock()
	defer ruben.mu.Unlock()
	names := naming{}
	var all, here, carets []string // who is here, and where they write, comes in its own time
	last := map[string]string{"here": w.hereAtStart}
	add := func(list *[]string, kind, what string) {
		if last[kind] != what {
			last[kind] = what
			*list = append(*list, kind+" "+what)
		}
	}
	state := w.start
	lengths := map[int]bool{}
	for _, raw := range ruben.frames {
		var m liveclient.Message
		var d view.Difference
		if json.Unmarshal(raw, &m) != nil || json.Unmarshal(raw, &d) != nil {
			w.t.Fatal("a frame that is not one: ", string(raw))
		}
		switch m.Type {
		case "change":
			state = state.Apply(&d)
			for _, written := range d.Written { // however many came at a time
				for _, s := range written.Steps {
					all = append(all, fmt.Sprint("step ", names.of(string(written.Card)), s.User, encoded(w.t, s.Changes)))
				}
			}
			lengths[len(m.Cursor)] = true
			add(&all, "state", names.state(state))
		case "answer":
			refusal := ""
			if m.Error != nil {
				refusal = string(m.Error.Kind) + m.Error.Reason + m.Error.Rule
			}
			all = append(all, fmt.Sprint("answer ", m.OK, names.of(m.Made), refusal))
		case "rendered":
			all = append(all, w.shown(names, raw))
		case "beat":
		case "here":
			add(&here, "here", names.here(m.Here))
		case "carets":
			add(&carets, "carets", names.carets(m.Carets))
		default:
			rights := strings.Replace(string(raw), m.Seat, strings.Repeat("x", len(m.Seat)), 1) // a token is another each time, of one length
			add(&all, m.Type, rights)
		}
	}
	if len(lengths) != 1 {
		w.t.Errorf("cursors of %d lengths", len(lengths))
	}
	return w.cardsByOrder(slices.Concat(all, here, carets))
}

func (w *twin) close() {
	for _, c := range w.at {
		c.leave()
	}
}
