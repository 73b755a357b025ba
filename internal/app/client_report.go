package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// longestReport is how many days a report covers at most.
const longestReport = 366

// oneLook is how long after somebody left the same person still looks for the same
// time: a line that fell away is no second look.
const oneLook = 15 * time.Minute

// ClientReport tells a person of the family who looked in what stands about that
// person. What it holds hangs on nothing that its maker may not know.
type ClientReport struct {
	Case     casework.CaseID
	Person   TeamPerson
	From, To time.Time // first and last day
	LogSince time.Time // lines of before, in these days, went after their period; zero: none did
	Guarded  bool      // roles and days only, of who stood beside the person: see guarded
	Lookers  []ReportLooker
	Exports  []ReportLooker // who took out what the whole table may read
	By       string
	At       time.Time
}

// ReportLooker is somebody who looked. Of a guarded report it is everybody of a role,
// without a name.
type ReportLooker struct {
	Name, Organisation string
	Role               casework.Role // empty: one that a guarded report does not tell
	Days               []ReportDay
}

// ReportDay is a day on which somebody looked, and how often; 0: that is not told.
type ReportDay struct {
	Day   time.Time
	Times int
}

// mayReport tells whether a member may make the report of a person: whoever looks back
// at the table, and who stands beside the person and gives the person a voice. The
// policy knows no act for it: who may speak for somebody may tell that person this. It
// holds in a closed case as well, as the right to know does.
func mayReport(seat view.Seat, reader casework.Reader, p *casework.Person) bool {
	if seat.Practice() {
		return false
	}
	voice := reader.Rights.Allow(casework.ActVoice, seat.Cell(p.ID, casework.Shared, seat.Author(), nil), casework.Open)
	return looksBack(seat) || voice && reader.Role.Professional() && slices.Contains(reader.Beside, p.ID)
}

// guarded tells whether a report may come into the hands of the partner's side: it is
// about the partner, about somebody whom perpetrator support brought in or stands
// beside, or about a child over whom such a person has custody. Then it tells roles and
// days only, of those who stood beside that person: no name, no organisation, which
// may be an address, and not that anybody else looked.
func (t *teamAt) guarded(p *casework.Person) bool {
	if t.partnerSide(p) {
		return true
	}
	return slices.ContainsFunc(t.seat.Custody(), func(c casework.Custody) bool {
		holder, known := t.seat.Person(c.Person)
		return c.Child == p.ID && known && t.partnerSide(holder)
	})
}

func (t *teamAt) partnerSide(p *casework.Person) bool {
	return p.Kind == casework.ViewPartner || p.Added.Discipline == casework.PerpetratorSupport ||
		slices.ContainsFunc(t.team, func(m store.Membership) bool {
			return m.Role == casework.PerpetratorSupport && slices.Contains(m.Beside, p.ID)
		})
}

// ReportWish is which report somebody asks for: of whom, and over which days.
type ReportWish struct {
	Person casework.PersonID
	Period
	Guarded bool // also where it need not be: the maker may know whose hands it comes into
}

// ClientReport makes a report, with its record. A person that is not there, or of whom
// the member may make none, is casework.Absent.
func (a *App) ClientReport(ctx context.Context, session Session, id casework.CaseID, wish ReportWish) (report ClientReport, err error) {
	d := deed{"client_report", audit.Read, "person", anybody}
	err = a.doAtTable(ctx, session, id, d, func(t *teamAt) (done, error) {
		p, sees := t.seat.Person(wish.Person)
		if !sees || !mayReport(t.seat, t.reader, p) {
			return done{}, casework.Absent()
		}
		begin, end, err := reportPeriod(wish.Period, t.now)
		if err != nil {
			return done{}, err
		}
		report = ClientReport{Case: id, From: begin, To: end.Add(-time.Microsecond), Guarded: wish.Guarded || t.guarded(p), By: t.reader.Name, At: t.now}
		family, err := a.familyFor(ctx, t.Tx, t.seat, id)
		if err != nil {
			return done{}, err
		}
		i := slices.IndexFunc(family, func(one TeamPerson) bool { return one.ID == wish.Person })
		if i < 0 {
			return done{}, casework.Absent() // off the table
		}
		report.Person = family[i]
		since, err := t.LogSince(ctx, "") // of any case: when this one was opened is not told
		if err != nil {
			return done{}, err
		}
		if since.After(begin) {
			report.LogSince = since
		}
		looks, exports, err := t.looksAt(ctx, p, report.Guarded, begin, end)
		if err != nil {
			return done{}, err
		}
		if report.Lookers, err = t.lookers(ctx, p, looks, report.Guarded); err != nil {
			return done{}, err
		}
		if report.Exports, err = t.lookers(ctx, p, exports, report.Guarded); err != nil {
			return done{}, err
		}
		return done{object: string(wish.Person), detail: map[string]string{"from": wish.From, "to": wish.To}}, nil
	})
	if err != nil {
		return ClientReport{}, err
	}
	return report, nil
}

// reportPeriod reads the days of a report.
func reportPeriod(p Period, now time.Time) (begin, end time.Time, err error) {
	if begin, end, err = p.bounds(now); err != nil {
		return begin, end, err
	}
	switch {
	case begin.IsZero():
		return begin, end, casework.Refuse(casework.Invalid, "bad_from")
	case end.IsZero() || end.After(dayAfter(now)):
		return begin, end, casework.Refuse(casework.Invalid, "report_to")
	case end.After(begin.AddDate(0, 0, longestReport)):
		return begin, end, casework.Refuse(casework.Invalid, "report_long")
	}
	return begin, end, nil
}

