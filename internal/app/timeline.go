package app

import (
	"context"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
)

const (
	// timelineDays is how many days a timeline covers where no other are asked for.
	timelineDays = 14
	// longestTimeline is how many days it covers at most.
	longestTimeline = 92
	// timelineLines is how many beginnings and ends of stays it is drawn from at most.
	timelineLines = 1000
)

// Timeline is when people were in the room of one case, or one person in those of any.
type Timeline struct {
	Case     casework.CaseCode // empty: it is that of a person
	Who      string
	From, To time.Time // the first and the last day, each as it begins
	Stays    []TimelineStay
	More     bool // earlier ones are left out
}

// TimelineStay is one stay; Until is zero where the log has no end of it.
type TimelineStay struct {
	From, Until       time.Time
	CutOff            bool   // it lasted until then at the latest
	Who, Organisation string // as in RecordLine
	Role              casework.Role
	Case              casework.CaseCode // empty: one that may not be known here
}

// TimelineOf draws the stays that a filter of one case or of one person finds, on the
// days of the filter, with the look on the record. For whoever does not review it is
// casework.Absent, as where neither is asked for, or both.
func (a *App) TimelineOf(ctx context.Context, session Session, filter RecordFilter) (timeline Timeline, err error) {
	err = a.review(ctx, session, "view_timeline", filter.used(), func(tx *store.Tx, by identity.Account, _ *policy.Policy) error {
		if (filter.Person == "") == (filter.Case == "") {
			return casework.Absent()
		}
		users, err := tx.UsersOf(ctx, by.Organisation)
		if err != nil {
			return err
		}
		review, err := a.reviewBy(ctx, tx, by, users, RecordFilter{Person: filter.Person, Case: filter.Case, Period: filter.Period})
		if err != nil {
			return err
		}
		review.Limit = timelineLines
		timeline = Timeline{}
		timeline.From, timeline.To = timelinePeriod(&review, a.moment())
		for _, u := range users {
			if u.ID == filter.Person {
				timeline.Who = u.Name
			}
		}
		if filter.Case != "" {
			timeline.Case, _ = casework.ReadCaseCode(filter.Case)
		}
		stays, more, err := a.store.Stays(ctx, by.ID, review)
		if err != nil {
			return err
		}
		timeline.More = more
		timeline.Stays, err = a.timelineStays(ctx, tx, by, stays)
		return err
	})
	return timeline, err
}

// timelinePeriod fills up the period of a review, and gives its first and last day.
func timelinePeriod(review *store.Review, now time.Time) (first, last time.Time) {
	today := DayOf(now)
	switch {
	case review.Until.IsZero() && review.From.IsZero():
		review.Until = dayAfter(today)
		review.From = today.AddDate(0, 0, 1-timelineDays)
	case review.Until.IsZero():
		review.Until = dayAfter(today)
		if review.Until.Before(review.From) {
			review.Until = dayAfter(review.From)
		}
	case review.From.IsZero():
		review.From = review.Until.AddDate(0, 0, -timelineDays)
	}
	if review.Until.After(review.From.AddDate(0, 0, longestTimeline)) {
		review.From = review.Until.AddDate(0, 0, -longestTimeline)
	}
	return review.From, review.Until.AddDate(0, 0, -1)
}

func (a *App) timelineStays(ctx context.Context, tx *store.Tx, by identity.Account, stays []store.LoggedStay) ([]TimelineStay, error) {
	var ids []casework.UserID
	for _, s := range stays {
		ids = append(ids, s.User)
	}
	people, err := tx.People(ctx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]TimelineStay, len(stays))
	for i, s := range stays {
		who := people[s.User]
		list[i] = TimelineStay{From: s.From, Until: s.Until, CutOff: s.CutOff, Who: who.Name, Role: s.Role}
		if who.Organisation != by.Organisation {
			list[i].Organisation = who.OrganisationName
		}
		if s.Case != "" {
			list[i].Case = a.CaseCode(s.Case)
		}
	}
	return list, nil
}
