package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/casustafel/casustafel/internal/casework"
)

// Iris drafts a card, puts it on the table, moves it, shields it and shares it;
// Ruben sees it, and sees it go, without touching anything.
func TestTwoBrowsersOneBoard(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	browser := chromium(t)
	iris, ruben := tb.window(browser, n, "Iris"), tb.window(browser, n, "Ruben")
	const title = "Tekende een huis zonder deur"

	// A draft is seen by its author alone.
	run(t, iris, click(`[data-column] [data-act="draft"]`), typeInto(`dialog [name="title"]`, title),
		choose(`dialog [name="class"]`, "shared"), readersKnown(), click(`dialog [type="submit"]`), closed())
	card := tb.cardTitled(n, "Iris", title)
	onCard := func(act string) string { return fmt.Sprintf(`[data-card="%s"] [data-act="%s"]`, card, act) }
	face := fmt.Sprintf(`[data-card="%s"]`, card)
	run(t, iris, chromedp.WaitVisible(face))
	run(t, ruben, chromedp.WaitNotPresent(face))

	// On the table it appears for Ruben.
	run(t, iris, click(onCard("table")), readersKnown(), click(`dialog [type="submit"]`), closed())
	run(t, ruben, chromedp.WaitVisible(face))

	// Moved to the second column, it stands there for both.
	columns := tb.columns(n, "Iris")
	there := fmt.Sprintf(`[data-column="%s"] %s`, columns[1], face)
	run(t, iris, click(onCard("move")), click(fmt.Sprintf(`dialog [name="column"][value="%s"]`, columns[1])), click(`dialog [type="submit"]`), closed(),
		chromedp.WaitVisible(there))
	run(t, ruben, chromedp.WaitVisible(there))
	shoot(t, ruben, "ruben-story", 1280, 900, false)

	// Shielded, it is not there for Ruben at all, while he has it open.
	run(t, ruben, click(onCard("open")), chromedp.WaitVisible(`[data-opened]`))
	run(t, iris, click(onCard("open")), click(`dialog [data-act="shield"]`), choose(`dialog [name="class"]`, "confidential"), readersKnown())
	shoot(t, iris, "iris-shield", 1280, 900, false)
	shoot(t, iris, "iris-shield-phone", 390, 844, true)
	run(t, iris, chromedp.EmulateViewport(1280, 900), click(`dialog [type="submit"]`), closed())
	run(t, ruben, chromedp.WaitVisible(`dialog [data-gone]`))
	if body := text(t, ruben); strings.Contains(body, title) || strings.Contains(body, casework.CardID(card).Code()) {
		t.Error("the shielded card is still somewhere on Ruben's page")
	}
	run(t, ruben, click(`dialog [data-act="confirm"]`), chromedp.WaitNotPresent(face))

	// Shared again, it is back.
	run(t, iris, click(onCard("open")), click(`dialog [data-act="share"]`), choose(`dialog [name="class"]`, "shared"), readersKnown(),
		click(`dialog [type="submit"]`), closed())
	run(t, ruben, chromedp.WaitVisible(face))

	// Both are shown at the table.
	for _, name := range []string{"Iris", "Ruben"} {
		run(t, iris, chromedp.WaitVisible(fmt.Sprintf(`[data-here="%s"]`, tb.users[name])))
	}
	if title, err := chromedp.Run(iris, chromedp.Title()); err != nil || title != "Casustafel" {
		t.Errorf("title of the page: %q %v", title, err)
	}
}

// Signing out closes the board that is open in another tab of the same browser.
func TestSignOutEndsTheOpenBoard(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	iris := tb.window(chromium(t), n, "Iris")
	other, quit := chromedp.NewContext(iris)
	t.Cleanup(quit)
	run(t, other, chromedp.Navigate(n.origins[0]+"/cases/"+string(tb.id)), chromedp.WaitVisible(`[data-state="live"]`),
		click(`[data-act="sign-out"]`), chromedp.WaitVisible(`input[name="password"]`))
	run(t, iris, chromedp.WaitVisible(`[data-lock-says="over"]`))
	if body := text(t, iris); strings.Contains(body, "Fenna") {
		t.Error("the board of an ended session still shows the family")
	}
}

