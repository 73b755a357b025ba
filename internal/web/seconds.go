package web

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// secondsPage is where whoever may open a case again or export it asks for a second
// person, and answers for a colleague.
type secondsPage struct {
	base
	app.CaseSeconds
	Done    string // key of what was just done; empty: nothing
	Problem string // key of why something was not done
	Faulty  casework.Act
	Fault   string // key of what is wrong with what was asked
}

// Called is what the page calls the case.
func (p secondsPage) Called() string { return p.caseCalled(p.Name) }

// Rows are the questions in the words of the page.
func (p secondsPage) Rows() []secondRow { return p.secondRows(p.List, secondsOf(p.Case)+"/answer") }

// Asks are the acts that one can ask for now: of each one at a time.
func (p secondsPage) Asks() (asks []secondAsk) {
	may := map[casework.Act]bool{casework.ActReopen: p.MayReopen && p.Status == casework.Closed, casework.ActExport: p.MayExport}
	for _, act := range app.SecondActs {
		waits := slices.ContainsFunc(p.List, func(s app.Second) bool {
			return s.Act == act && (s.Waits() || s.Ready)
		})
		if may[act] && !waits {
			ask := secondAsk{base: p.base, Case: p.Case, Act: act, Grounds: app.SecondGrounds[act]}
			if p.Faulty == act {
				ask.Fault = p.Fault
			}
			asks = append(asks, ask)
		}
	}
	return asks
}

// secondAsk is the form for one act.
type secondAsk struct {
	base
	Case    casework.CaseID
	Act     casework.Act
	Grounds []string
	Fault   string
}

// secondRow is a question in the words of a page.
type secondRow struct {
	base
	app.Second
	Answers string // where an answer goes
}

func (b base) secondRows(list []app.Second, answers string) (rows []secondRow) {
	for _, s := range list {
		rows = append(rows, secondRow{b, s, answers})
	}
	return rows
}

// Hour is a moment in words, as one says it in the Netherlands.
func (b base) Hour(at time.Time) string {
	return b.T("day.hour", "day", b.Day(at), "hour", at.In(app.Here).Format("15:04"))
}

func (s *site) seconds(w http.ResponseWriter, r *http.Request) error {
	page := secondsPage{}
	page.Done = s.base(r).known("second.done." + done(r))
	return s.showSeconds(w, r, http.StatusOK, page)
}

// showSeconds fills in the page, but for what came of what was asked.
func (s *site) showSeconds(w http.ResponseWriter, r *http.Request, status int, page secondsPage) error {
	id, err := caseOf(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	page.base = s.members(r)
	if page.CaseSeconds, err = s.App.SecondsIn(r.Context(), session, id); err != nil {
		return err
	}
	return s.render(w, status, "seconds", page)
}

func secondsOf(id casework.CaseID) string { return "/cases/" + string(id) + "/seconds" }

// askSecond asks for a second person.
func (s *site) askSecond(w http.ResponseWriter, r *http.Request) error {
	id, form, err := caseForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	act := casework.Act(form.Get("act"))
	err = s.App.AskSecond(r.Context(), session, id, act, form.Get("ground"))
	switch kind := casework.KindOf(err); {
	case err == nil:
		return backTo(w, r, secondsOf(id), "asked")
	case kind == casework.Invalid:
		return s.showSeconds(w, r, statuses[kind], secondsPage{Faulty: act, Fault: reasonKey(err)})
	case kind == casework.Conflict, kind == casework.Denied:
		return s.showSeconds(w, r, statuses[kind], secondsPage{Problem: reasonKey(err)})
	}
	return err
}

// withdrawSecond takes back what was asked.
func (s *site) withdrawSecond(w http.ResponseWriter, r *http.Request) error {
	id, form, err := caseForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	err = s.App.WithdrawSecond(r.Context(), session, id, form.Get("second"))
	if err == nil {
		return backTo(w, r, secondsOf(id), "withdrawn")
	}
	return s.secondGone(err, func(status int, problem string) error {
		return s.showSeconds(w, r, status, secondsPage{Problem: problem})
	})
}

// secondGone shows what became of an answer that was not taken; any other error is
// given back.
func (s *site) secondGone(err error, show func(status int, problem string) error) error {
	switch kind := casework.KindOf(err); {
	case kind == casework.NotFound:
		return show(statuses[kind], "second.gone")
	case kind == casework.Denied && !errors.Is(err, app.ErrNotProven), kind == casework.Conflict:
		return show(statuses[kind], reasonKey(err))
	}
	return err
}

var secondAnswers = map[string]bool{"yes": true, "no": false}

// answer gives the yes or no that a form holds, and says what was done.
func (s *site) answer(r *http.Request, second, answer string) (done string, err error) {
	yes, known := secondAnswers[answer]
	if !known || !casework.ValidID(second) {
		return "", casework.Absent()
	}
	session := sessionIn(r)
	return answer, s.App.AnswerSecond(r.Context(), session, second, yes)
}

// answerSecond says yes or no for a colleague at the table.
func (s *site) answerSecond(w http.ResponseWriter, r *http.Request) error {
	id, form, err := caseForm(r)
	if err != nil {
		return err
	}
	done, err := s.answer(r, form.Get("second"), form.Get("answer"))
	switch {
	case err == nil:
		return backTo(w, r, secondsOf(id), done)
	case errors.Is(err, app.ErrNotProven):
		toProve(w, r, secondsOf(id))
		return nil
	}
	return s.secondGone(err, func(status int, problem string) error {
		return s.showSeconds(w, r, status, secondsPage{Problem: problem})
	})
}
