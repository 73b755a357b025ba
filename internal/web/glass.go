package web

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

// glassPage is where somebody breaks the glass in acute danger, and where the chair
// looks back at it.
type glassPage struct {
	base
	app.GlassIn
	Proven  bool
	Reason  fields
	Done    string // key of what was just done; empty: nothing
	Problem string // key of why something was not done
	Refused refusedReview
}

// Called is what the page calls the case.
func (p glassPage) Called() string { return p.caseCalled(p.Name) }

// Rows are the glasses in the words of the page.
func (p glassPage) Rows() []glassRow {
	return p.glassRows(p.List, glassOf(p.Case)+"/review", p.Refused)
}

// glassRow is a broken glass in the words of a page.
type glassRow struct {
	base
	app.Glass
	Answers string // where a review goes
	Typed   refusedReview
}

func (b base) glassRows(list []app.Glass, answers string, refused refusedReview) (rows []glassRow) {
	for _, g := range list {
		row := glassRow{base: b, Glass: g, Answers: answers}
		if g.ID == refused.Glass {
			row.Typed = refused
		}
		rows = append(rows, row)
	}
	return rows
}

// refusedReview is a review that was not taken for what one of its fields holds: it
// comes back as it was typed, with what is wrong beside that field.
type refusedReview struct {
	Glass   casework.GivenID
	Judged  app.Judgement
	Words   string
	Field   string // "judged" or "words"
	Problem string // key of what is wrong
}

// astray tells whether it was about a glass at which none of these can look back: then no
// form is there to say so.
func (r refusedReview) astray(rows []glassRow) bool {
	return r.Field != "" && !slices.ContainsFunc(rows, func(row glassRow) bool { return row.ID == r.Glass && row.MayReview })
}

func (s *site) glass(w http.ResponseWriter, r *http.Request) error {
	page := glassPage{}
	page.Done = s.base(r).known("glass.done." + done(r))
	return s.showGlass(w, r, http.StatusOK, page)
}

