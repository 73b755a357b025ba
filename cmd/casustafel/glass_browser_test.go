package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/casustafel/casustafel/internal/casework"
)

// Iris breaks the glass: a confidential card of Joris comes onto her open board and
// stays for an hour or until she ends it. The chair sees on her own open board who
// broke it, reads why, and says what she makes of it; the manager is asked for that
// too, and reads nothing of the case.
func TestGlassInTheBrowser(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	browser := chromium(t)
	board := n.origins[0] + "/cases/" + string(tb.id)
	hanneke, iris := tb.window(browser, n, "Hanneke"), tb.window(browser, n, "Iris")
	ruben := tb.watch(n, "Ruben")
	joris := casework.PersonID("")
	for _, person := range ruben.sees().Family {
		if person.Name == "Joris" {
			joris = person.ID
		}
	}
	card := ruben.must(t, "draft_card", map[string]any{"column": ruben.sees().Columns[0].ID, "title": "Wil zaterdag langskomen", "person": joris, "class": casework.Confidential, "kind": "fact"})
	ruben.must(t, "table_card", map[string]any{"card": card})
	on := fmt.Sprintf(`[data-card=%q]`, card)
	run(t, hanneke, chromedp.WaitNotPresent(`[data-act="glass"]`))
	run(t, iris, chromedp.WaitNotPresent(on), click(`[data-act="glass"]`), chromedp.WaitVisible(`#reason`), pageSays("De voorzitter en de managers horen het meteen"),
		typeInto(`#reason`, "gevaar"), click(`form button.danger`), chromedp.WaitVisible(`#reason[aria-invalid]:focus`))
	accessible(t, iris, "breaking the glass, refused")
	shoot(t, iris, "glass-refused", 1280, 900, false)
	shoot(t, iris, "glass-refused-phone", 390, 844, true)

	watching := tb.window(browser, n, "Iris")
	run(t, watching, chromedp.WaitNotPresent(on))
	run(t, iris, chromedp.EmulateViewport(1280, 900), chromedp.SetValue(`#reason`, "Er is gevaar aan de deur, komt Joris?"), click(`form button.danger`),
		chromedp.WaitVisible(`[role="status"]:focus`), chromedp.WaitVisible(`[data-glass-open]`), pageSays("gevaar aan de deur"))
	accessible(t, iris, "a broken glass")
	shoot(t, iris, "glass-broken", 1280, 900, false)
	shoot(t, iris, "glass-broken-phone", 390, 844, true)
	run(t, watching, chromedp.WaitVisible(on), chromedp.WaitVisible(`[data-glass="own"]`), chromedp.WaitNotPresent(`[data-act="glass"]`),
		holds(`document.querySelector("[data-said]")?.textContent.includes("Je hebt het glas ingedrukt")`))
	accessible(t, watching, "the board under a broken glass")
	shoot(t, watching, "glass-board", 1280, 900, false)
	shoot(t, watching, "glass-board-phone", 390, 844, true)

	run(t, hanneke, chromedp.WaitVisible(fmt.Sprintf(`[data-glass=%q]`, tb.users["Iris"])), holds(`document.querySelector("[data-said]")?.textContent.includes("Iris heeft het glas ingedrukt")`))
	shoot(t, hanneke, "glass-board-chair", 1280, 900, true)
	shoot(t, hanneke, "glass-board-chair-phone", 390, 844, false)
	els := tb.enters(n, "Els")
	run(t, els, chromedp.WaitVisible(`[data-notice="glass"]`), chromedp.Navigate(n.origins[0]+"/reviews"), chromedp.WaitVisible(`[data-glass="open"]`),
		holds(`!/Joris|Zilverlinde|opvang/.test(document.body.textContent)`))
	accessible(t, els, "reviews of a manager")
	shoot(t, els, "reviews", 1280, 900, false)
	shoot(t, els, "reviews-phone", 390, 844, true)

	run(t, iris, chromedp.EmulateViewport(1280, 900), click(`form[action$="/glass/end"] button`), chromedp.WaitVisible(`[role="status"]:focus`), chromedp.WaitNotPresent(`[data-glass-open]`))
	run(t, watching, chromedp.WaitNotPresent(on), chromedp.WaitNotPresent(`[data-glass]`), chromedp.WaitVisible(`[data-act="glass"]`),
		holds(`document.querySelector("[data-said]")?.textContent.includes("is voorbij")`))
	run(t, hanneke, chromedp.WaitNotPresent(`[data-glass]`), chromedp.EmulateViewport(1280, 900), chromedp.Navigate(board+"/glass"), chromedp.WaitVisible(`[data-glass="open"]`), pageSays("gevaar aan de deur"))
	run(t, hanneke, click(`input[value="justified"]`), typeInto(`input[name="words"]`, "   "), click(`form button.primary`), chromedp.WaitVisible(`input[name="words"][aria-invalid]:focus`), chromedp.WaitVisible(`input[value="justified"]:checked`))
	accessible(t, hanneke, "a review, refused")
	shoot(t, hanneke, "glass-review-refused", 1280, 900, false)
	shoot(t, hanneke, "glass-review-refused-phone", 390, 844, true)
	run(t, hanneke, chromedp.EmulateViewport(1280, 900), chromedp.SetValue(`input[name="words"]`, "Er was echt gevaar."), click(`form button.primary`), chromedp.WaitVisible(`[role="status"]:focus`), chromedp.WaitVisible(`[data-glass="justified"]`))
	accessible(t, hanneke, "a glass that was looked back at")
	shoot(t, hanneke, "glass-reviewed", 820, 1100, false)
	run(t, iris, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(n.origins[0]+"/"), chromedp.WaitVisible(`[data-notice="glass_answered"]`))
	shoot(t, iris, "glass-answered", 1280, 900, false)
}
