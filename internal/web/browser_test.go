package web

import (
	"context"
	"encoding/json"
	"iter"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/gorilla/websocket"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/static"
)

const axePath = "../../static/node_modules/axe-core/axe.min.js"

// A real browser takes the cookie on a loopback address without TLS, follows
// the content policy without a complaint, makes and shows a passkey, and finds the
// pages accessible.
func TestInBrowser(t *testing.T) {
	t.Parallel()
	p, origin := served(t)
	iris := p.user(t, "iris")
	link, err := p.App.NewSignInLink(t.Context(), iris)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.App.PutHintsAway(t.Context(), iris, app.Hints...); err != nil {
		t.Fatal(err)
	}
	b := startChromium(t)

	b.do("ask who it is", chromedp.Navigate(origin+"/"), chromedp.WaitVisible("#login"))
	b.isAccessible("sign-in")
	b.do("fail", chromedp.SendKeys("#login", "iris"), chromedp.SendKeys("#password", "fout\r"), chromedp.WaitVisible(`form[action="/sign-in"] .error`))
	b.isAccessible("failed sign-in")
	b.do("sign in", chromedp.SendKeys("#login", "iris"), chromedp.SendKeys("#password", password+"\r"), chromedp.WaitVisible(`[data-passkey="new"]`))
	b.looksRight("choose a second factor")
	b.do("go to the app", chromedp.Click(`[data-act="app"]`), chromedp.WaitVisible(".qr"))
	b.looksRight("connect an app")
	b.do("come back", chromedp.Navigate(origin+"/"), chromedp.WaitVisible(`[data-passkey="new"]`))
	key := b.authenticator()
	key.verifies(false)
	b.do("nobody unlocks the passkey", chromedp.Click(`[data-act="passkey"]`), chromedp.WaitVisible(`[data-passkey-failed]`))
	key.verifies(true)
	b.do("make a passkey", chromedp.Click(`[data-act="passkey"]`), chromedp.WaitVisible(".codes"))
	b.looksRight("recovery codes")
	b.do("go on", chromedp.Click(`[data-act="go-on"]`), chromedp.WaitVisible("#name"))
	b.isAccessible("no cases")
	b.do("open a case", chromedp.SendKeys("#name", "Zilverlinde\r"), chromedp.WaitReady("#board"))
	if at := b.says("location.href"); !strings.HasPrefix(at, origin+"/cases/") {
		t.Errorf("opening a case led to %s", at)
	}
	b.do("my cases", chromedp.Navigate(origin+"/"), chromedp.WaitVisible("ul.list a"))
	if kept := b.says("document.cookie"); kept != "" {
		t.Errorf("scripts can read %q", kept)
	}
	b.isAccessible("my cases")
	b.do("look at one's own page", chromedp.Navigate(origin+"/me"), chromedp.WaitVisible(`[data-act="codes"]`))
	b.looksRight("own page")
	b.do("lock", chromedp.Click(`[data-act="lock"]`), chromedp.WaitVisible(`[data-act="unlock-passkey"]`))
	b.looksRight("locked")
	b.do("unlock by passkey", chromedp.Click(`[data-act="unlock-passkey"]`), chromedp.WaitVisible(`[data-act="codes"]`))
	signOut := chromedp.Click(`form[action="/sign-out"] button`)
	b.do("sign out", signOut, chromedp.WaitVisible("#login"), chromedp.NavigateBack(), chromedp.WaitVisible("#login"))

	b.do("sign in by passkey alone", chromedp.Click(`[data-act="passkey"]`), chromedp.WaitVisible("ul.list a"))
	b.do("sign out", signOut, chromedp.WaitVisible("#login"))
	b.do("enter", chromedp.Navigate(origin+"/enter#"+link), chromedp.WaitVisible(`[data-passkey="proof"]`))
	b.looksRight("show a second factor")
	key.verifies(false)
	b.do("somebody else holds the passkey", chromedp.Click(`[data-act="passkey"]`), chromedp.WaitVisible(`[data-passkey-failed]`))
	key.verifies(true)
	b.do("show the passkey", chromedp.Click(`[data-act="passkey"]`), chromedp.WaitVisible("ul.list a"))
	if at := b.says("location.href"); at != origin+"/" {
		t.Errorf("the link led to %s", at)
	}
	b.do("sign out", signOut, chromedp.WaitVisible("#login"))
	b.do("enter again", chromedp.Navigate(origin+"/enter#"+link), chromedp.WaitVisible(`[data-enter=failed]`))
	if at := b.says("location.href"); at != origin+"/enter" {
		t.Errorf("a spent link stays in the address: %s", at)
	}
	b.isAccessible("a spent link")

	// All factors were to go by now: the passkey alone opens nothing, and is gone.
	if _, err := p.admin.ExecContext(t.Context(), `INSERT INTO factor_reset (id, account, asked_by, asked_at, confirmed_by, due_at) VALUES ('R', $1, $1, $2, $1, $2)`,
		iris, p.clock.Now()); err != nil {
		t.Fatal(err)
	}
	b.do("sign in by a passkey that was to go", chromedp.Navigate(origin+"/sign-in"), chromedp.Click(`[data-act="passkey"]`), chromedp.WaitVisible(`form[action="/sign-in"] .error`))
	var factors, sessions int
	if err := p.admin.QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM factor), (SELECT count(*) FROM session WHERE ended_at IS NULL)`).Scan(&factors, &sessions); err != nil ||
		factors != 0 || sessions != 0 {
		t.Errorf("%d factors and %d sessions are left, %v", factors, sessions, err)
	}
	b.hasNoComplaints()
}

// served is a place that a real browser reaches, and its address.
func served(t *testing.T) (p place, origin string) {
	t.Helper()
	if !static.Built() {
		t.Fatal("the assets are not built: run make build")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	origin = "http://localhost:" + port // browsers have no passkeys at a bare number
	p = newPlace(t, func(c *Config) { c.Origins, c.Live = []string{origin}, silence(t) })
	srv := httptest.NewUnstartedServer(p)
	srv.Listener.Close()
	srv.Listener = listener
	srv.Start()
	t.Cleanup(srv.Close)
	return p, origin
}

// silence is a live door that says nothing until the other side leaves.
func silence(t *testing.T) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := (&websocket.Upgrader{Subprotocols: []string{subprotocol}}).Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		for err == nil {
			_, _, err = conn.ReadMessage()
		}
	})
}

// chromium is a real browser with one page.
type chromium struct {
	t       *testing.T
	ctx     context.Context
	console iter.Seq2[chromedp.ConsoleMessage, error]
	axe     string
}

func startChromium(t *testing.T) *chromium {
	t.Helper()
	axe, err := os.ReadFile(axePath)
	if err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox)
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	b := &chromium{t: t, ctx: ctx, axe: string(axe)}
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal("start Chromium:", err)
	}
	b.console = chromedp.Console(ctx)
	return b
}

// do acts as a person would; the test fails when that cannot be done in time.
func (b *chromium) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, time.Minute)
	defer stop()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
}

// says gives what a script on the page answers.
func (b *chromium) says(script string) string {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, time.Minute)
	defer stop()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
	return text
}

func (b *chromium) isAccessible(what string) {
	b.t.Helper()
	found := b.says(b.axe + `;axe.run().then(r => JSON.stringify(r.violations.map(v => [v.id, v.nodes.map(n => n.html)])))`)
	if found != "[]" {
		b.t.Errorf("%s: %s", what, found)
	}
}

// hasNoComplaints fails when the content policy blocked something, a file was
// not there or a script failed. A sign-in that was refused is no complaint.
func (b *chromium) hasNoComplaints() {
	b.t.Helper()
	const end = "that was all"
	b.says(`console.log("` + end + `"), ""`)
	for m, err := range b.console {
		switch {
		case err != nil:
			b.t.Fatal(err)
		case m.Text == end:
			return
		case (m.Type == chromedp.ConsoleError || m.IsException()) && !strings.Contains(m.Text, "status of 403"):
			said, _ := json.Marshal(m)
			b.t.Errorf("the browser complains: %s", said)
		}
	}
}
