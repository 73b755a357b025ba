package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/chromedp"

	"github.com/casustafel/casustafel/internal/casework"
)

// drafts fills in a new card in a column and sends it, without waiting for more.
func drafts(column casework.ColumnID, title string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(click(fmt.Sprintf(`[data-column="%s"] [data-act="draft"]`, column)), typeInto(`dialog [name="title"]`, title), click(`dialog [type="submit"]`))
}

// retried tries the line now, unless the page did so already by itself: then
// the button is gone.
func retried() chromedp.Action[chromedp.Void] {
	return evaluate(`document.querySelector('[data-act="retry"]')?.click()`)
}

// holds waits until an expression holds on the page, also in a window behind
// another, where nothing is drawn; on the next page when this one gives way meanwhile.
func holds(expression string) chromedp.Action[chromedp.Void] {
	poll := chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingInterval(30*time.Millisecond), chromedp.WithPollingTimeout(0))
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		for {
			err := chromedp.Do(ctx, poll)
			if !gaveWay(err) {
				return err
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("wait until %s: %w", expression, errors.Join(ctx.Err(), err))
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
}

// gaveWay tells whether a page went before it answered.
func gaveWay(err error) bool {
	var said *cdproto.Error
	return errors.As(err, &said) && (said.Message == "Inspected target navigated or closed" ||
		said.Message == "Execution context was destroyed." || said.Message == "Cannot find context with specified id")
}

// arrives waits until something holds on a page that is whole, however often the page
// gives way to another meanwhile: a question asked of one that goes has no answer.
func arrives(expression string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		for {
			there, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.readyState === "complete" && !!(`+expression+`)`))
			if err == nil && there {
				return nil
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("wait for a page on which %s: %w", expression, errors.Join(ctx.Err(), err))
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
}

// lineSays waits until the connection line says something.
func lineSays(words string) chromedp.Action[chromedp.Void] {
	return holds(fmt.Sprintf(`document.querySelector(".connection")?.textContent.includes(%q)`, words))
}

// Iris works on without a connection. Meanwhile a column goes and a card is
// hidden from her. Back on the line the rest is done, in order, and what could
// not be is listed with why and with her words; nothing of the hidden card is left.
func TestWorkWithoutAConnection(t *testing.T) {
	t.Parallel()
	tb, near := newTable(t)
	line, far := tb.behindNetwork(t, serveCmd{})
	iris := tb.window(chromium(t), far, "Iris")
	daan, hanneke := tb.sit(near, "Daan"), tb.sit(near, "Hanneke")
	noor, ok := cardTitled(daan.State, "Drie maanden huurachterstand; regeling ligt klaar.")
	if !ok {
		t.Fatal("no card of Noor")
	}
	columns := hanneke.State.Columns
	going, first := columns[1].ID, columns[0].ID

	run(t, iris, chromedp.EmulateViewport(1920, 1200))
	line.is(func() { line.cut = true })
	run(t, iris, chromedp.WaitVisible(`[data-state="offline"]`), lineSays("Geen verbinding sinds "), chromedp.WaitVisible(`[data-card="`+string(noor.ID)+`"]`),
		drafts(going, "In de kolom die verdwijnt"), chromedp.WaitVisible(`dialog .actions [aria-disabled="true"]`), chromedp.KeyEvent("\u001b"), closed())
	run(t, iris, click(`[data-card="`+string(noor.ID)+`"] [data-act="move"]`), click(`dialog [name="column"][value="`+string(columns[2].ID)+`"]`), click(`dialog [type="submit"]`), closed(),
		drafts(first, "Gaat wel goed"), chromedp.KeyEvent("\u001b"), closed(), lineSays("3 wijzigingen wachten"))
	accessible(t, iris, "offline")
	shoot(t, iris, "offline-phone", 390, 844, false)
	run(t, iris, chromedp.EmulateViewport(1280, 900))

	ask(t, hanneke, "remove_column", map[string]any{"column": going, "to": first})
	ask(t, daan, "shield_card", map[string]any{"card": noor.ID, "class": "confidential"})
	line.is(func() {})
	run(t, iris, retried(), chromedp.WaitVisible(`[data-state="live"]`), chromedp.WaitVisible(`[data-refused="2"]`))
	tb.cardTitled(near, "Iris", "Gaat wel goed")
	page := text(t, iris)
	for _, want := range []string{"In de kolom die verdwijnt", "Deze kolom is er niet meer", "Kaart verplaatsen", "Dit is er niet, of niet voor jou"} {
		if !strings.Contains(page, want) {
			t.Errorf("the list lacks %q", want)
		}
	}
	for _, gone := range []string{noor.Title.Body, string(noor.ID)} {
		if strings.Contains(page, gone) {
			t.Errorf("of the hidden card %q is left", gone)
		}
	}
	accessible(t, iris, "the list of what could not be done")
	shoot(t, iris, "refused-desktop", 1280, 900, false)
	shoot(t, iris, "refused-phone-dark", 390, 844, true)
	run(t, iris, chromedp.EmulateViewport(1280, 900), evaluate(`navigator.clipboard.writeText = async (text) => { window.copied = text }`),
		click(`[data-refused] [data-act="copy"]`), holds(`window.copied === "In de kolom die verdwijnt"`),
		click(`[data-refused] [data-act="dismiss"]`), chromedp.WaitVisible(`[data-refused="1"]`), click(`[data-refused] [data-act="dismiss"]`), chromedp.WaitNotPresent(`[data-refused]`))
}
