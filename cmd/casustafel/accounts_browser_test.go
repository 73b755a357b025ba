package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	"github.com/casustafel/casustafel/internal/store/storetest"
)

// firstStart serves a database without an account, and gives the link that it
// left in a file.
func firstStart(t *testing.T) (*node, string) {
	t.Helper()
	tb := &table{t: t, database: server.Database(t), keys: storetest.Keys(t), log: &logBuffer{}}
	s := serveCmd{databaseFlags: databaseFlags{DataDir: filepath.Join(t.TempDir(), "data")}, Listen: "127.0.0.1:0", Node: "first"}
	listener, err := s.listen()
	if err != nil {
		t.Fatal(err)
	}
	n, err := s.openOn(t.Context(), tb.db(), tb.keys, listener, slog.New(slog.NewTextHandler(tb.log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.close(); err != nil {
			t.Error("close a node:", err)
		}
	})
	file := filepath.Join(s.DataDir, setUpFile)
	read := func() string {
		t.Helper()
		if err := s.offerSetUp(t.Context(), n); err != nil {
			t.Fatal(err)
		}
		link, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(link))
	}
	link, again := read(), read()
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%s: %v, %v", file, info.Mode(), err)
	}
	if entries, err := os.ReadDir(s.DataDir); err != nil || len(entries) != 1 || link == again {
		t.Errorf("left %v, %v; the link is fresh: %v", entries, err, link != again)
	}
	if said := tb.log.String(); strings.Contains(said, "/setup#") || strings.Contains(said, strings.SplitAfter(again, "#")[1]) || !strings.Contains(said, file) {
		t.Errorf("the log: %s", said)
	}
	t.Cleanup(func() {
		if err := s.offerSetUp(context.WithoutCancel(t.Context()), n); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(file); err == nil {
			t.Error("a link that works no more is left")
		}
	})
	return n, again
}

// profile is a window of nobody yet.
func profile(t *testing.T) context.Context {
	t.Helper()
	ctx, quit := chromedp.NewContext(chromium(t), chromedp.WithNewBrowserContext())
	t.Cleanup(quit)
	ctx, cancel := context.WithTimeout(ctx, storyWithin)
	t.Cleanup(cancel)
	return ctx
}

func saysThere(t *testing.T, ctx context.Context, script string) string {
	t.Helper()
	said, err := chromedp.Run(ctx, chromedp.Evaluate[string](script))
	if err != nil {
		t.Fatal(err)
	}
	return said
}