// look is that somebody looked.
type look struct {
	user casework.UserID
	role casework.Role
	at   time.Time
}

// looksAt finds, oldest first, the stays and pages in which somebody was shown something
// of a person, and the exports that can hold something of it. Of a guarded report it is
// only what those did who stood beside the person then, and no exports.
func (t *teamAt) looksAt(ctx context.Context, p *casework.Person, guarded bool, begin, end time.Time) (looks, exports []look, err error) {
	stays := map[string]*longLook{}
	var order []*longLook
	review := store.CaseReview{Case: t.id, Events: []audit.Event{"join", "view", "leave", "view_team", "view_sight", "export"}, Outcome: audit.Done, From: begin.AddDate(0, 0, -1), Until: end, Newer: true, Limit: 1000}
	for {
		read, err := t.CaseRecords(ctx, review)
		if err != nil {
			return nil, nil, err
		}
		for _, r := range read {
			if r.Event == "export" {
				if !guarded && !r.At.Before(begin) && showed(r, p.ID, guarded) {
					exports = append(exports, look{r.User, r.Role, r.At})
				}
				continue
			}
			key := r.Request + string(r.User)
			if r.Event == "view_team" || r.Event == "view_sight" {
				key = r.ID // a page, and no stay
			}
			one := stays[key]
			if one == nil && r.Event == "view" {
				continue // of a stay that began before: nothing of it hangs on when its view changed
			}
			if one == nil {
				one = &longLook{look: look{r.User, r.Role, r.At}, last: r.At}
				stays[key], order = one, append(order, one)
			}
			if r.Event != "view" { // when that came may tell of what is hidden
				one.last = r.At
			}
			one.shown = one.shown || showed(r, p.ID, guarded)
			if r.Event != "join" && r.Event != "view" { // a connection that comes again joins again
				delete(stays, key)
			}
		}
		if len(read) < review.Limit {
			break
		}
		last := read[len(read)-1]
		review.After = store.RecordPlace{At: last.At, ID: last.ID}
	}
	until := map[casework.UserID]time.Time{}
	for _, one := range order {
		if !one.shown || one.last.Before(begin) {
			continue
		}
		if one.at.Before(begin) {
			one.at = begin
		}
		if before, looked := until[one.user]; !looked || one.at.Sub(before) > oneLook || !sameDay(before, one.at) {
			looks = append(looks, one.look)
		}
		if one.last.After(until[one.user]) {
			until[one.user] = one.last
		}
	}
	return looks, exports, nil
}

// longLook is a look at a board, from joining to leaving, or at a page.
type longLook struct {
	look
	last  time.Time
	shown bool // something of the person
}

// showed tells whether a line says that something of a person was shown; of a guarded
// report: to somebody who stood beside the person.
func showed(r store.CaseRecord, person casework.PersonID, guarded bool) bool {
	beside := slices.Contains(strings.Fields(r.Detail["beside"]), string(person))
	if guarded {
		return beside && r.Detail["eyes"] == ""
	}
	return beside || slices.Contains(strings.Fields(r.Detail["persons"]), string(person))
}

func sameDay(a, b time.Time) bool { return DayOf(a).Equal(DayOf(b)) }

// lookers puts looks together by who looked, or by role, in the order of the first.
func (t *teamAt) lookers(ctx context.Context, p *casework.Person, looks []look, guarded bool) (list []ReportLooker, err error) {
	var ids []casework.UserID
	for _, l := range looks {
		ids = append(ids, l.user)
	}
	people, err := t.People(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, l := range looks {
		who := ReportLooker{Name: people[l.user].Name, Organisation: people[l.user].OrganisationName, Role: l.role}
		if guarded {
			who = ReportLooker{Role: t.toldRole(l.role, p.Kind)}
		}
		i := slices.IndexFunc(list, func(one ReportLooker) bool {
			return one.Name == who.Name && one.Organisation == who.Organisation && one.Role == who.Role
		})
		if i < 0 {
			i, list = len(list), append(list, who)
		}
		list[i].looked(l.at, guarded)
	}
	return list, nil
}

func (l *ReportLooker) looked(at time.Time, guarded bool) {
	last := len(l.Days) - 1
	if last < 0 || !sameDay(l.Days[last].Day, at) {
		l.Days = append(l.Days, ReportDay{Day: at})
		last++
	}
	if !guarded {
		l.Days[last].Times++
	}
}

// toldRole is a role as a guarded report tells it: one by which somebody speaks for
// such a person, but not one that tells of a shelter; else empty.
func (t *teamAt) toldRole(role casework.Role, kind casework.View) casework.Role {
	cell := casework.Cell{View: kind, Beside: true, Class: casework.Shared, Owner: casework.OwnerSelf}
	speaks := t.rules.Decide(policy.Request{Role: role, Act: casework.ActVoice, Cell: cell, Grant: casework.NoGrant, Status: casework.Open})
	if !speaks.Allowed || role == casework.ResidentialWorker || role == casework.Chair {
		return ""
	}
	return role
}
