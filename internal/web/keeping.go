package web

import (
	"net/http"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// keepingPage is how long a case is kept, for its chair, who can be the second person
// whom erasing it or lifting a hold needs.
type keepingPage struct {
	base
	app.CaseKeeping
	Row     keepingRow
	Done    string // key of what was just done; empty: nothing
	Problem string // key of why something was not done
	refused refusedKeeping
}

// Called is what the page calls the case.
func (p keepingPage) Called() string { return p.caseCalled(p.Name) }

func (s *site) keeping(w http.ResponseWriter, r *http.Request) error {
	page := keepingPage{}
	page.Done = s.base(r).known("retention.done." + done(r))
	return s.showKeeping(w, r, http.StatusOK, page)
}

func keepingOf(id casework.CaseID) string { return "/cases/" + string(id) + "/keeping" }

// showKeeping fills in the page, but for what came of an answer.
func (s *site) showKeeping(w http.ResponseWriter, r *http.Request, status int, page keepingPage) error {
	id, err := caseOf(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	page.base = s.members(r)
	if page.CaseKeeping, err = s.App.KeepingIn(r.Context(), session, id); err != nil {
		return err
	}
	page.Row = page.keepingRow(page.Keeping, keepingOf(id), false, page.refused)
	if page.refused.Field != "" && !page.Row.refusal() {
		page.Problem = "retention.gone"
	}
	return s.render(w, status, "keeping", page)
}

// answerKeepingAtTable says yes or no as the chair. After a yes to erasing there is no
// case to go back to.
func (s *site) answerKeepingAtTable(w http.ResponseWriter, r *http.Request) error {
	id, form, err := caseForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	err = answerKeeping(s.App, r, session, form)
	if err == nil {
		access, err := s.App.Access(r.Context(), id)
		if err != nil {
			return err
		}
		if _, sits := access.Reader(session.Account.ID, s.Config.Now()); !sits {
			http.Redirect(w, r, "/", http.StatusSeeOther)
			return nil
		}
	}
	return s.keepingOutcome(w, r, "answer", form, keepingOf(id), err, func(status int, problem string, refused refusedKeeping) error {
		return s.showKeeping(w, r, status, keepingPage{Problem: problem, refused: refused})
	})
}
