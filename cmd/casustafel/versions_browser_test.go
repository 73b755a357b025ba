package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/casustafel/casustafel/internal/casework"
)

// Two write in one note. Daan looks at what Iris changed, compares, names the text
// of now and puts the earlier one back; Iris finds it all in her history. A share
// begins a new history: what stood on a screen goes, and no id leads back.
func TestVersionsOfANote(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	writer, reader := tb.watch(n, "Iris"), tb.watch(n, "Daan")
	card := writer.must(t, "draft_card", map[string]any{"column": writer.sees().Columns[0].ID, "title": "Afspraken aan tafel", "class": "shared", "kind": "fact"})
	writer.must(t, "table_card", map[string]any{"card": card})
	daan, iris := tb.window(chromium(t), n, "Daan"), tb.window(chromium(t), n, "Iris")
	opened := func(window context.Context) {
		run(t, window, click(fmt.Sprintf(`[data-card="%s"] [data-act="open"]`, card)), chromedp.WaitVisible(`dialog [data-act="write"]`))
	}
	write := func(window context.Context, words string) {
		run(t, window, click(`dialog [data-act="write"]`), chromedp.WaitVisible(`[data-editor="ready"] .cm-content:focus`), chromedp.KeyEvent(words),
			chromedp.WaitVisible(`[data-stored="stored"]`), click(`dialog [data-act="read"]`), chromedp.WaitVisible(`dialog [data-note]`))
	}
	opened(daan)
	opened(iris)
	write(daan, "Fenna slaapt slecht.")
	tells(t, iris, `dialog [data-note]`, "Fenna slaapt slecht.")
	write(iris, " Bram ook.")
	tells(t, daan, `dialog [data-note]`, "Fenna slaapt slecht. Bram ook.")

	// What Iris changed, and the text from before it alone.
	run(t, daan, click(`dialog [data-act="history"]`), chromedp.WaitVisible(`[data-line="edited"] [data-act="look"]`))
	accessible(t, daan, "the history of a note")
	shoot(t, daan, "versions-list", 1280, 900, false)
	shoot(t, daan, "versions-list-phone", 390, 844, false)
	run(t, daan, chromedp.EmulateViewport(1280, 900), chromedp.Focus(`[data-line="edited"] [data-act="look"]`), chromedp.KeyEvent("\r"), chromedp.WaitVisible(`[data-looked] h3:focus`))
	tells(t, daan, `[data-looked] ins`, "toegevoegd: Bram ook.")
	before := look[string](t, daan, `document.querySelector("[data-looked]").dataset.looked`)
	accessible(t, daan, "a version and what is different now")
	shoot(t, daan, "versions-difference", 1280, 900, false)
	shoot(t, daan, "versions-difference-dark", 1280, 900, true)
	shoot(t, daan, "versions-difference-tablet", 820, 1100, false)
	shoot(t, daan, "versions-difference-phone", 390, 844, true)
	run(t, daan, chromedp.EmulateViewport(1280, 900), choose(`[name="against"]`, "alone"), chromedp.WaitVisible(`[data-looked] [data-body]`))
	says(t, daan, `[data-looked] [data-body]`, "Fenna slaapt slecht.")

	// Back it comes, for both; where it would be lost, the text of now got a name.
	run(t, daan, click(`dialog [data-act="put-back"]`), chromedp.WaitNotPresent(`[data-looked]`), chromedp.WaitVisible(`[data-line="named"]`))
	tells(t, daan, `[data-line="named"]`, "Daan gaf de tekst een naam: ‘Voor het terugzetten’")
	run(t, iris, gone(`dialog [data-note]`, "Bram ook"))
	run(t, daan, click(`dialog [data-act="name-version"]`), typeInto(`[name="version-name"]`, "Voor het besluit"), chromedp.KeyEvent("\r"),
		chromedp.WaitNotPresent(`[name="version-name"]`))
	tells(t, daan, `[data-line="named"]`, "Voor het besluit")
	run(t, iris, click(`dialog [data-act="history"]`))
	tells(t, iris, `[data-line="named"]`, "Daan gaf de tekst een naam: ‘Voor het besluit’")

	// Iris looks at a version while she shields the card and shares it again.
	run(t, iris, click(`[data-line="named"] [data-act="look"]`), chromedp.WaitVisible(`[data-looked]`))
	writer.must(t, "shield_card", map[string]any{"card": card, "class": "confidential"})
	run(t, iris, chromedp.WaitNotPresent(`[data-looked]`), chromedp.WaitVisible(`.history [data-lines]`), chromedp.WaitNotPresent(`[data-act="look"]`))
	writer.must(t, "share_card", map[string]any{"card": card, "class": "shared"})
	reader.until(t, "the card is shared again", func() bool { return reader.state.Cards[casework.CardID(card)].Class == casework.Shared })
	for _, w := range []*watcher{writer, reader} {
		if told := w.version(t, card, before); told.Error == nil || told.Error.Kind != casework.NotFound || told.Body != "" {
			t.Errorf("an earlier version is told after a share: %+v", told)
		}
	}
}

// version asks for the text of a version.
func (w *watcher) version(t *testing.T, card, version string) (told struct {
	looked
	Body string
}) {
	t.Helper()
	id := casework.NewID[casework.CommandID](rand.Reader)
	if err := w.client.Send(map[string]any{"t": "version", "id": id, "card": card, "version": version}); err != nil {
		t.Fatal(err)
	}
	answer, ok := w.answerTo(within(t), id)
	if err := json.Unmarshal(answer.Raw, &told); !ok || err != nil {
		t.Fatalf("version of %s: %v %v", card, ok, err)
	}
	return told
}

// gone waits until what the selector finds holds the words no longer.
func gone(selector, words string) chromedp.Action[chromedp.Void] {
	return holds(fmt.Sprintf(`!(document.querySelector(%q)?.textContent ?? %q).includes(%q)`, selector, words, words))
}
