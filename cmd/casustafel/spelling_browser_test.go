package main

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/casustafel/casustafel/internal/liveclient"
	"github.com/casustafel/casustafel/static"
)

// marksWords waits until these words, and no others, have a wavy underline.
func marksWords(words string) chromedp.Action[chromedp.Void] {
	return holds(fmt.Sprintf(`[...document.querySelectorAll("dialog .spelling-mark")].map((mark) => mark.textContent).join(" ") === %q`, words))
}

// atWord waits until the focus is on what can be done with a word in the list.
func atWord(word, act string) chromedp.Action[chromedp.Void] {
	return holds(fmt.Sprintf(`document.activeElement?.matches('[data-misspelt="%s"] [data-act="%s"]')`, word, act))
}

// Iris switches the spelling on. The list of words does not come at first, which
// she is told while she writes on; then it does. A word that she spelt otherwise is
// marked, names and what somebody said are not, and with the keyboard alone she
// writes what she meant, which Daan gets. But for the list, nothing of it is asked of
// the server, and nothing stays in her browser.
func TestSpellingOfANote(t *testing.T) {
	t.Parallel()
	tb, near := newTable(t)
	line, far := tb.behindNetwork(t, serveCmd{})
	author := tb.sit(near, "Daan")
	card := tableNote(t, author, "Wat spreken we af?")
	ask(t, tb.sit(near, "Hanneke"), "add_person", map[string]any{"kind": "network", "class": "shared", "name": "Zjefke"})
	iris := tb.window(chromium(t), far, "Iris")
	const on, plan, perhaps, slip = `dialog [data-tool="spelling"][aria-pressed="true"]`, "veilgheidsplan", "Mischien", "verdrietg"
	run(t, iris, forbidden(), chromedp.EmulateViewport(1280, 900), writes(card), types("Zjefke en Iris maken een veilgheidsplan. "), stored())
	before := len(line.askedSince(0))

	line.is(func() { line.refused = "/assets/Dutch" })
	run(t, iris, click(`dialog [data-tool="spelling"]`), chromedp.WaitVisible(`dialog [data-spelling="failed"]`), chromedp.WaitNotPresent(on), inEditor(),
		types("Mischien belt Noor. “Ik wil na huus.” Zie #zwemlez. "), stored())
	shoot(t, iris, "spelling-failed-phone", 390, 844, false)
	line.is(func() {})
	// The word at the caret is not held against her while she writes it, until she asks.
	run(t, iris, chromedp.EmulateViewport(1280, 900), click(`dialog [data-tool="spelling"]`), chromedp.WaitVisible(on), marksWords(plan+" "+perhaps),
		types("Fenna huult, is verdrietg"), marksWords(plan+" "+perhaps+" huult"))
	says(t, iris, `dialog .wording-place > [role="status"]`, "3 woorden staan niet in de woordenlijst.")
	run(t, iris, toHints(), atWord(slip, "respell"), chromedp.KeyEvent("\r"), atWord(plan, "suggest"), marksWords(plan+" "+perhaps+" huult"), chromedp.KeyEvent("\r"), atWord(plan, "respell"))
	says(t, iris, `dialog [data-act="respell"]`, "veiligheidsplan")
	accessible(t, iris, "suggestions for a word")
	shootEach(t, iris, "spelling", `dialog [data-act="respell"]`)
	run(t, iris, chromedp.EmulateViewport(1280, 900), chromedp.KeyEvent("\r"), atWord(perhaps, "suggest"), marksWords(perhaps+" huult"), escape(), inEditor(), types("!"))
	until(t, author, func(liveclient.Message) bool {
		return author.State.Cards[card].Text.Body == "Zjefke en Iris maken een veiligheidsplan. Mischien belt Noor. “Ik wil na huus.” Zie #zwemlez. Fenna huult, is verdrietig!"
	})
	run(t, iris, click(`[data-misspelt="`+perhaps+`"] [data-act="let-stand"]`), marksWords("huult"), click(on), marksWords(""), chromedp.WaitNotPresent(`dialog [data-spelt]`))

	for _, path := range line.askedSince(before) {
		// No word in a query, nor one that stands for a file.
		if _, err := fs.Stat(static.Dist(), strings.TrimPrefix(path, "/assets/")); err != nil {
			t.Error("the server is asked for", path)
		}
	}
	keepsNothing(t, iris)
	if bad, err := chromedp.Run(iris, chromedp.Evaluate[[]string](`window.violations`)); err != nil || len(bad) > 0 {
		t.Error("the content policy stood in the way:", bad, err)
	}
}
