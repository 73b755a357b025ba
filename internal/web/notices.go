package web

import (
	"net/http"

	"github.com/casustafel/casustafel/internal/app"
)

// noticeRow is something that somebody is told, in the words of the page.
type noticeRow struct {
	base
	app.Notice
}

// Words tell it. A card that the reader does not see any more is just a card.
func (n noticeRow) Words() string {
	key := "notice_list." + string(n.Kind)
	if n.Card != "" {
		key = "notice_card." + string(n.Kind)
	}
	by := n.By
	if by == "" {
		by = n.T("notice_list.somebody")
	}
	if n.Case == "" { // somebody outside the table knows people by their organisation
		by = n.T("notice_list.of", "name", by, "organisation", n.ByOrganisation)
	}
	return n.T(key, "by", by, "card", n.Card.Code())
}

// Where is the case that it is about, as its reader may call it.
func (n noticeRow) Where() string {
	if n.Case == "" {
		return n.T("notice_list.case", "code", string(n.Code))
	}
	return n.caseCalled(n.Name)
}

// Leads is the page on which there is more of it; empty: there is none.
func (n noticeRow) Leads() string {
	switch {
	case n.Case == "" && n.AboutSecond():
		return "/seconds"
	case n.Case == "" && n.AboutGlass():
		return "/reviews"
	case n.Case == "" && n.AboutKeeping():
		return "/retention"
	case n.Case == "":
		return ""
	case n.AboutSecond():
		return secondsOf(n.Case)
	case n.AboutGlass():
		return glassOf(n.Case)
	case n.AboutKeeping():
		return keepingOf(n.Case)
	}
	if n.Kind == app.NoticePlaceAnswered {
		return "/cases/" + string(n.Case) + "/team"
	}
	return "/cases/" + string(n.Case)
}

// putNoticesAway takes what was read off the list.
func (s *site) putNoticesAway(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	if err := s.App.PutNoticesAway(r.Context(), session, form["notice"]); err != nil {
		return err
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}
