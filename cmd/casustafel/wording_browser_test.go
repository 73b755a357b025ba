package main

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// While Iris writes a card, a word that the field avoids gets a hint: why, and
// what instead. She lets it stand with the keyboard and is told no more of it;
// what Fenna said herself is left as she said it.
func TestHintsAboutWords(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	iris := tb.window(chromium(t), n, "Iris")
	run(t, iris, click(`[data-column] [data-act="draft"]`), chromedp.WaitVisible(`dialog [name="title"]`),
		retype(`dialog [name="title"]`, "Bang voor de daders"), chromedp.WaitVisible(`dialog [data-wording="1"]`))
	tells(t, iris, `dialog [data-wording]`, "daders: In de opvang zeggen we dit liever niet: een mens is meer dan wat hij deed. Liever: de naam · (ex-)partner")
	tells(t, iris, `dialog .wording-place [role="status"]`, "Er is een hint over woordkeus.")
	run(t, iris, retype(`dialog [name="text"]`, `Zei: "ik ben geen slachtoffer". Een verwend kind, vindt oma.`), chromedp.WaitVisible(`dialog [data-wording="2"]`))
	accessible(t, iris, "hints about words")
	shoot(t, iris, "wording-form", 1280, 900, false)
	shoot(t, iris, "wording-form-phone", 390, 844, true)
	run(t, iris, chromedp.EmulateViewport(1280, 900), chromedp.Focus(`dialog [data-act="let-stand"]`), chromedp.KeyEvent("\r"), chromedp.WaitVisible(`dialog [data-wording="1"]`),
		chromedp.WaitVisible(`dialog [data-act="let-stand"]:focus`), chromedp.KeyEvent("\r"), chromedp.WaitNotPresent(`dialog [data-wording]`), chromedp.WaitVisible(`dialog [name="text"]:focus`),
		retype(`dialog [name="title"]`, "Dader, slachtoffer"), chromedp.WaitVisible(`dialog [data-wording="1"]`))
	tells(t, iris, `dialog [data-wording]`, "slachtoffer:")
	run(t, iris, choose(`dialog [name="kind"]`, "words"), chromedp.WaitNotPresent(`dialog [data-wording]`))
}
