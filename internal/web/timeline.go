package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/casustafel/casustafel/internal/app"
)

// timelinePage shows when people were in the room of a case, or one person in those of
// any, for who reviews the access log: a picture of every day, and a table of it all.
type timelinePage struct {
	base
	app.Timeline
	Days    []timelineDay // on which anybody was there, the latest first
	Printed time.Time
}

// timelineDay is a day with a lane for each person or case.
type timelineDay struct {
	At    time.Time
	Lanes []*lane
}

// Weekday is which day of the week it is, from Monday on.
func (d timelineDay) Weekday() int { return (int(d.At.Weekday()) + 6) % 7 }

// lane are the stays of one day that stand beside each other.
type lane struct {
	stayRow
	Bars  []stayBar
	Times int
	Long  time.Duration
	Open  bool // one of them has no end in the log
	Most  bool // one ended at the latest when it says
}

// stayBar is a stay in minutes of its day.
type stayBar struct {
	From, Long int
	Unended    bool
}

// stayRow is a stay in the words of the page.
type stayRow struct {
	base
	app.TimelineStay
}

// dayMinutes are those of a day; unendedMinutes is how long a stay without an end is
// drawn, and shortestMinutes how long any is at least.
const dayMinutes, unendedMinutes, shortestMinutes = 24 * 60, 10, 2

func (s *site) timeline(w http.ResponseWriter, r *http.Request) error {
	session := sessionIn(r)
	kept, err := s.App.FiltersOf(r.Context(), session)
	if err != nil {
		return err
	}
	if !drawn(kept.Records) && s.App.MayReview(session.Account.Discipline) { // another tab changed the filter
		http.Redirect(w, r, "/records", http.StatusSeeOther)
		return nil
	}
	timeline, err := s.App.TimelineOf(r.Context(), session, kept.Records)
	if err != nil {
		return err
	}
	page := timelinePage{base: s.account(r), Timeline: timeline, Printed: s.Config.Now()}
	for i := len(timeline.Stays) - 1; i >= 0; i-- {
		page.draw(timeline.Stays[i])
	}
	return s.render(w, http.StatusOK, "timeline", page)
}

// drawn tells whether a filter is by one person or by one case, whose stays can be drawn.
func drawn(filter app.RecordFilter) bool { return (filter.Person != "") != (filter.Case != "") }

// draw puts a stay on the days on which it was; stays come latest first.
func (p *timelinePage) draw(stay app.TimelineStay) {
	until := stay.Until
	if until.IsZero() {
		until = stay.From
	}
	first, last := app.DayOf(stay.From), app.DayOf(until)
	if last.Equal(until.In(app.Here)) && last.After(first) {
		last = last.AddDate(0, 0, -1) // it ended as the day did
	}
	for day := last; !day.Before(first); day = day.AddDate(0, 0, -1) {
		bar := stayBar{Long: dayMinutes, Unended: stay.Until.IsZero()}
		if day.Equal(first) {
			bar.From = minuteOf(stay.From)
		}
		if day.Equal(app.DayOf(until)) {
			bar.Long = minuteOf(until)
		}
		bar.Long = max(shortestMinutes, bar.Long-bar.From)
		if bar.Unended {
			bar.Long = min(unendedMinutes, max(shortestMinutes, dayMinutes-bar.From))
		}
		l := p.laneOf(day, stay)
		l.Bars = append(l.Bars, bar)
		l.Times++
		l.Open, l.Most = l.Open || bar.Unended, l.Most || stay.CutOff
		l.Long += within(day, stay.From, until)
	}
}

// within is how much of a stay was on a day. A day may have an hour more or less, which
// its bars do not show: they stand by the clock on the wall.
func within(day, from, until time.Time) time.Duration {
	if from.Before(day) {
		from = day
	}
	if next := day.AddDate(0, 0, 1); until.After(next) {
		until = next
	}
	return until.Sub(from)
}

// laneOf finds where a stay stands on a day, or makes it.
func (p *timelinePage) laneOf(day time.Time, stay app.TimelineStay) *lane {
	at := 0
	for at < len(p.Days) && p.Days[at].At.After(day) {
		at++
	}
	if at == len(p.Days) || !p.Days[at].At.Equal(day) {
		p.Days = append(p.Days[:at], append([]timelineDay{{At: day}}, p.Days[at:]...)...)
	}
	of := &p.Days[at]
	for _, l := range of.Lanes {
		if l.Case == stay.Case && l.Who == stay.Who && l.Organisation == stay.Organisation && l.Role == stay.Role {
			return l
		}
	}
	l := &lane{stayRow: stayRow{p.base, stay}}
	of.Lanes = append(of.Lanes, l)
	return l
}

// minuteOf is the minute of the day that a clock in the Netherlands shows.
func minuteOf(at time.Time) int {
	local := at.In(app.Here)
	return local.Hour()*60 + local.Minute()
}

// Said is what the bars of a lane say. How long a stay without an end takes is not known.
func (l *lane) Said() string {
	said := l.count("timeline.times", l.Times)
	switch {
	case l.Most:
		said += ", " + l.T("timeline.most", "long", l.lasting(l.Long))
	case l.Long > 0 || !l.Open:
		said += ", " + l.lasting(l.Long)
	}
	if l.Open {
		said += ", " + l.T("timeline.unended")
	}
	return said
}

// lasting is how long something took, in hours and minutes.
func (b base) lasting(long time.Duration) string {
	minutes := int(long.Round(time.Minute).Minutes())
	switch {
	case minutes < 1:
		return b.T("timeline.moment")
	case minutes < 60:
		return b.T("timeline.minutes", "m", strconv.Itoa(minutes))
	}
	return b.T("timeline.hours", "h", strconv.Itoa(minutes/60), "m", strconv.Itoa(minutes%60))
}

// Lasted is how long a stay took.
func (r stayRow) Lasted() string {
	if r.Until.IsZero() {
		return r.T("timeline.unended")
	}
	if r.CutOff {
		return r.T("timeline.most", "long", r.lasting(r.Until.Sub(r.From)))
	}
	return r.lasting(r.Until.Sub(r.From))
}

// Rows are all stays, the latest first.
func (p timelinePage) Rows() (rows []stayRow) {
	for i := len(p.Stays) - 1; i >= 0; i-- {
		rows = append(rows, stayRow{p.base, p.Stays[i]})
	}
	return rows
}

// Ticks are the hours that are marked, in minutes.
func (timelinePage) Ticks() []int { return []int{360, 720, 1080} }

// Says says in a sentence what the picture shows.
func (p timelinePage) Says() string {
	if len(p.Stays) == 0 {
		return p.T("timeline.none")
	}
	return p.count("timeline.stays", len(p.Stays))
}
