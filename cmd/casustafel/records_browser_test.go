package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// enters signs somebody in who has no board of its own.
func (tb *table) enters(n *node, name string) context.Context {
	t := tb.t.(*testing.T)
	ctx := profile(t)
	link, err := n.app.NewSignInLink(t.Context(), tb.users[name])
	if err != nil {
		t.Fatal(err)
	}
	run(t, ctx, chromedp.Navigate(n.origins[0]+"/enter#"+link), arrives(`document.querySelector('a[href="/me"]')`))
	return ctx
}

// A manager looks through the log: what is wrong with a filter stands beside its
// field, nothing of it comes in the address, pages lead there and back, and nothing
// of the case is on any of them.
func TestRecordsInTheBrowser(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	session := func(name string) app.Session {
		s := app.Session{}
		s.Account.ID, s.Account.Name = tb.users[name], name
		return s
	}
	looks := func(name string, id casework.CaseID, times int) {
		for range times {
			if _, err := n.app.TeamOf(t.Context(), session(name), id); err != nil && casework.KindOf(err) != casework.NotFound {
				t.Fatal(err)
			}
		}
	}
	looks("Hanneke", tb.id, 60)
	looks("Mirthe", tb.id, 1)
	looks("Iris", "22222222222222AA", 1)
	els := tb.enters(n, "Els")
	run(t, els, chromedp.WaitVisible(`a[href="/records"]`), chromedp.Navigate(n.origins[0]+"/records"), chromedp.WaitVisible(`.log`), pageSays("50 regels op deze bladzijde"), pageSays("Hanneke"), pageSays("GGzE"))
	accessible(t, els, "the log")
	for name, width := range map[string]int64{"narrow": 320, "phone": 390, "tablet": 820, "desktop": 1280, "projector": 1920} {
		shoot(t, els, "records-"+name, width, 900, width == 820)
	}
	run(t, els, chromedp.EmulateViewport(320, 800), holds(`document.documentElement.scrollWidth <= 320`), chromedp.EmulateViewport(1280, 900))
	run(t, els, click(`.filters summary`), typeInto(`#case`, "zilver"), click(`[data-act="filter"]`), chromedp.WaitVisible(`#case[aria-invalid]:focus`), pageSays("acht letters en cijfers"))
	accessible(t, els, "the log with a mistake")
	shoot(t, els, "records-mistake-phone", 390, 844, true)
	shoot(t, els, "records-mistake", 1280, 900, false)
	code := string(n.app.CaseCode(tb.id))
	run(t, els, chromedp.SetValue(`#case`, strings.ToLower(code)), choose(`#person`, string(tb.users["Hanneke"])), choose(`#kind`, "looking"), typeInto(`#case`, "\r"),
		chromedp.WaitVisible(`[role="status"]:focus`), pageSays("50 regels"), pageSays(code))
	shoot(t, els, "records-filtered", 1280, 900, false)
	run(t, els, chromedp.EmulateViewport(1280, 900), click(`a[rel="next"]`), chromedp.WaitVisible(`a[rel="prev"]`), chromedp.WaitNotPresent(`a[rel="next"]`),
		holds(`document.querySelector("#person").value === "`+string(tb.users["Hanneke"])+`"`))
	shoot(t, els, "records-older", 820, 900, false)
	run(t, els, click(`a[rel="prev"]`), chromedp.WaitVisible(`a[rel="next"]`), chromedp.WaitNotPresent(`a[rel="prev"]`))
	if at := saysThere(t, els, `location.href`); strings.Contains(at, code) || strings.Contains(at, string(tb.users["Hanneke"])) || strings.Contains(at, "looking") || !strings.HasPrefix(at, n.origins[0]+"/records?newer=") {
		t.Errorf("the address tells what was looked for: %s", at)
	}
	// Back goes back a page, under the same filter, and posts nothing again.
	run(t, els, chromedp.NavigateBack(), chromedp.WaitVisible(`a[rel="prev"]`), holds(`document.querySelector("#person").value === "`+string(tb.users["Hanneke"])+`"`))
	run(t, els, click(`[data-act="clear"]`), chromedp.WaitVisible(`.filters:not([open]) summary`), click(`.filters summary`), choose(`#outcome`, "refused"), chromedp.SetValue(`#from`, time.Now().AddDate(0, 0, 2).Format(time.DateOnly)), click(`[data-act="filter"]`), chromedp.WaitVisible(`.notice[role="status"]:focus`), pageSays("geen regels die hierbij passen"))
	shoot(t, els, "records-none", 390, 844, false)
	if page := saysThere(t, els, `document.body.innerHTML`); strings.Contains(page, "Zilverlinde") {
		t.Error("the page names the case")
	}
}

// Two chairs, here one and the same, name each other's case by its code; a manager is
// told who sits at both tables.
func TestTwoHatsInTheBrowser(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	chair := app.Session{}
	chair.Account.ID, chair.Account.Discipline, chair.Account.Language = tb.users["Hanneke"], casework.Chair, "nl"
	other, err := n.app.OpenCase(t.Context(), chair, "22222222222222AA", "Wilgenhof", app.Templates[0])
	if err != nil {
		t.Fatal(err)
	}
	hanneke := tb.enters(n, "Hanneke")
	run(t, hanneke, chromedp.Navigate(n.origins[0]+"/cases/"+string(tb.id)+"/team"), click(`a[href$="/links"]`), typeInto(`#code`, string(n.app.CaseCode(tb.id))), click(`[data-act="link"]`),
		chromedp.WaitVisible(`#code[aria-invalid]:focus`), pageSays("van deze casus zelf"))
	accessible(t, hanneke, "a link that is none")
	shoot(t, hanneke, "links-mistake-phone", 390, 844, true)
	run(t, hanneke, chromedp.SetValue(`#code`, string(n.app.CaseCode(other))), click(`[data-act="link"]`), chromedp.WaitVisible(`[role="status"]:focus`), pageSays(string(n.app.CaseCode(other))))
	accessible(t, hanneke, "links")
	shoot(t, hanneke, "links", 1280, 900, false)
	if err := n.app.LinkCase(t.Context(), chair, other, string(n.app.CaseCode(tb.id))); err != nil {
		t.Fatal(err)
	}
	els := tb.enters(n, "Els")
	run(t, els, chromedp.Navigate(n.origins[0]+"/records"), chromedp.WaitVisible(`.log`), chromedp.Navigate(n.origins[0]+"/hats"), chromedp.WaitVisible(`.hats`), pageSays("Hanneke"), pageSays(string(n.app.CaseCode(other))))
	accessible(t, els, "two hats")
	shoot(t, els, "hats", 820, 900, false)
	shoot(t, els, "hats-phone", 390, 844, true)
}
