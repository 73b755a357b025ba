package web

import (
	"net/http"

	"github.com/casustafel/casustafel/internal/app"
)

// accessesPage is what somebody did, as that person looks back at it.
type accessesPage struct {
	base
	Accesses []accessRow
	Next     string // where the list goes on; empty: nowhere
	Later    bool   // it is not the beginning of the list
}

// accessRow is one access in the words of the page.
type accessRow struct {
	base
	app.OwnAccess
}

// What is what was done.
func (a accessRow) What() string { return a.eventName(a.Event) }

func (s *site) ownAccesses(w http.ResponseWriter, r *http.Request) error {
	session, _ := app.SessionIn(r.Context())
	from := r.URL.Query().Get("from")
	list, next, err := s.App.OwnAccesses(r.Context(), session, from)
	if err != nil {
		return err
	}
	page := accessesPage{base: s.base(r), Next: next, Later: from != ""}
	page.Stylesheet, page.Script = "account.css", "account.js"
	for _, a := range list {
		page.Accesses = append(page.Accesses, accessRow{page.base, a})
	}
	return s.render(w, http.StatusOK, "accesses", page)
}
