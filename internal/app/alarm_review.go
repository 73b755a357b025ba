package app

import (
	"context"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
)

// AlarmJudgement is what somebody makes of an alarm.
type AlarmJudgement = store.AlarmJudgement

// AlarmJudgements lists them, in the order in which they are offered.
var AlarmJudgements = store.AlarmJudgements

// How many alarms are shown, of those that their reader may know of: others take no place
// among them.
const (
	openShown     = 500
	answeredShown = 50
)

// Alarm is something to look at, as somebody who reviews the access log may know it.
type Alarm struct {
	ID              string
	Kind            audit.AlarmKind
	Who             string            // name of whom it is about
	Person          casework.UserID   // who that is; empty: somebody of another organisation
	WhoOrganisation string            // when that is another
	Case            casework.CaseCode // empty: it is not about one
	Limit           int
	Since, Last     time.Time
	SeenBy          []string // names, first one first

	Judged   AlarmJudgement // empty: it is open
	Words    string
	Reviewer string
	Reviewed time.Time
}

// AlarmsOf lists the alarms of the user's organisation for who reviews its access log:
// the open ones, oldest first, and what was answered lately. That they were seen is
// kept, and the look is on the record. An alarm about a case that the reader must
// never come near, or about the reader, is not there.
func (a *App) AlarmsOf(ctx context.Context, session Session) (open, answered []Alarm, err error) {
	err = a.review(ctx, session, "list_alarms", nil, func(tx *store.Tx, by identity.Account, _ *policy.Policy) error {
		open, answered = nil, nil
		never, err := a.ExcludedFrom(ctx, tx, by)
		if err != nil {
			return err
		}
		show := func(list *[]Alarm, kept []store.Alarm, atMost int) error {
			for _, m := range kept {
				if len(*list) == atMost {
					break
				}
				told, known, err := a.seenAlarm(ctx, tx, m, by, never)
				if err != nil {
					return err
				}
				if known {
					*list = append(*list, told)
				}
			}
			return nil
		}
		kept, err := tx.OpenAlarms(ctx, by.Organisation)
		if err != nil {
			return err
		}
		if err := show(&open, kept, openShown); err != nil {
			return err
		}
		for after := 0; len(answered) < answeredShown; after += answeredShown {
			if kept, err = tx.AnsweredAlarms(ctx, by.Organisation, after, answeredShown); err != nil || len(kept) == 0 {
				return err
			}
			if err := show(&answered, kept, answeredShown); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	return open, answered, nil
}

// knowsAlarm tells whether a reader of the log may know of an alarm: not whom it is
// about, and not who could not find its cause in the lines that may be known to that
// reader.
func (a *App) knowsAlarm(ctx context.Context, tx *store.Tx, m store.Alarm, by identity.Account, never []casework.CaseID) (bool, error) {
	if m.User == by.ID || m.Case != "" && slices.Contains(never, m.Case) {
		return false, nil
	}
	if m.Kind != audit.ManyCases || len(never) == 0 {
		return true, nil
	}
	const whatever = 1 << 62
	lines, err := tx.LoggedLinesOf(ctx, []casework.UserID{m.User}, m.Since.Add(-audit.AlarmWindow), m.Last, whatever)
	limits := audit.Limits{Refusals: whatever, Cases: m.Limit, AfterEnd: whatever}
	return len(causesFor(limits, lines, m.Organisation, never)) > 0, err
}

// seenAlarm puts an alarm into words for a reader who may know of it, and keeps that it was
// seen.
func (a *App) seenAlarm(ctx context.Context, tx *store.Tx, m store.Alarm, by identity.Account, never []casework.CaseID) (told Alarm, known bool, err error) {
	if known, err = a.knowsAlarm(ctx, tx, m, by, never); err != nil || !known {
		return told, false, err
	}
	if err = tx.SeeAlarm(ctx, m.ID, by.ID, a.moment()); err != nil {
		return told, false, err
	}
	told, err = a.toldAlarm(ctx, tx, m, by)
	return told, err == nil, err
}

func (a *App) toldAlarm(ctx context.Context, tx *store.Tx, m store.Alarm, by identity.Account) (told Alarm, err error) {
	told = Alarm{ID: m.ID, Kind: m.Kind, Limit: m.Limit, Since: m.Since.UTC(), Last: m.Last.UTC(), Judged: m.Judged}
	if m.Case != "" {
		told.Case = a.CaseCode(m.Case)
	}
	seen, err := tx.AlarmSeenBy(ctx, m.ID)
	if err != nil {
		return told, err
	}
	people, err := tx.People(ctx, append([]casework.UserID{m.User, m.Reviewer}, seen...))
	if err != nil {
		return told, err
	}
	told.Who, told.Reviewer = people[m.User].Name, people[m.Reviewer].Name
	if of := people[m.User]; of.Organisation != by.Organisation {
		told.WhoOrganisation = of.OrganisationName
	} else {
		told.Person = m.User
	}
	for _, id := range seen {
		told.SeenBy = append(told.SeenBy, people[id].Name)
	}
	if m.Reviewed != nil {
		told.Reviewed = m.Reviewed.UTC()
	}
	told.Words, err = a.store.AlarmWords(m)
	return told, err
}

// AnswerAlarm says what somebody who reviews the log makes of an alarm, once. One that
// the user may not know of, for whatever reason, is casework.Absent.
func (a *App) AnswerAlarm(ctx context.Context, session Session, id string, judged AlarmJudgement, words string) error {
	record := a.outsideRecord(ctx, session.Account, "answer_alarm", audit.Update)
	err := a.reviewing(ctx, session, func(tx *store.Tx, by identity.Account, _ *policy.Policy, rule string) error {
		if !casework.ValidID(id) {
			return casework.Absent()
		}
		m, err := tx.Alarm(ctx, by.Organisation, id)
		if err != nil {
			return err
		}
		never, err := a.ExcludedFrom(ctx, tx, by)
		if err != nil {
			return err
		}
		if known, err := a.knowsAlarm(ctx, tx, m, by, never); err != nil {
			return err
		} else if !known {
			return casework.Absent()
		}
		words, err := board.Sentence(words)
		switch {
		case !slices.Contains(AlarmJudgements, judged):
			return casework.Refuse(casework.Invalid, "alarm_judged")
		case err != nil:
			return casework.Refuse(casework.Invalid, "bad_reason")
		case words == "":
			return casework.Refuse(casework.Invalid, "alarm_words")
		}
		first, err := tx.AnswerAlarm(ctx, id, judged, words, by.ID, a.moment())
		if err != nil {
			return err
		}
		if !first {
			return casework.Refuse(casework.Conflict, "alarm_answered")
		}
		record.PolicyRule, record.ObjectKind, record.Object = rule, "alarm", id
		record.Detail = map[string]string{"judged": string(judged)}
		return tx.Record(ctx, record)
	})
	return a.notReviewed(ctx, session, record, err)
}
