package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// chromium is the one browser of all tests; each person gets a window of its
// own in a profile of its own. It dies with the tests' program. Where the machine has the
// build of the same browser that draws no windows around pages, it is that one: they
// would cost half of the work. The whole browser is that of the tests of internal/web.
func chromium(t *testing.T) context.Context {
	t.Helper()
	browser, err := startChromium()
	if err != nil {
		t.Fatal("start Chromium:", err)
	}
	return browser
}

var startChromium = sync.OnceValues(func() (context.Context, error) {
	which := func(*chromedp.ExecAllocator) {} // the one that chromedp finds
	if shell, err := exec.LookPath("chromium-headless-shell"); err == nil {
		which = chromedp.ExecPath(shell)
	}
	allocator, _ := chromedp.NewExecAllocator(context.Background(), which,
		chromedp.NoSandbox, // tests may run as root
		chromedp.Headless, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-quic", true))
	browser, _ := chromedp.NewContext(allocator)
	return browser, chromedp.Do(browser)
})

// storyWithin is how long a window may be there: only a hang takes this long. Whole stories
// take half a minute on two free cores, and go by no clock on a busy machine.
const storyWithin = 5 * time.Minute

// window signs a person in, in a profile of its own, and opens the board.
func (tb *table) window(browser context.Context, n *node, name string) context.Context {
	tb.t.Helper()
	ctx, quit := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	tb.t.Cleanup(quit)
	ctx, cancel := context.WithTimeout(ctx, storyWithin)
	tb.t.Cleanup(cancel)
	link, err := n.app.NewSignInLink(tb.t.Context(), tb.users[name])
	if err != nil {
		tb.t.Fatal("make a link:", err)
	}
	run(tb.t, ctx,
		chromedp.Navigate(n.origins[0]+"/enter#"+link),
		chromedp.WaitVisible(`a[href="/cases/`+string(tb.id)+`"]`),
		chromedp.Navigate(n.origins[0]+"/cases/"+string(tb.id)),
		chromedp.WaitVisible(`[data-state="live"]`))
	return ctx
}

func run(t testing.TB, ctx context.Context, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, actions...); err != nil {
		look, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		body, _ := chromedp.Run(look, chromedp.Text("body")) // what the person saw, as far as there was anything
		t.Fatalf("in the browser: %v\n%s", err, body)
	}
}

// steady does something to one element, again when the page gave way to another between
// finding it and reaching for it: nothing was done then.
func steady(do chromedp.Action[chromedp.Void]) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		for {
			err := chromedp.Do(ctx, do)
			var said *cdproto.Error
			if !errors.As(err, &said) || said.Message != "Could not find node with given id" {
				return err
			}
		}
	})
}

// shoot takes a screenshot at a width when CASUSTAFEL_SHOTS names a directory.
func shoot(t testing.TB, ctx context.Context, name string, width, height int64, dark bool) {
	dir := os.Getenv("CASUSTAFEL_SHOTS")
	if dir == "" {
		return
	}
	run(t, ctx, chromedp.EmulateViewport(width, height))
	scheme(t, ctx, dark)
	image, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), image, 0o644); err != nil {
		t.Fatal(err)
	}
}

// scheme chooses light or dark, and does without what moves.
func scheme(t testing.TB, ctx context.Context, dark bool) {
	t.Helper()
	value := "light"
	if dark {
		value = "dark"
	}
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: value},
		{Name: "prefers-reduced-motion", Value: "reduce"}}}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media); err != nil {
		t.Fatal(err)
	}
}