// withApp sets up an app as the second factor of who was just asked for one, and
// goes on.
func withApp(t *testing.T, ctx context.Context) {
	t.Helper()
	run(t, ctx, click(`[data-act="app"]`), chromedp.WaitVisible(`code.secret`))
	code, err := totp.GenerateCode(strings.ReplaceAll(saysThere(t, ctx, `document.querySelector("code.secret").textContent`), " ", ""), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	run(t, ctx, chromedp.SendKeys(`#code`, code+"\r"), click(`[data-act="go-on"]`))
}

// From the file of the first start to a colleague with an account, by keyboard:
// links lose their token from the address, nothing is spent by opening one, and
// what is wrong stands beside its field with the cursor in it.
func TestFirstStartAndInvitation(t *testing.T) {
	t.Parallel()
	n, link := firstStart(t)
	ada := profile(t)
	const words = "een lang genoeg woord"
	run(t, ada, chromedp.Navigate(link), chromedp.WaitVisible(`[data-act="set-up"]`))
	if at := saysThere(t, ada, `location.href`); strings.Contains(at, "#") {
		t.Errorf("the token stays in the address: %s", at)
	}
	run(t, ada, chromedp.SendKeys(`#organisation`, "Opvang De Linde"), chromedp.SendKeys(`#name`, "Ada Ångström"),
		chromedp.SendKeys(`#login`, "ada@linde.example"), chromedp.SendKeys(`#password`, "kort\r"),
		chromedp.WaitVisible(`#password[aria-invalid]:focus`))
	accessible(t, ada, "set-up with a mistake")
	shoot(t, ada, "set-up-phone", 390, 844, false)
	shoot(t, ada, "set-up-dark", 1280, 900, true)
	run(t, ada, chromedp.SendKeys(`#password`, words+"\r"))
	withApp(t, ada)
	run(t, ada, chromedp.WaitVisible(`a[href="/organisation"]`))

	run(t, ada, chromedp.Navigate(n.origins[0]+"/organisation"), chromedp.SendKeys(`#login`, "noura@linde.example"),
		chromedp.SendKeys(`#name`, "نورا "+strings.Repeat("Langenaamzonderspaties", 4)+"\r"), chromedp.WaitVisible(`#link`))
	accessible(t, ada, "the organisation with a link")
	for name, width := range map[string]int64{"narrow": 320, "phone": 390, "tablet": 820, "desktop": 1280} {
		shoot(t, ada, "organisation-"+name, width, 900, width == 820)
	}
	const fits = `document.documentElement.scrollWidth <= 320`
	run(t, ada, chromedp.EmulateViewport(320, 800), holds(fits), chromedp.EmulateViewport(1280, 900))
	invitation := saysThere(t, ada, `document.querySelector("#link").value`)

	noura := profile(t)
	for range 2 { // a program that looks into mail was here before
		run(t, noura, chromedp.Navigate("about:blank"), chromedp.Navigate(invitation), chromedp.WaitVisible(`form[action="/invitation/accept"]`))
	}
	accessible(t, noura, "an invitation")
	shoot(t, noura, "invitation-phone", 390, 844, true)
	shoot(t, noura, "invitation-desktop", 1280, 900, false)
	run(t, noura, chromedp.SendKeys(`#password`, words), click(`.reveal input`), holds(`document.querySelector("#password").type === "text"`),
		chromedp.SendKeys(`#password`, "\r"))
	withApp(t, noura)
	run(t, noura, chromedp.WaitVisible(`a[href="/me"]`), click(`a[href="/me"]`), chromedp.WaitVisible(`#contact`))
	accessible(t, noura, "the own page")
	for name, width := range map[string]int64{"narrow": 320, "phone": 390, "tablet": 820, "desktop": 1280} {
		shoot(t, noura, "me-"+name, width, 900, width == 820)
	}
	run(t, noura, chromedp.EmulateViewport(320, 800), holds(fits), chromedp.EmulateViewport(1280, 900))
	run(t, noura, chromedp.SendKeys(`#contact`, "06 12345678\r"), chromedp.WaitVisible(`.notice:focus`), click(`a[href="/me/accesses"]`), chromedp.WaitVisible(`ul.accesses`), pageSays("De eigen gegevens gewijzigd"))
	accessible(t, noura, "own accesses")
	shoot(t, noura, "accesses-phone", 390, 844, false)

	stale := profile(t)
	run(t, stale, chromedp.Navigate(invitation), chromedp.WaitVisible(`div.error:not([data-handing])`))
	if list, err := n.app.NewSetUpLink(t.Context()); err != nil || list != "" {
		t.Errorf("there is another set-up link: %v", err)
	}
	run(t, ada, chromedp.Reload(), chromedp.WaitVisible(`[data-login="noura@linde.example"] summary`), click(`[data-login="noura@linde.example"] summary`),
		chromedp.WaitVisible(`[data-act="deactivate"]`))
	shoot(t, ada, "organisation-deactivate", 390, 900, false)
	run(t, ada, click(`[data-act="deactivate"]`), chromedp.WaitVisible(`.notice:focus`))
	run(t, noura, chromedp.Navigate(n.origins[0]+"/me"), chromedp.WaitVisible(`#password`), holds(`location.pathname === "/sign-in"`))
}
