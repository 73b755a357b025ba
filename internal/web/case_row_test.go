package web

import (
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/view"
)

// What a row says of a case, in both languages.
func TestCaseRow(t *testing.T) {
	t.Parallel()
	since := time.Date(2026, 3, 3, 14, 5, 0, 0, time.UTC)
	for _, c := range []struct {
		language string
		listing  app.CaseListing
		told     string
		drafts   string
		silent   string
	}{
		{"nl", app.CaseListing{Since: since}, "", "", ""},
		{"nl", app.CaseListing{News: view.News{Fresh: 1}}, "1 nieuwe kaart", "", ""},
		{"nl", app.CaseListing{News: view.News{Fresh: 3, Changed: 1, Drafts: 1}, Unheard: []string{"Fenna"}},
			"3 nieuwe kaarten en 1 gewijzigde kaart", "1 concept van jou ligt nog niet op tafel", "Je ziet nog geen eigen woorden van Fenna"},
		{"nl", app.CaseListing{News: view.News{Drafts: 2}, Unheard: []string{"Fenna", "", "Bram"}},
			"", "2 concepten van jou liggen nog niet op tafel", "Je ziet nog geen eigen woorden van Fenna, (naam gewist) en Bram"},
		{"en", app.CaseListing{News: view.News{Changed: 2}, Unheard: []string{"Fenna", "Bram"}}, "2 changed cards", "", "You see no own words of Fenna and Bram yet"},
	} {
		row := caseRow{base{Language: c.language}, c.listing}
		if row.Told() != c.told || row.Drafts() != c.drafts || row.Silent() != c.silent {
			t.Errorf("%q, %q, %q", row.Told(), row.Drafts(), row.Silent())
		}
	}
}
