package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/liveclient"
	"github.com/casustafel/casustafel/internal/note"
)

// writes lets somebody be in the note of a card.
func (w *twin) writes(actor *watcher, card string) {
	base := actor.sees().Cards[cardOf(card)].Text.Base
	actor.client.Send(map[string]any{"t": "caret", "card": card, "base": base, "anchor": 0, "head": 0}) //nolint:errcheck // told by what follows
}

// adds lets somebody write on at the end of a note.
func (w *twin) adds(actor *watcher, card, words string) {
	text := actor.sees().Cards[cardOf(card)].Text
	actor.ask(w.t.Context(), "write_note", map[string]any{"card": card, "base": text.Base, "changes": note.Between(text.Body, text.Body+words)})
}

// pointsTo is what a note says that names a card, something that may be a card and
// a colleague.
func pointsTo(card, perhaps string) string {
	return fmt.Sprintf(" Zie #%s en #%s, vraag @Mirthe.", card[:5], perhaps)
}

// lastSecret is what the last card that Ruben does not see is called.
func (w *twin) lastSecret() string {
	for i := len(w.secret) - 1; i >= 0; i-- {
		if len(w.secret[i]) > 5 {
			return w.secret[i][:5]
		}
	}
	return "ZZZZZ"
}

// rendersAll asks for every note that Ruben reads as it is to be shown.
func (w *twin) rendersAll() {
	for _, card := range w.cards {
		w.at["Ruben"].look(w.t, "render", card)
	}
}

// shown is how a note looks, in words that are the same for both histories.
func (w *twin) shown(names naming, raw []byte) string {
	var told struct {
		liveclient.Message
		Base casework.TextID
		HTML string
	}
	if err := json.Unmarshal(raw, &told); err != nil {
		w.t.Fatal(err)
	}
	refusal := ""
	if told.Error != nil {
		refusal = string(told.Error.Kind) + told.Error.Reason
	}
	return fmt.Sprint("rendered ", names.of(string(told.Base)), told.HTML, refusal)
}

// cardsByOrder gives the cards that Ruben sees a name by the order in which they
// were made, wherever a text points to them.
func (w *twin) cardsByOrder(lines []string) []string {
	var pairs []string
	for i, id := range w.cards {
		pairs = append(pairs, id, fmt.Sprint("card", i), "#"+id[:5], fmt.Sprint("#card", i))
	}
	order := strings.NewReplacer(pairs...)
	for i, line := range lines {
		lines[i] = order.Replace(line)
	}
	return lines
}
