package web

import (
	"net/http"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// hatsPage tells who sits at the tables of two linked cases, for who reviews the
// access log.
type hatsPage struct {
	base
	Hats []app.TwoHats
}

func (s *site) hats(w http.ResponseWriter, r *http.Request) error {
	session := sessionIn(r)
	list, err := s.App.TwoHatsOf(r.Context(), session)
	if err != nil {
		return err
	}
	page := hatsPage{base: s.base(r), Hats: list}
	page.Stylesheet = "account.css"
	return s.render(w, http.StatusOK, "hats", page)
}

// linksPage is with which other cases a case hangs together, as its chair says.
type linksPage struct {
	base
	app.CaseLinks
	ID    casework.CaseID
	Field *field
	Done  string
	Lost  bool // what was to be taken back is not there
}

func (s *site) links(w http.ResponseWriter, r *http.Request) error {
	return s.showLinks(w, r, http.StatusOK, linksPage{})
}

// showLinks fills in the page, but for what was typed and what came of it.
func (s *site) showLinks(w http.ResponseWriter, r *http.Request, status int, page linksPage) error {
	id, err := caseOf(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	if page.CaseLinks, err = s.App.CaseLinksOf(r.Context(), session, id); err != nil {
		return err
	}
	page.base, page.ID = s.base(r), id
	page.Stylesheet = "account.css"
	page.Done = page.known("hats.done." + done(r))
	if page.Field == nil {
		page.Field = linkField(page.base)
	}
	return s.render(w, status, "links", page)
}

func linkField(b base) *field {
	return &field{base: b, Name: "code", Label: "hats.other", Hint: "records.case_hint", Max: 12}
}

// linkCase names another case, or says beside the field what is wrong.
func (s *site) linkCase(w http.ResponseWriter, r *http.Request) error {
	id, form, err := caseForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	err = s.App.LinkCase(r.Context(), session, id, form.Get("code"))
	switch reasonOf(err) {
	case "bad_case_code", "link_itself", "link_twice", "limit_case_links":
		typed := fields{linkField(s.base(r))}
		typed.fill(form)
		typed.blame("code", reasonKey(err))
		return s.showLinks(w, r, statuses[casework.KindOf(err)], linksPage{Field: typed[0]})
	}
	if err != nil {
		return err
	}
	return toLinks(w, r, id, "linked")
}

// unlinkCase takes that back.
func (s *site) unlinkCase(w http.ResponseWriter, r *http.Request) error {
	id, err := caseOf(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	err = s.App.UnlinkCase(r.Context(), session, id, r.PathValue("link"))
	switch {
	case err == nil:
		return toLinks(w, r, id, "unlinked")
	case casework.KindOf(err) == casework.NotFound: // who does not sit here is told so by the page itself
		return s.showLinks(w, r, http.StatusNotFound, linksPage{Lost: true})
	}
	return err
}

func toLinks(w http.ResponseWriter, r *http.Request, id casework.CaseID, done string) error {
	return backTo(w, r, "/cases/"+string(id)+"/links", done)
}