// Everything of a card's first minute works without a mouse.
func TestCardByKeyboard(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	iris := tb.window(chromium(t), n, "Iris")
	run(t, iris, chromedp.Focus(`[data-column] [data-act="draft"]`), chromedp.KeyEvent("\r"), chromedp.WaitVisible(`dialog [name="title"]`))
	run(t, iris, chromedp.WaitVisible(`dialog [name="title"]:focus`), chromedp.KeyEvent("Zwaaide naar de juf"), readersKnown(), chromedp.KeyEvent("\r"), closed())
	card := tb.cardTitled(n, "Iris", "Zwaaide naar de juf")
	run(t, iris, chromedp.WaitVisible(`[data-card="`+string(card)+`"]`), chromedp.Focus(`[data-card="`+string(card)+`"] [data-act="open"]`),
		chromedp.KeyEvent("\r"), chromedp.WaitVisible(`[data-opened]`), chromedp.KeyEvent("\u001b"), closed(),
		// The focus is back where it came from.
		chromedp.WaitVisible(`[data-card="`+string(card)+`"] [data-act="open"]:focus`))
}

// axe finds nothing on any page, in either colour scheme.
func TestAxe(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	iris := tb.window(chromium(t), n, "Iris")
	accessible(t, iris, "board")
	run(t, iris, click(`[data-column] [data-act="draft"]`), readersKnown())
	accessible(t, iris, "new card")
	run(t, iris, chromedp.KeyEvent("\u001b"), closed(), click(`[data-card] [data-act="open"]`), readersKnown())
	accessible(t, iris, "card")
	run(t, iris, click(`dialog [data-act="move"]`), chromedp.WaitVisible(`dialog [name="column"]`))
	accessible(t, iris, "move")
	run(t, iris, chromedp.KeyEvent("\u001b"), closed(), click(`[data-act="add-person"]`), chromedp.WaitVisible(`dialog [name="name"]`))
	accessible(t, iris, "new person")
	run(t, iris, chromedp.Navigate(n.origins[0]+"/"), chromedp.WaitVisible(`main`))
	accessible(t, iris, "my cases")
	run(t, iris, chromedp.Navigate(n.origins[0]+"/nowhere"), chromedp.WaitVisible(`main`))
	accessible(t, iris, "nothing here")
	run(t, iris, chromedp.Navigate(n.origins[0]+"/sign-in"), chromedp.WaitVisible(`main`))
	accessible(t, iris, "sign in")
}

func click(selector string) chromedp.Action[chromedp.Void] {
	return steady(chromedp.Click(selector, chromedp.NodeVisible))
}

// typeInto types into a field of a page that is there: while one loads, what was found
// in it may be gone a moment later.
func typeInto(selector, words string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(chromedp.WaitVisible(selector), holds(`document.readyState === "complete"`), steady(chromedp.SendKeys(selector, words, chromedp.NodeVisible)))
}

// choose picks an option as a person does: the page hears of it.
func choose(selector, value string) chromedp.Action[chromedp.Void] {
	script := fmt.Sprintf(`(() => { const s = document.querySelector(%q); if (![...s.options].some(o => o.value === %q)) throw new Error("no such option");
		s.value = %q; s.dispatchEvent(new Event("input", {bubbles: true})); s.dispatchEvent(new Event("change", {bubbles: true})); })()`, selector, value, value)
	return chromedp.Steps(chromedp.WaitVisible(selector), evaluate(script))
}

// readersKnown waits until the names of who can and cannot read are shown.
func readersKnown() chromedp.Action[chromedp.Void] {
	return chromedp.WaitVisible(`dialog [data-readers="known"]`)
}

func closed() chromedp.Action[chromedp.Void] { return chromedp.WaitNotPresent(`dialog[open]`) }

func text(t *testing.T, ctx context.Context) string {
	t.Helper()
	body, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.documentElement.outerHTML`))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// cardTitled finds a card that somebody sees, by its title.
func (tb *table) cardTitled(n *node, name, title string) casework.CardID {
	tb.t.Helper()
	c := tb.sit(n, name)
	defer c.Close() //nolint:errcheck // only to look
	card, ok := cardTitled(c.State, title)
	if !ok {
		tb.t.Fatalf("%s has no card %q", name, title)
	}
	return card.ID
}

func (tb *table) columns(n *node, name string) []casework.ColumnID {
	tb.t.Helper()
	c := tb.sit(n, name)
	defer c.Close() //nolint:errcheck // only to look
	var columns []casework.ColumnID
	for _, column := range c.State.Columns {
		columns = append(columns, column.ID)
	}
	return columns
}
