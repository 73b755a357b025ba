package main

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// The chair goes from the board to the team, asks for a place with a slip of the
// pen, is led to it, and corrects it; a colleague whose place changes is told so on
// the open board, and one whose place is ended is off it.
func TestTeamInTheBrowser(t *testing.T) {
	t.Parallel()
	tb, n := newTable(t)
	browser := chromium(t)
	if _, err := n.app.AddUser(t.Context(), app.NewUser{Login: "sanne@demo.example", Name: "Sanne van der Plas-Ouwerkerk", Discipline: casework.AmbulantWorker,
		Organisation: "Opvang De Linde (verzonnen)", Demo: true}); err != nil {
		t.Fatal(err)
	}
	for login, discipline := range map[string]casework.Role{"tess": casework.Manager, "noud": casework.MentalHealth} {
		id, err := n.app.AddUser(t.Context(), app.NewUser{Login: login + "@ggze.example", Name: login, Discipline: discipline, Organisation: "GGzE (verzonnen)", Demo: true})
		if err != nil {
			t.Fatal(err)
		}
		tb.users[login] = id
	}
	hanneke, iris := tb.window(browser, n, "Hanneke"), tb.window(browser, n, "Iris")
	run(t, hanneke, click(`[data-act="team"]`), chromedp.WaitVisible(`ul.members`), pageSays("Staat naast"))
	accessible(t, hanneke, "team")
	shoot(t, hanneke, "team-desktop", 1280, 900, false)
	shoot(t, hanneke, "team-dark", 820, 1100, true)
	shoot(t, hanneke, "team-phone", 390, 844, false)
	run(t, hanneke, chromedp.EmulateViewport(1280, 900), click(`a[href$="/team/invite"]`), typeInto(`#address`, "sanne@demo.example"),
		choose(`#role`, "ambulant_worker"), choose(`#ground`, "consent"), typeInto(`#task`, "Regelt wonen en geld met Noor."),
		chromedp.SetValue(`#until`, "2020-01-01"), click(`form button.primary`), chromedp.WaitVisible(`#until:focus`), pageSays("ligt voor het begin"))
	accessible(t, hanneke, "invitation, refused")
	shoot(t, hanneke, "team-invite-refused", 820, 1100, false)
	shoot(t, hanneke, "team-invite-phone", 390, 844, true)
	last := time.Now().AddDate(0, 0, 9).Format(time.DateOnly)
	run(t, hanneke, chromedp.EmulateViewport(1280, 900), chromedp.SetValue(`#until`, last), click(`form button.primary`),
		chromedp.WaitVisible(`[role="status"]:focus`), pageSays("De collega zit aan tafel"), pageSays("Regelt wonen en geld met Noor."), pageSays("loopt binnenkort af"), pageSays("Dat zijn 5 professionals"))
	shoot(t, hanneke, "team-many", 1280, 900, false)
	member := func(name string) string {
		return fmt.Sprintf(`li[data-member=%q] a.btn`, tb.users[name])
	}
	run(t, hanneke, chromedp.EmulateViewport(1280, 900), click(member("Iris")), choose(`#role`, "residential_worker"), click(`form button.primary`), chromedp.WaitVisible(`[role="status"]:focus`), pageSays("De plek is gewijzigd"))
	run(t, iris, holds(`document.querySelector("[data-said]")?.textContent.includes("Je plek aan deze tafel is gewijzigd")`))
	run(t, hanneke, click(member("Iris")), click(`details.end summary`))
	accessible(t, hanneke, "member")
	shoot(t, hanneke, "team-member", 1280, 900, false)
	run(t, hanneke, click(`button.danger`), chromedp.WaitVisible(`[role="status"]:focus`), pageSays("De plek is beëindigd"))
	run(t, iris, chromedp.WaitNotPresent(`[data-card]`))
	run(t, hanneke, click(`a[href$="/team/exclusions"]`), typeInto(`#address`, "daan@demo.example"), click(`form button.primary`), chromedp.WaitVisible(`#address:focus`),
		pageSays("zit nu aan tafel"), chromedp.SetValue(`#address`, "kees@example.org"), typeInto(`#note`, "Broer van Joris."), click(`form button.primary`), chromedp.WaitVisible(`[role="status"]:focus`), pageSays("kees@example.org"))
	accessible(t, hanneke, "who must never come near")
	shoot(t, hanneke, "team-exclusions", 1280, 900, false)
	run(t, hanneke, click(`a.back`), click(`a[href$="/team/invite"]`), typeInto(`#address`, "noud@ggze.example"), choose(`#role`, "chair/process"), choose(`#ground`, "consent"),
		click(`form button.primary`), chromedp.WaitVisible(`[data-proposal]`), pageSays("procesregisseur"))
	accessible(t, hanneke, "team with a proposal")
	shoot(t, hanneke, "team-waiting", 820, 1100, false)
	tb.confirms(n, "tess")
	run(t, hanneke, chromedp.Reload(), chromedp.WaitVisible(`[data-act="seat"]`), pageSays("De eigen organisatie zegt ja op"))
	accessible(t, hanneke, "team with a yes from elsewhere")
	shoot(t, hanneke, "team-vouched", 1280, 900, false)
	shoot(t, hanneke, "team-vouched-phone", 390, 844, true)
	run(t, hanneke, chromedp.EmulateViewport(1280, 900), click(`[data-act="seat"]`), chromedp.WaitVisible(`[role="status"]:focus`), pageSays("De collega zit aan tafel"), chromedp.WaitNotPresent(`[data-proposal]`))
}

// confirms lets a manager say yes to the one thing that waits.
func (tb *table) confirms(n *node, name string) {
	t := tb.t.(*testing.T)
	ctx, quit := chromedp.NewContext(chromium(t), chromedp.WithNewBrowserContext())
	t.Cleanup(quit)
	ctx, cancel := context.WithTimeout(ctx, storyWithin)
	t.Cleanup(cancel)
	link, err := n.app.NewSignInLink(t.Context(), tb.users[name])
	if err != nil {
		t.Fatal(err)
	}
	run(t, ctx, chromedp.Navigate(n.origins[0]+"/enter#"+link), chromedp.WaitVisible(`a[href="/confirmations"]`), chromedp.Navigate(n.origins[0]+"/confirmations"), chromedp.WaitVisible(`[data-proposal]`))
	accessible(t, ctx, "confirmations")
	shoot(t, ctx, "confirmations", 1280, 900, false)
	shoot(t, ctx, "confirmations-phone", 390, 844, true)
	run(t, ctx, chromedp.EmulateViewport(1280, 900), click(`[data-proposal] button.primary`), chromedp.WaitVisible(`[role="status"]:focus`), pageSays("Er wacht nu niets op jou"))
}
