package web

import (
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// Every kind of notice has its words, for who sits at the table and for who hears
// of it from outside; the latter read no name of a case.
func TestNoticesOnMyCases(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	of := map[string]casework.UserID{"hanneke": p.account(t, "hanneke", casework.Chair, "De Linde"), "els": p.account(t, "els", casework.Manager, "De Linde")}
	hanneke, els := p.signedIn(t, "hanneke"), p.signedIn(t, "els")
	id := strings.TrimPrefix(p.table(t, hanneke), "/cases/")
	var told []string
	for _, kind := range store.NoticeKinds {
		for to, user := range of {
			told = append(told, casework.NewID[string](rand.Reader))
			by := of["els"]
			if to == "els" {
				by = of["hanneke"]
			}
			_, err := p.admin.Exec(`INSERT INTO notice (id, account, case_id, kind, by, at) VALUES ($1, $2, $3, $4, $5, $6)`,
				told[len(told)-1], user, id, kind, by, p.clock.Now())
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	rows := func(t *testing.T, w *httptest.ResponseRecorder) (all []*html.Node) {
		for _, kind := range store.NoticeKinds {
			all = append(all, find(t, w, "li", "data-notice", string(kind))...)
		}
		return all
	}
	// A manager hears of a broken glass, and of what a second person is asked for.
	for b, hears := range map[*browser]int{hanneke: len(store.NoticeKinds), els: 5} {
		w := b.get("/")
		rows := rows(t, w)
		if w.Code != http.StatusOK || len(rows) != hears {
			t.Fatalf("%d: %d rows", w.Code, len(rows))
		}
		for _, row := range rows {
			said := text(row)
			named, coded := strings.Contains(said, "Zilverlinde"), strings.Contains(said, "Casus ")
			if strings.Contains(said, "notice_list") || strings.Contains(said, "{") || named != (b == hanneke) || coded != (b == els) {
				t.Errorf("a row says %q", said)
			}
		}
	}
	var all []string
	for _, id := range told {
		all = append(all, "notice", id)
	}
	if w := hanneke.post("/notices/read", all[:4]...); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if rows := rows(t, hanneke.get("/")); len(rows) != len(store.NoticeKinds)-1 {
		t.Errorf("%d are left", len(rows))
	}
	hanneke.post("/notices/read", all...)
	if strings.Contains(hanneke.get("/").Body.String(), "notices") {
		t.Error("an empty list is shown")
	}
}
