package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/identity"
)

const password = "een lang genoeg woord"

// withPassword gives a person of the demo a password, as real accounts have.
func (tb *table) withPassword(name string) {
	tb.t.Helper()
	hash, err := new(identity.Passwords).Hash(tb.t.Context(), password)
	if err != nil {
		tb.t.Fatal(err)
	}
	db := sqlx.MustConnect("postgres", server.DSN(tb.database))
	defer db.Close() //nolint:errcheck // one statement was all
	if _, err := db.Exec(`UPDATE account SET password_hash = $2 WHERE id = $1`, tb.users[name], hash); err != nil {
		tb.t.Fatal(err)
	}
}

// tab opens the board in another tab of the same browser.
func (tb *table) tab(beside context.Context, n *node) context.Context {
	tb.t.Helper()
	ctx, quit := chromedp.NewContext(beside)
	tb.t.Cleanup(quit)
	run(tb.t, ctx, chromedp.Navigate(n.origins[0]+"/cases/"+string(tb.id)), chromedp.WaitVisible(`[data-state="live"]`))
	return ctx
}

func lockNow() chromedp.Action[chromedp.Void] {
	return chromedp.Steps(click(`[data-act="lock"]`), chromedp.WaitVisible(`[data-lock]`))
}

// bare fails when anything of the case is left in a page.
func bare(t *testing.T, ctx context.Context, what string) {
	t.Helper()
	page := text(t, ctx)
	for _, content := range []string{"Zilverlinde", "Fenna", "Bram", "Noor", "Feiten", "Half af"} {
		if strings.Contains(page, content) {
			t.Errorf("%s: %q is left on the locked page", what, content)
		}
	}
	if title, err := chromedp.Run(ctx, chromedp.Title()); err != nil || title != "Casustafel" {
		t.Errorf("%s: title %q %v", what, title, err)
	}
}

// Iris locks: nothing of the case stays, in her other tab neither; a wrong
// password opens nothing; after the right one she goes on where she was, in both.
func TestLockInTwoTabs(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	tb.withPassword("Iris")
	iris := tb.window(chromium(t), n, "Iris")
	other := tb.tab(iris, n)
	run(t, iris, click(`[data-column] [data-act="draft"]`), typeInto(`dialog [name="title"]`, "Half af"), readersKnown(),
		chromedp.KeyEvent("\u001b"), closed(), lockNow(), chromedp.WaitVisible(`#lock-password:focus`))
	bare(t, iris, "this tab")
	run(t, other, chromedp.WaitVisible(`[data-lock]`))
	bare(t, other, "the other tab")
	accessible(t, iris, "lock")
	shoot(t, iris, "lock-desktop", 1280, 900, false)
	shoot(t, iris, "lock-phone-dark", 390, 844, true)

	run(t, iris, typeInto(`#lock-password`, "fout\r"), chromedp.WaitVisible(`[data-lock-says="failed"]`))
	accessible(t, iris, "refused unlock")
	shoot(t, iris, "lock-failed-phone", 390, 844, false)
	bare(t, iris, "after a wrong password")
	run(t, other, chromedp.Navigate(n.origins[0]+"/"), chromedp.WaitVisible(`#lock-password`))
	bare(t, other, "loaded while locked")
	accessible(t, other, "loaded while locked")

	run(t, iris, typeInto(`#lock-password`, password+"\r"), chromedp.WaitVisible(`[data-state="live"]`),
		click(`[data-column] [data-act="draft"]`), chromedp.WaitVisible(`dialog [name="title"]`))
	if kept, err := chromedp.Run(iris, chromedp.Value(`dialog [name="title"]`)); err != nil || kept != "Half af" {
		t.Errorf("what was typed is now %q, %v", kept, err)
	}
	run(t, other, chromedp.WaitVisible(`a[href="/cases/`+string(tb.id)+`"]`))
}

// A phone sleeps for an hour with a half typed card: when it wakes the page locks
// before anything can be done, and unlocking brings the dialog back as it was.
func TestLockAfterAnHourOfSleep(t *testing.T) {
	t.Parallel()
	tb, _ := newTable(t)
	n := tb.startAs(serveCmd{Node: "patient", limits: unlimited, LockAfter: 10 * time.Minute}, tb.db())
	t.Cleanup(func() {
		if err := n.close(); err != nil {
			t.Error("close a node:", err)
		}
	})
	iris := tb.window(chromium(t), n, "Iris")
	run(t, iris, click(`[data-column] [data-act="draft"]`), typeInto(`dialog [name="title"]`, "Half af"), readersKnown(),
		evaluate(`Date.now = (real => () => real() + 3600e3)(Date.now)`), chromedp.WaitVisible(`[data-lock]`))
	bare(t, iris, "after the sleep")
	run(t, iris, click(`[data-act="unlock"]`), chromedp.WaitVisible(`dialog [name="title"]`), chromedp.WaitVisible(`[data-state="live"]`))
	if kept, err := chromedp.Run(iris, chromedp.Value(`dialog [name="title"]`)); err != nil || kept != "Half af" {
		t.Errorf("what was typed is now %q, %v", kept, err)
	}
	run(t, iris, readersKnown(), click(`dialog [type="submit"]`), closed())
	tb.cardTitled(n, "Iris", "Half af")
}

// evaluate runs a script on the page.
func evaluate(script string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[any](script+";0"))
		return err
	})
}
