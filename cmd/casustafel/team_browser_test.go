package main

import (
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
}
