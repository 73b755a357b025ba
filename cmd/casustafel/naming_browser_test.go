package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/casustafel/casustafel/internal/liveclient"
)

// Before a draft goes on the table Iris sees for how many, with the partner's
// side first, and which of its words lead to somebody who is for safety. It is
// said and not forbidden. Afterwards she takes a change back, knowing what comes.
func TestWarningBeforeTheTableAndUndoInWords(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	hanneke := tb.sit(n, "Hanneke")
	ask(t, hanneke, "add_person", map[string]any{"kind": "network", "class": "safety", "name": "Tilly"})
	iris := tb.window(chromium(t), n, "Iris")
	writer := tb.sit(n, "Iris")
	until(t, writer, func(liveclient.Message) bool { return len(writer.State.Family) == 6 })
	card := ask(t, writer, "draft_card", map[string]any{"column": writer.State.Columns[0].ID, "title": "Sliep bij Tilly, 5611 AB",
		"person": personNamed(t, writer, "Fenna"), "class": "shared", "kind": "fact"}).Made
	on := func(act string) string { return fmt.Sprintf(`[data-card="%s"] [data-act="%s"]`, card, act) }

	run(t, iris, click(on("table")), readersKnown(),
		chromedp.WaitVisible(`dialog [data-naming-what="person"]`), chromedp.WaitVisible(`dialog [data-naming-what="postcode"]`),
		chromedp.WaitVisible(`dialog [data-gist="partner"]`))
	tells(t, iris, `dialog [type="submit"]`, "Op tafel voor 4 anderen")
	tells(t, iris, `dialog [data-readers-list="can"] li`, "Ruben (begeleider (ex-)partner)")
	accessible(t, iris, "warning before the table")
	shoot(t, iris, "table-warning", 1280, 900, false)
	shoot(t, iris, "table-warning-phone", 390, 844, true)
	run(t, iris, chromedp.EmulateViewport(1280, 900), click(`dialog [type="submit"]`), closed(), chromedp.WaitNotPresent(on("table")))

	run(t, iris, click(on("edit")), chromedp.WaitVisible(`dialog [data-naming]`), retype(`dialog [name="title"]`, "Sliep bij oma"),
		chromedp.WaitNotPresent(`dialog [data-naming]`), click(`dialog [type="submit"]`), chromedp.WaitVisible(`[data-opened]`),
		chromedp.KeyEvent("\u001b"), closed(), chromedp.WaitVisible(`[data-act="undo"]`))
	tells(t, iris, `[data-act="undo"]`, "Zet de titel terug naar ‘Sliep bij Tilly, 5611 AB’")
	shoot(t, iris, "undo-words", 1280, 900, false)
	run(t, iris, chromedp.EmulateViewport(1280, 900), click(`[data-act="undo"]`), chromedp.WaitVisible(`[data-told] p`))
	tells(t, iris, `[data-told]`, "De titel is weer ‘Sliep bij Tilly, 5611 AB’")
	accessible(t, iris, "undone")
	shoot(t, iris, "undone-phone", 390, 844, false)
}

// retype puts other words in the place of all that a field holds.
func retype(selector, words string) chromedp.Action[chromedp.Void] {
	script := fmt.Sprintf(`(() => { const field = document.querySelector(%q); field.focus(); field.select(); })()`, selector)
	return chromedp.Steps(chromedp.WaitVisible(selector), evaluate(script), chromedp.KeyEvent(words))
}

// tells waits until the first of what the selector finds holds the words.
func tells(t *testing.T, ctx context.Context, selector, words string) {
	t.Helper()
	script := fmt.Sprintf(`(document.querySelector(%q)?.textContent ?? "").replace(/\s+/g, " ").includes(%q)`, selector, words)
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](script)); err != nil {
		found, _ := chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf(`[...document.querySelectorAll(%q)].map(e => e.textContent).join("\n")`, selector)))
		t.Fatalf("%s does not say %q but %q: %v", selector, words, strings.TrimSpace(found), err)
	}
}
