package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// alarmRow is an alarm in the words of the page.
type alarmRow struct {
	base
	app.Alarm
	Typed refusedAlarm
}

// refusedAlarm is an answer that was not taken for what one of its fields holds: it
// comes back as it was typed, with what is wrong beside that field.
type refusedAlarm struct {
	ID      string
	Judged  app.AlarmJudgement
	Words   string
	Field   string // "judged" or "words"
	Problem string // key of what is wrong
}

// astray tells whether it was about none of these: then no form is there to say so.
func (r refusedAlarm) astray(open []app.Alarm) bool {
	return r.Field != "" && !slices.ContainsFunc(open, func(m app.Alarm) bool { return m.ID == r.ID })
}

// What is what was found.
func (r alarmRow) What() string {
	return r.T("alarm.kind."+string(r.Kind), "n", strconv.Itoa(r.Limit))
}

// About names it, for who does not see where it stands.
func (r alarmRow) About() string {
	if r.Who == "" {
		return r.What()
	}
	return r.What() + ", " + r.Who
}

// Lasted tells whether it went on for longer than the minute in which it began.
func (r alarmRow) Lasted() bool { return r.Hour(r.Since) != r.Hour(r.Last) }

// FirstDay and LastDay are those of the lines that raised it, as the log is filtered by.
func (r alarmRow) FirstDay() string {
	return r.Since.Add(-audit.AlarmWindow).In(app.Here).Format(time.DateOnly)
}

// LastDay is the last of them.
func (r alarmRow) LastDay() string { return r.Last.In(app.Here).Format(time.DateOnly) }

// Outcome is by which the log is filtered for it; empty: by none.
func (r alarmRow) Outcome() audit.Outcome {
	if r.Kind == audit.ManyRefusals {
		return audit.Refused
	}
	return ""
}

// Judgements are those that can be chosen.
func (r alarmRow) Judgements() (all []chosen) {
	for _, j := range app.AlarmJudgements {
		all = append(all, chosen{string(j), r.T("alarm.judged." + string(j)), r.Typed.Judged == j})
	}
	return all
}

func (b base) alarmRows(list []app.Alarm, refused refusedAlarm) (rows []alarmRow) {
	for _, m := range list {
		row := alarmRow{base: b, Alarm: m}
		if m.ID == refused.ID {
			row.Typed = refused
		}
		rows = append(rows, row)
	}
	return rows
}

// answerAlarm takes what a manager makes of an alarm.
func (s *site) answerAlarm(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	id, judged := form.Get("alarm"), app.AlarmJudgement(form.Get("judged"))
	words, err := textField(form, "words")
	if err == nil {
		err = s.App.AnswerAlarm(r.Context(), session, id, judged, words)
	}
	switch kind := casework.KindOf(err); {
	case err == nil:
		return backTo(w, r, "/reviews", "alarm")
	case kind == casework.NotFound:
		return s.showReviews(w, r, statuses[kind], reviewsPage{Problem: "alarm.gone"})
	case kind == casework.Conflict:
		return s.showReviews(w, r, statuses[kind], reviewsPage{Problem: reasonKey(err)})
	case kind == casework.Invalid:
		refused := refusedAlarm{ID: id, Judged: judged, Words: typed(form, "words"), Field: "words", Problem: reasonKey(err)}
		if reasonOf(err) == "alarm_judged" {
			refused.Field = "judged"
		}
		return s.showReviews(w, r, statuses[kind], reviewsPage{RefusedAlarm: refused})
	}
	return err
}

// alarmLimitsPage sets from where on an organisation wants to be told.
type alarmLimitsPage struct {
	base
	Fields fields
	Done   string // key of what was just done; empty: nothing
}

func (s *site) alarmLimits(w http.ResponseWriter, r *http.Request) error {
	page := alarmLimitsPage{}
	if done(r) == "limits" {
		page.Done = "alarm.limits_done"
	}
	return s.showAlarmLimits(w, r, http.StatusOK, page)
}

// showAlarmLimits fills in the page, but for what was typed.
func (s *site) showAlarmLimits(w http.ResponseWriter, r *http.Request, status int, page alarmLimitsPage) error {
	session := sessionIn(r)
	limits, err := s.App.AlarmLimitsOf(r.Context(), session)
	if err != nil {
		return err
	}
	page.base = s.members(r)
	if page.Fields == nil {
		page.Fields = alarmFields(page.base)
		for i, n := range []int{limits.Refusals, limits.Cases, limits.AfterEnd, limits.Checkpoint} {
			page.Fields[i].Value = strconv.Itoa(n)
		}
	}
	return s.render(w, status, "alarm_limits", page)
}

func alarmFields(b base) fields {
	return fields{{base: b, Name: "refusals", Label: "alarm.limit_refusals", Hint: "alarm.limit_refusals_hint", Mode: "numeric", Max: 2},
		{base: b, Name: "cases", Label: "alarm.limit_cases", Hint: "alarm.limit_cases_hint", Mode: "numeric", Max: 3},
		{base: b, Name: "after_end", Label: "alarm.limit_after_end", Hint: "alarm.limit_after_end_hint", Mode: "numeric", Max: 2},
		{base: b, Name: "checkpoint", Label: "alarm.limit_checkpoint", Hint: "alarm.limit_checkpoint_hint", Mode: "numeric", Max: 2}}
}

// setAlarmLimits keeps them, or says on the same page what was wrong.
func (s *site) setAlarmLimits(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	number := func(name string) int { // what is no number is 0, and refused as that
		n, err := strconv.Atoi(strings.TrimSpace(form.Get(name)))
		if err != nil {
			return 0
		}
		return n
	}
	err = s.App.SetAlarmLimits(r.Context(), session, audit.Limits{Refusals: number("refusals"), Cases: number("cases"), AfterEnd: number("after_end"), Checkpoint: number("checkpoint")})
	if err == nil {
		return backTo(w, r, "/organisation/alarms", "limits")
	}
	field := map[string]string{"bad_alarm_refusals": "refusals", "bad_alarm_cases": "cases", "bad_alarm_after_end": "after_end", "bad_alarm_checkpoint": "checkpoint"}[reasonOf(err)]
	if field == "" {
		return err
	}
	typed := alarmFields(s.base(r))
	typed.fill(form)
	typed.blame(field, reasonKey(err))
	return s.showAlarmLimits(w, r, statuses[casework.KindOf(err)], alarmLimitsPage{Fields: typed})
}