// showGlass fills in the page, but for what was typed and what came of it.
func (s *site) showGlass(w http.ResponseWriter, r *http.Request, status int, page glassPage) error {
	id, err := caseOf(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	if page.GlassIn, err = s.App.GlassIn(r.Context(), session, id); err != nil {
		return err
	}
	page.base, page.Proven = s.members(r), s.App.Proven(session)
	if page.Reason == nil {
		page.Reason = s.reasonField(r)
	}
	if page.Refused.astray(page.Rows()) {
		page.Problem = "glass.gone"
	}
	return s.render(w, status, "glass", page)
}

func (s *site) reasonField(r *http.Request) fields {
	return fields{{base: s.base(r), Name: "reason", Label: "glass.reason", Hint: "glass.reason_hint", Max: 300}}
}

// backTo leads back to a page that says what was done.
func backTo(w http.ResponseWriter, r *http.Request, page, done string) error {
	http.Redirect(w, r, page+"?done="+done, http.StatusSeeOther)
	return nil
}

func glassOf(id casework.CaseID) string { return "/cases/" + string(id) + "/glass" }

// breakGlass lets somebody read more for an hour, and writes to whoever has to know.
func (s *site) breakGlass(w http.ResponseWriter, r *http.Request) error {
	id, form, err := caseForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	reason, err := textField(form, "reason")
	var told []identity.Account
	if err == nil {
		told, err = s.App.BreakGlass(r.Context(), session, id, reason)
	}
	switch kind := casework.KindOf(err); {
	case err == nil:
		s.writeOfGlass(r, told)
		return backTo(w, r, glassOf(id), "broken")
	case errors.Is(err, app.ErrNotProven):
		toProve(w, r, glassOf(id))
		return nil
	case kind == casework.Invalid:
		page := glassPage{Reason: s.reasonField(r)}
		page.Reason.fill(form)
		page.Reason.blame("reason", reasonKey(err))
		return s.showGlass(w, r, statuses[kind], page)
	case kind == casework.Conflict:
		return s.showGlass(w, r, statuses[kind], glassPage{Problem: reasonKey(err)})
	}
	return err
}

// writeOfGlass writes to people that there is something to look at: without a name,
// and to nobody but them. It holds up nobody; what fails is logged.
func (s *site) writeOfGlass(r *http.Request, told []identity.Account) {
	if s.Mail == nil {
		return
	}
	ctx := context.WithoutCancel(r.Context())
	go func() {
		for _, account := range told {
			b := base{Language: languageOf(&account, "")}
			if err := s.Mail.Send(ctx, account.Login, b.T("glass.mail_subject"), b.T("glass.mail_text", "link", s.Origins[0])); err != nil {
				s.Log.WarnContext(ctx, "a letter about a broken glass was not sent", "request", app.RequestIn(ctx), "err", err)
			}
		}
	}()
}

// endGlass ends it before its time.
func (s *site) endGlass(w http.ResponseWriter, r *http.Request) error {
	id, err := caseOf(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	if err := s.App.EndGlass(r.Context(), session, id); err != nil {
		return err
	}
	return backTo(w, r, glassOf(id), "ended")
}

// reviewAtTable takes what a chair makes of a glass.
func (s *site) reviewAtTable(w http.ResponseWriter, r *http.Request) error {
	id, err := caseOf(r)
	if err != nil {
		return err
	}
	return s.reviewGlass(w, r, glassOf(id), func(status int, problem string, refused refusedReview) error {
		return s.showGlass(w, r, status, glassPage{Problem: problem, Refused: refused})
	})
}

// reviewGlass takes what somebody makes of a glass and leads back, or shows why not.
func (s *site) reviewGlass(w http.ResponseWriter, r *http.Request, back string, show func(status int, problem string, refused refusedReview) error) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	glass := casework.GivenID(form.Get("glass"))
	words, err := textField(form, "words")
	if err == nil {
		if err = casework.Absent(); casework.ValidID(glass) {
			err = s.App.ReviewGlass(r.Context(), session, glass, app.Judgement(form.Get("judged")), words)
		}
	}
	switch kind := casework.KindOf(err); {
	case err == nil:
		return backTo(w, r, back, "reviewed")
	case kind == casework.NotFound:
		return show(statuses[kind], "glass.gone", refusedReview{})
	case kind == casework.Invalid:
		refused := refusedReview{Glass: glass, Judged: app.Judgement(form.Get("judged")), Words: typed(form, "words"), Field: "words", Problem: reasonKey(err)}
		if reasonOf(err) == "glass_judged" {
			refused.Field = "judged"
		}
		return show(statuses[kind], "", refused)
	case kind == casework.Denied, kind == casework.Conflict:
		return show(statuses[kind], reasonKey(err), refusedReview{})
	}
	return err
}

// reviewsPage lists the glasses that people of one's organisation broke and at which
// nobody looked back, and the alarms of its access log.
type reviewsPage struct {
	base
	Rows    []glassRow
	Done    string // key of what was just done; empty: nothing
	Problem string // key of why something was not done
	Refused refusedReview

	Alarms, Answered []alarmRow
	RefusedAlarm     refusedAlarm
	Sole             string // key of that nobody else reviews; empty: somebody does
}

func (s *site) reviews(w http.ResponseWriter, r *http.Request) error {
	page := reviewsPage{}
	page.Done = s.base(r).known("glass.done." + done(r))
	return s.showReviews(w, r, http.StatusOK, page)
}

func (s *site) showReviews(w http.ResponseWriter, r *http.Request, status int, page reviewsPage) error {
	session := sessionIn(r)
	list, err := s.App.OpenGlasses(r.Context(), session)
	if err != nil {
		return err
	}
	page.base = s.members(r)
	page.Rows = page.glassRows(list, "/reviews", page.Refused)
	open, answered, err := s.App.AlarmsOf(r.Context(), session)
	if err != nil {
		return err
	}
	if page.Sole, err = s.sole(r); err != nil {
		return err
	}
	page.Alarms, page.Answered = page.alarmRows(open, page.RefusedAlarm), page.alarmRows(answered, refusedAlarm{})
	switch {
	case page.Refused.astray(page.Rows):
		page.Problem = "glass.gone"
	case page.RefusedAlarm.astray(open):
		page.Problem = "alarm.gone"
	}
	return s.render(w, status, "reviews", page)
}

// reviewOutside takes what a manager makes of a glass.
func (s *site) reviewOutside(w http.ResponseWriter, r *http.Request) error {
	return s.reviewGlass(w, r, "/reviews", func(status int, problem string, refused refusedReview) error {
		return s.showReviews(w, r, status, reviewsPage{Problem: problem, Refused: refused})
	})
}
