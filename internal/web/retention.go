package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// retentionPage is the list for decision: which closed cases of one's organisation are
// kept long enough, which are held, and which were erased. It calls each by its code.
type retentionPage struct {
	base
	app.Retention
	Rows, Held []keepingRow
	Hold       keepingForm
	Done       string // key of what was just done; empty: nothing
	Problem    string // key of why something was not done
	refused    refusedKeeping
}

// Years is how long a case is kept, in words.
func (p retentionPage) Years() string { return p.count("retention.years", p.Rules.CaseYears) }

func (s *site) retention(w http.ResponseWriter, r *http.Request) error {
	page := retentionPage{}
	page.Done = s.base(r).known("retention.done." + done(r))
	return s.showRetention(w, r, http.StatusOK, page)
}

// showRetention fills in the page, but for what came of what was asked.
func (s *site) showRetention(w http.ResponseWriter, r *http.Request, status int, page retentionPage) (err error) {
	session := sessionIn(r)
	if page.Retention, err = s.App.RetentionOf(r.Context(), session); err != nil {
		return err
	}
	page.base = s.members(r)
	for _, one := range page.Cases {
		page.Rows = append(page.Rows, page.keepingRow(one, "/retention", true, page.refused))
	}
	for _, one := range page.Others {
		page.Held = append(page.Held, page.keepingRow(one, "/retention", true, page.refused))
	}
	page.Hold = keepingForm{base: page.base, Act: "hold", Path: "/retention/hold", Key: "hold", Grounds: app.HoldGrounds, AskCode: true}.refuse(page.refused)
	// What belongs to no form was about a case that is on no list.
	if page.refused.Field != "" && page.Hold.Refused.Field == "" && !slices.ContainsFunc(slices.Concat(page.Rows, page.Held), keepingRow.refusal) {
		page.Problem = "retention.gone"
	}
	return s.render(w, status, "retention", page)
}

// keepingDeeds are what can be posted to the page, by the last word of the address.
var keepingDeeds = map[string]func(a *app.App, r *http.Request, session app.Session, form url.Values) error{
	"keep": func(a *app.App, r *http.Request, session app.Session, form url.Values) error {
		return a.KeepLonger(r.Context(), session, form.Get("case"), form.Get("until"), form.Get("ground"))
	},
	"erase": func(a *app.App, r *http.Request, session app.Session, form url.Values) error {
		return a.AskErasure(r.Context(), session, form.Get("case"), form.Get("code"), form.Get("ground"))
	},
	"hold": func(a *app.App, r *http.Request, session app.Session, form url.Values) error {
		return a.HoldCase(r.Context(), session, form.Get("code"), form.Get("ground"))
	},
	"lift": func(a *app.App, r *http.Request, session app.Session, form url.Values) error {
		return a.AskLift(r.Context(), session, form.Get("case"), form.Get("ground"))
	},
	"answer": func(a *app.App, r *http.Request, session app.Session, form url.Values) error {
		return answerKeeping(a, r, session, form)
	},
	"withdraw": func(a *app.App, r *http.Request, session app.Session, form url.Values) error {
		if !casework.ValidID(form.Get("question")) {
			return casework.Absent()
		}
		return a.WithdrawKeeping(r.Context(), session, form.Get("question"))
	},
}

// answerKeeping gives the yes or no that a form holds.
func answerKeeping(a *app.App, r *http.Request, session app.Session, form url.Values) error {
	yes, known := secondAnswers[form.Get("answer")]
	if !known || !casework.ValidID(form.Get("question")) {
		return casework.Absent()
	}
	return a.AnswerKeeping(r.Context(), session, form.Get("question"), app.KeepingAnswer{Yes: yes, Typed: form.Get("code")})
}

// decideRetention does one of them, or says on the same page why not.
func (s *site) decideRetention(act string) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		form, err := readForm(r)
		if err != nil {
			return err
		}
		session := sessionIn(r)
		err = keepingDeeds[act](s.App, r, session, form)
		return s.keepingOutcome(w, r, act, form, "/retention", err, func(status int, problem string, refused refusedKeeping) error {
			return s.showRetention(w, r, status, retentionPage{Problem: problem, refused: refused})
		})
	}
}

// keepingOutcome goes on after a decision, or shows what is wrong with it.
func (s *site) keepingOutcome(w http.ResponseWriter, r *http.Request, act string, form url.Values, page string, err error,
	show func(status int, problem string, refused refusedKeeping) error) error {
	done := act
	if act == "answer" {
		done = form.Get("answer")
		act = "erase_answer"
	}
	kind := casework.KindOf(err)
	field := keepingFields[reasonOf(err)]
	switch {
	case err == nil:
		return backTo(w, r, page, done)
	case errors.Is(err, app.ErrNotProven):
		toProve(w, r, page)
		return nil
	case act == "hold" && kind == casework.NotFound: // one of somebody else is as one that is nowhere
		return show(statuses[casework.Invalid], "", refusedKeeping{Act: act, Field: "code", Problem: "retention.no_case", Ground: kept(form.Get("ground")), Code: kept(form.Get("code"))})
	case field != "":
		of := form.Get("case") + form.Get("question")
		return show(statuses[kind], "", refusedKeeping{Act: act, Of: of, Field: field, Problem: reasonKey(err),
			Ground: kept(form.Get("ground")), Until: kept(form.Get("until")), Code: kept(form.Get("code"))})
	case kind == casework.NotFound:
		return show(statuses[kind], "retention.gone", refusedKeeping{})
	case kind == casework.Conflict, kind == casework.Denied:
		return show(statuses[kind], reasonKey(err), refusedKeeping{})
	}
	return err
}

// keepingFields are the fields of a form that a refusal is about.
var keepingFields = map[string]string{"bad_ground": "ground", "bad_until": "until", "until_past": "until", "keep_shorter": "until", "bad_case_code": "code", "code_differs": "code"}
