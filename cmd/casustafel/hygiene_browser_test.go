package main

import (
	"bytes"
	"compress/zlib"
	"context"
	"io"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// After work nothing of a case is left with the browser: not in what scripts can
// store or read, not on paper, not in a page kept for the way back; and it asks
// before it closes over something unsaved.
func TestBrowserKeepsNothing(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	iris := tb.window(chromium(t), n, "Iris")
	columns := tb.columns(n, "Iris")
	run(t, iris, chromedp.EmulateViewport(1280, 900), drafts(columns[0], "Kort en klaar"), closed(),
		click(`[data-card] [data-act="open"]`), chromedp.WaitVisible(`dialog[open]`), chromedp.KeyEvent("\u001b"), closed())

	keepsNothing(t, iris)

	if text := printed(t, iris); text {
		t.Error("the board goes to paper")
	}
	blank, quit := chromedp.NewContext(iris)
	t.Cleanup(quit)
	run(t, blank, chromedp.Navigate("data:text/html,<p>Zilverlinde"))
	if text := printed(t, blank); !text {
		t.Error("the test does not see what is printed")
	}

	// Closing over something typed asks first; to stay loses nothing.
	run(t, iris, click(`[data-column="`+string(columns[0])+`"] [data-act="draft"]`), typeInto(`dialog [name="title"]`, "Nog niet klaar"))
	asked := make(chan page.DialogType, 1)
	listening, stop := context.WithCancel(iris)
	t.Cleanup(stop)
	if err := chromedp.Listen(listening, func(event any) {
		if opening, ok := event.(*page.EventJavascriptDialogOpening); ok {
			asked <- opening.Type
			go chromedp.Call(iris, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: false}) //nolint:errcheck // what follows tells
		}
	}); err != nil {
		t.Fatal(err)
	}
	run(t, iris, evaluate(`location.href = "/"`))
	select {
	case kind := <-asked:
		if kind != page.DialogTypeBeforeunload {
			t.Errorf("the page asks with a %s", kind)
		}
	case <-within(t).Done():
		t.Fatal("the page closes over what was typed")
	}
	if still, err := chromedp.Run(iris, chromedp.Value(`dialog [name="title"]`)); err != nil || still != "Nog niet klaar" {
		t.Errorf("who stays has %q, %v", still, err)
	}
	stop()

	// A page that is kept for the way back is empty before it is kept.
	if left, err := chromedp.Run(iris, chromedp.Evaluate[string](`dispatchEvent(new PageTransitionEvent("pagehide", {persisted: true})), document.body.innerText`)); err != nil || left != "" {
		t.Errorf("the page that is kept holds %q, %v", left, err)
	}
}

// printed tells whether any text of a page goes to paper: whether its PDF draws
// a glyph.
func printed(t *testing.T, ctx context.Context) bool {
	t.Helper()
	pdf, err := chromedp.Run(ctx, chromedp.PrintToPDF())
	if err != nil {
		t.Fatal(err)
	}
	for rest := pdf; ; {
		_, after, found := bytes.Cut(rest, []byte("stream\n"))
		if !found {
			return false
		}
		rest = after
		z, err := zlib.NewReader(bytes.NewReader(after))
		if err != nil {
			continue // not one of ours
		}
		content, _ := io.ReadAll(z) // what follows the stream is no part of it
		if bytes.Contains(content, []byte(" Tj")) || bytes.Contains(content, []byte("TJ")) {
			return true
		}
	}
}

// keepsNothing looks in everything that a page can store or read later.
func keepsNothing(t *testing.T, ctx context.Context) {
	t.Helper()
	const kept = `(async () => JSON.stringify([localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
		(await caches.keys()).length, (await navigator.serviceWorker?.getRegistrations() ?? []).length, document.cookie, window.name, document.title, document.referrer]))()`
	if got, err := chromedp.Run(ctx, chromedp.Evaluate[string](kept, chromedp.EvalAwaitPromise)); err != nil || got != `[0,0,0,0,0,"","","Casustafel",""]` {
		t.Errorf("the browser keeps %s, %v", got, err)
	}
}
