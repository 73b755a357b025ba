package web

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/pdf"
)

// monthPage is the review of a month of an access log, to be read, signed and printed.
type monthPage struct {
	overviewPage
	Review  app.MonthReview
	Done    string // key of what was just done; empty: nothing
	Trouble string // key of why something was not done
	Remark  string // as it was typed
	Wrong   string // key of what is wrong with it; empty: nothing
	Filed   bool   // a file can be made here
	Faces   template.CSS
}

func (s *site) month(w http.ResponseWriter, r *http.Request) error {
	page := monthPage{}
	if done(r) == "signed" {
		page.Done = "month.signed_done"
	}
	return s.showMonth(w, r, http.StatusOK, page)
}

// showMonth fills in the page, but for what was typed and what came of it.
func (s *site) showMonth(w http.ResponseWriter, r *http.Request, status int, page monthPage) error {
	review, err := s.App.MonthReviewOf(r.Context(), sessionIn(r), r.PathValue("month"))
	if err != nil {
		return err
	}
	page.fill(s.account(r), review, s.Config.Now())
	if page.Sole, err = s.sole(r); err != nil {
		return err
	}
	page.Filed = s.PDF != nil
	return s.render(w, status, "month", page)
}

func (p *monthPage) fill(b base, review app.MonthReview, now time.Time) {
	p.Review = review
	p.overviewPage = overviewPage{base: b, Overview: review.Overview, Whole: true, Printed: now}
	p.months()
	if p.Chosen == "" {
		p.Chosen = review.Month
		p.Overviewed = append(p.Overviewed, choice{review.Month, p.Month(review.From)})
	}
}

// chooseMonth leads to a month.
func (s *site) chooseMonth(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	first, ok := app.MonthIn(form.Get("month"))
	if !ok {
		return casework.Absent()
	}
	http.Redirect(w, r, "/reviews/"+first.Format(audit.MonthForm), http.StatusSeeOther)
	return nil
}

// signMonth takes that somebody read it.
func (s *site) signMonth(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	remark, err := textField(form, "remark")
	if err == nil {
		err = s.App.SignMonth(r.Context(), sessionIn(r), r.PathValue("month"), form.Get("read"), remark)
	}
	page := monthPage{Remark: typed(form, "remark")}
	switch kind := casework.KindOf(err); {
	case err == nil:
		return backTo(w, r, "/reviews/"+r.PathValue("month"), "signed")
	case kind == casework.Invalid:
		page.Wrong = reasonKey(err)
		return s.showMonth(w, r, statuses[kind], page)
	case kind == casework.Conflict:
		page.Trouble = reasonKey(err)
		return s.showMonth(w, r, statuses[kind], page)
	}
	return err
}

// monthFile hands the review over as a file, which is called the same for everybody.
func (s *site) monthFile(w http.ResponseWriter, r *http.Request) error {
	if s.PDF == nil {
		return casework.Absent()
	}
	session, handBack := sessionIn(r), func() {}
	if s.App.MayReview(session.Account.Discipline) { // nobody else takes a turn
		done, err := s.PDF.Wait(r.Context())
		if err != nil {
			return s.noFile(w, r, err)
		}
		handBack = sync.OnceFunc(done)
		defer handBack()
	}
	review, err := s.App.BeginMonthFile(r.Context(), session, r.PathValue("month"))
	if err != nil {
		return err
	}
	file, failed := s.print(r, review)
	handBack() // whoever takes it in slowly keeps nobody else waiting
	switch err := s.App.EndMonthFile(r.Context(), session, review, failed); {
	case casework.KindOf(err) == casework.Conflict:
		return s.noFile(w, r, err)
	case err != nil:
		return err
	case failed != nil:
		return s.noFile(w, r, failed)
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `attachment; filename="terugblik-`+review.Month+`.pdf"`)
	_, _ = w.Write(file) // the one who asked may have gone
	return nil
}

// print makes a file of a review.
func (s *site) print(r *http.Request, review app.MonthReview) ([]byte, error) {
	page := monthPage{Faces: s.faces()}
	page.fill(s.base(r), review, s.Config.Now())
	sole, err := s.fewReviewers(r, "", "reviewers.one") // others read it too
	if err != nil {
		return nil, err
	}
	page.Sole = sole
	var paper bytes.Buffer
	if err := s.templates["month"].ExecuteTemplate(&paper, "month_paper", page); err != nil {
		return nil, fmt.Errorf("write the review of a month: %w", err)
	}
	return s.PDF.Print(r.Context(), paper.Bytes())
}

// noFile shows the page with why there is no file.
func (s *site) noFile(w http.ResponseWriter, r *http.Request, err error) error {
	trouble := "month.file_busy"
	if !errors.Is(err, pdf.ErrBusy) {
		s.Log.WarnContext(r.Context(), "no PDF was made", "request", app.RequestIn(r.Context()), "err", err)
		trouble = "month.file_failed"
	}
	return s.showMonth(w, r, http.StatusServiceUnavailable, monthPage{Trouble: trouble})
}

