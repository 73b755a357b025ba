package web

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/casustafel/casustafel/internal/identity"
)

// Without a passkey, in a real browser: connecting an app and keeping the codes,
// the lock and the password, coming in with a code and with a recovery code, and
// showing a code again before what cannot be undone.
func TestCodesInBrowser(t *testing.T) {
	t.Parallel()
	p, origin := served(t)
	p.user(t, "iris")
	b, app := startChromium(t), &browser{place: p}
	types := func(field, text string) chromedp.Action[chromedp.Void] {
		return chromedp.Steps(chromedp.WaitVisible(field), chromedp.SendKeys(field, text+"\r"))
	}
	signIn := chromedp.Steps(chromedp.Navigate(origin+"/"), chromedp.WaitVisible("#login"), chromedp.SendKeys("#login", "iris"), types("#password", password))
	home := chromedp.WaitVisible("#name")

	b.do("connect an app", signIn, chromedp.WaitVisible(`[data-act="app"]`), chromedp.Click(`[data-act="app"]`), chromedp.WaitVisible(".secret"))
	app.secret = strings.ReplaceAll(b.says(`document.querySelector(".secret").textContent`), " ", "")
	b.do("show its first code", types("#code", app.app(t)), chromedp.WaitVisible(".codes"))
	codes := strings.Fields(b.says(`[...document.querySelectorAll(".codes code")].map(c => c.textContent).join(" ")`))
	if len(codes) != identity.RecoveryCodes {
		t.Fatalf("recovery codes %q", codes)
	}
	b.do("keep the codes", chromedp.Click(`[data-act="go-on"]`), home)

	b.do("lock and unlock", chromedp.Click(`[data-act="lock"]`), types("#lock-password", password), home)
	signOut := chromedp.Steps(chromedp.Click(`form[action="/sign-out"] button`), chromedp.WaitVisible("#login"))
	b.do("sign out", signOut)

	b.do("a code counts once", signIn, types("#code", app.app(t)), chromedp.WaitVisible("#code-problem"))
	p.clock.turn(identity.ProvenFor)
	b.do("the next one does", types("#code", app.app(t)), home)

	p.clock.turn(identity.ProvenFor)
	b.do("what cannot be undone asks again", chromedp.Navigate(origin+"/factors/app"), types("#code", app.app(t)), chromedp.WaitVisible(".secret"))
	b.do("sign out again", chromedp.Navigate(origin+"/"), home, signOut)

	lost := chromedp.Steps(signIn, chromedp.WaitVisible("summary"), chromedp.Click("summary"))
	b.do("come in with a recovery code", lost, types("#recovery", codes[0]), home, signOut)
	b.do("which is spent", lost, types("#recovery", codes[0]), chromedp.WaitVisible("#recovery-problem"))
	b.do("but not another", types("#recovery", codes[1]), home)
	b.hasNoComplaints()
}
