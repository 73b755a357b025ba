package main

import (
	"crypto/rand"
	"encoding/json"
	"slices"
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
)

// A text is rendered for those who see its card, as the version they see; for
// everybody else the card is as absent as one that never was.
func TestRenderedForThoseWhoSeeTheCard(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	iris, ruben := tb.watch(n, "Iris"), tb.watch(n, "Ruben")
	card := iris.must(t, "draft_card", map[string]any{"column": iris.sees().Columns[0].ID, "title": "Met nadruk", "text": "Zij zei **nee** <img src=x>",
		"person": tb.person(iris, "Fenna"), "class": "confidential", "kind": "fact"})
	iris.must(t, "table_card", map[string]any{"card": card})

	if got := iris.look(t, "render", card); got.Error != nil || got.HTML != "<p>Zij zei <strong>nee</strong> &lt;img src=x&gt;</p>\n" ||
		got.Base != iris.sees().Cards[casework.CardID(card)].Text.Base {
		t.Errorf("Iris gets %+v", got)
	}
	hidden, absent := ruben.look(t, "render", card), ruben.look(t, "render", "KNEVERWAS2222222")
	if hidden.Error == nil || hidden.Error.Kind != casework.NotFound || hidden.HTML != "" || *hidden.Error != *absent.Error || hidden.Base != "" {
		t.Errorf("hidden from Ruben: %+v, absent: %+v", hidden, absent)
	}
}

// looked is an answer to a question about a card.
type looked struct {
	Base  casework.TextID
	HTML  string
	Error *struct {
		Kind   casework.ErrorKind
		Reason string
	}
	Lines []struct {
		What string
		User casework.UserID
	}
}

func (w *watcher) look(t testing.TB, question, card string) looked {
	t.Helper()
	id := casework.NewID[casework.CommandID](rand.Reader)
	if err := w.client.Send(map[string]any{"t": question, "id": id, "card": card}); err != nil {
		t.Fatal(err)
	}
	answer, ok := w.answerTo(within(t), id)
	var told looked
	if err := json.Unmarshal(answer.Raw, &told); !ok || err != nil {
		t.Fatalf("%s of %s: %v %v", question, card, ok, err)
	}
	return told
}

// What was done with a card is told to those who see it, and of a card that is
// hidden as little as of one that never was.
func TestHistoryForThoseWhoSeeTheCard(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	iris, ruben := tb.watch(n, "Iris"), tb.watch(n, "Ruben")
	columns := iris.sees().Columns
	card := iris.must(t, "draft_card", map[string]any{"column": columns[0].ID, "title": "Sliep door", "person": tb.person(iris, "Fenna"), "class": "confidential", "kind": "fact"})
	iris.must(t, "table_card", map[string]any{"card": card})
	iris.must(t, "move_card", map[string]any{"card": card, "column": columns[1].ID})

	told := func(w *watcher) (what []string) {
		for _, line := range w.look(t, "history", card).Lines {
			what = append(what, line.What)
		}
		return what
	}
	if got := told(iris); !slices.Equal(got, []string{"drafted", "tabled", "moved"}) {
		t.Errorf("Iris is told %v", got)
	}
	hidden, absent := ruben.look(t, "history", card), ruben.look(t, "history", "KNEVERWAS2222222")
	if hidden.Error == nil || absent.Error == nil || *hidden.Error != *absent.Error || len(hidden.Lines)+len(absent.Lines) > 0 {
		t.Errorf("hidden from Ruben: %+v, absent: %+v", hidden, absent)
	}
	iris.must(t, "share_card", map[string]any{"card": card, "class": "shared"})
	ruben.until(t, "the card", func() bool { _, seen := ruben.state.Cards[casework.CardID(card)]; return seen })
	if got := told(ruben); !slices.Equal(got, []string{"drafted", "tabled"}) {
		t.Errorf("Ruben is told %v", got)
	}
	if got := told(iris); !slices.Equal(got, []string{"drafted", "tabled", "reclassed"}) {
		t.Errorf("Iris is told %v", got)
	}
}