// LastMonth is the month before this one, as addresses have it and in words.
func (b base) LastMonth() choice { return b.monthBefore(1) }

// monthBefore is the one so many before this one.
func (b base) monthBefore(months int) choice {
	y, m, _ := time.UnixMilli(b.Now).In(app.Here).Date()
	return b.monthChoice(time.Date(y, m-time.Month(months), 1, 0, 0, 0, 0, app.Here))
}

func (b base) monthChoice(first time.Time) choice {
	return choice{first.Format(audit.MonthForm), b.Month(first)}
}

// ThisMonth is the one that it is.
func (b base) ThisMonth() choice { return b.monthBefore(0) }

// Before is the month before the one that is shown.
func (p monthPage) Before() choice { return p.beside(-1) }

// Next is the one that follows it, when it is over.
func (p monthPage) Next() choice { return p.beside(1) }

func (p monthPage) beside(months int) choice {
	return p.monthChoice(p.Review.From.AddDate(0, months, 0))
}

// NumberName is what a number of a month or another period is called.
func (b base) NumberName(name string) string { return b.T("month.n." + name) }

// Title is the page in words.
func (p monthPage) Title() string { return p.T("month.title", "month", p.Month(p.Review.From)) }

// AlarmsSay tells of them in a sentence.
func (p monthPage) AlarmsSay() string {
	all := 0
	for _, kind := range p.Review.Alarms {
		all += kind.All
	}
	if all == 0 {
		return p.T("month.alarms.none")
	}
	return p.count("month.alarms", all)
}

// alarmKindRow is how many alarms of a kind there were, in words.
type alarmKindRow struct {
	base
	app.AlarmCount
}

// Kinds are the kinds of alarms that there were, with what came of them.
func (p monthPage) Kinds() (rows []alarmKindRow) {
	for _, kind := range p.Review.Alarms {
		if kind.All > 0 {
			rows = append(rows, alarmKindRow{p.base, kind})
		}
	}
	return rows
}

// Counts are how often each judgement was given, in the order in which they are offered.
func (r alarmKindRow) Counts() (counts []int) {
	for _, judged := range app.AlarmJudgements {
		counts = append(counts, r.Judged[judged])
	}
	return counts
}

// Judgements are what alarms were judged as, in that order.
func (monthPage) Judgements() []app.AlarmJudgement { return app.AlarmJudgements }

// RaisedRows are the alarms of the month.
func (p monthPage) RaisedRows() []alarmRow { return p.alarmRows(p.Review.Raised, refusedAlarm{}) }

// waitingShown is how much of each kind is named of what waits.
const waitingShown = 15

// WaitingGlasses are the first broken glasses that wait for somebody to look back.
func (p monthPage) WaitingGlasses() []app.Glass {
	return p.Review.WaitingGlasses[:min(len(p.Review.WaitingGlasses), waitingShown)]
}

// WaitingRows are the first alarms that wait for an answer.
func (p monthPage) WaitingRows() []alarmRow {
	return p.alarmRows(p.Review.WaitingAlarms[:min(len(p.Review.WaitingAlarms), waitingShown)], refusedAlarm{})
}

// WaitingMore is how many wait beside these.
func (p monthPage) WaitingMore() int {
	return max(len(p.Review.WaitingGlasses)-waitingShown, 0) + max(len(p.Review.WaitingAlarms)-waitingShown, 0)
}

// Took is how long an answer took.
func (r alarmRow) Took() string { return r.took(r.Reviewed.Sub(r.Since)) }

// Took is how long an answer took.
func (g glassAnswer) Took() string { return g.took(g.Reviewed.Sub(g.At)) }

// Slowest is how long the slowest answer took.
func (r alarmKindRow) Slowest() string {
	if r.All == r.Open {
		return "–"
	}
	return r.took(r.Longest)
}

// took is a length of time as one says it.
func (b base) took(d time.Duration) string {
	switch {
	case d < time.Hour:
		return b.T("month.took.hour")
	case d < 48*time.Hour:
		return b.count("month.took.hours", int(d.Hours()))
	}
	return b.count("month.took.days", int(d.Hours())/24)
}

// SigningSays tells how soon the lines of the month were signed.
func (p monthPage) SigningSays() string {
	signing := p.Review.Signing
	switch {
	case !signing.Waits.IsZero():
		return p.T("month.signing.waits", "since", p.Moment(signing.Waits))
	case signing.Longest == 0:
		return p.T("month.signing.soon")
	case signing.Longest < 2*time.Hour:
		return p.T("month.signing.minutes", "n", strconv.Itoa(int(signing.Longest.Minutes())))
	}
	return p.T("month.signing.hours", "n", strconv.Itoa(int((signing.Longest + time.Hour - 1).Hours()))) // never less than it was
}
