package web

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// retentionRulesPage sets how long an organisation keeps what is its own.
type retentionRulesPage struct {
	base
	Settings app.RetentionSettings
	Fields   fields
	Proven   bool // a period can be made shorter
	now      time.Time
	Done     string // key of what was just done; empty: nothing
}

// ClosedNow says for how many cases it holds now.
func (p retentionRulesPage) ClosedNow() string {
	return p.count("retention.closed", p.Settings.Closed) + " " + p.count("retention.over", p.Settings.Over)
}

// LogGoes says when the oldest lines of the log go, as far as the own organisation's
// period tells; empty: there are none.
func (p retentionRulesPage) LogGoes() string {
	goes := p.Settings.LogGoes
	switch {
	case goes.IsZero():
		return ""
	case goes.After(p.now):
		return p.T("retention.log_goes", "before", p.Day(p.Settings.OldUntil), "day", p.Day(goes))
	}
	return p.T("retention.log_stays", "before", p.Day(p.Settings.OldUntil))
}

func (s *site) retentionRules(w http.ResponseWriter, r *http.Request) error {
	page := retentionRulesPage{}
	page.Done = s.base(r).known("retention.done." + done(r))
	return s.showRetentionRules(w, r, http.StatusOK, page)
}

// showRetentionRules fills in the page, but for what was typed.
func (s *site) showRetentionRules(w http.ResponseWriter, r *http.Request, status int, page retentionRulesPage) (err error) {
	session := sessionIn(r)
	if page.Settings, err = s.App.RetentionSettingsOf(r.Context(), session); err != nil {
		return err
	}
	page.base, page.Proven, page.now = s.members(r), s.App.Proven(session), s.Config.Now()
	if page.Fields == nil {
		page.Fields = retentionFields(page.base)
		page.Fields[0].Value, page.Fields[1].Value = strconv.Itoa(page.Settings.CaseYears), strconv.Itoa(page.Settings.LogYears)
	}
	return s.render(w, status, "retention_rules", page)
}

func retentionFields(b base) fields {
	return fields{{base: b, Name: "case_years", Label: "retention.case_years", Hint: "retention.case_years_hint", Mode: "numeric", Max: 2},
		{base: b, Name: "log_years", Label: "retention.log_years", Hint: "retention.log_years_hint", Mode: "numeric", Max: 2}}
}

// setRetentionRules keeps them, or says on the same page what was wrong.
func (s *site) setRetentionRules(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	years := func(name string) int { n, _ := strconv.Atoi(form.Get(name)); return n } // what is no number is 0, and refused as that
	err = s.App.SetRetentionRules(r.Context(), session, app.RetentionRules{CaseYears: years("case_years"), LogYears: years("log_years")})
	if err == nil {
		return backTo(w, r, "/organisation/retention", "rules")
	}
	if errors.Is(err, app.ErrNotProven) {
		toProve(w, r, "/organisation/retention")
		return nil
	}
	field := map[string]string{"bad_case_years": "case_years", "bad_log_years": "log_years"}[reasonOf(err)]
	if field == "" {
		return err
	}
	typed := retentionFields(s.base(r))
	typed.fill(form)
	typed.blame(field, reasonKey(err))
	return s.showRetentionRules(w, r, statuses[casework.KindOf(err)], retentionRulesPage{Fields: typed})
}
