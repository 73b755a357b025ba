package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/view"
)

// CaseRecordFilter is which lines about a case are asked for, as forms have it. What
// is empty leaves nothing out.
type CaseRecordFilter struct {
	Member casework.UserID
	Kind   string // one of CaseRecordKinds
	Period
}

// OnlyRefused is the kind of what was refused, whatever it was.
const OnlyRefused = "refused"

// CaseRecordKinds are all there are, in the order in which they are offered.
var CaseRecordKinds = []string{string(audit.Looking), string(audit.Changing), string(audit.Teams), OnlyRefused}

// CaseRecords is a page of who did what in a case.
type CaseRecords struct {
	Case         casework.CaseID
	Name         string // empty: it was erased
	Lines        []CaseRecordLine
	Members      []CaseMember // who is or was at the table, by name
	LogSince     time.Time    // lines of before went after their period; zero: none did
	Older, Newer string       // places to go on from; empty: nothing is there
}

// CaseMember is somebody whose lines can be asked for.
type CaseMember struct {
	User casework.UserID
	Name string
}

// CaseRecordLine is one line of it. Of a thing in the case it tells what the reader
// sees of it now, or nothing.
type CaseRecordLine struct {
	At           time.Time
	Left         time.Time // when a stay ended; zero: it did not, or this is none
	CutOff       bool      // it ended at the latest then
	Who          string    // empty: nobody of the table
	Organisation string
	Operator     bool // of the server
	Role         casework.Role
	Event        audit.Event
	Command      string // of which command a change is
	Eyes         string // "screen", "as": through which eyes, when others than the own
	Refused      bool
	Rule, Why    string // for a refusal by a rule
	Card         casework.CardID
	Person       TeamPerson
	About        string // name of the colleague that it is about
}

// CaseRecords lists who did what in a case, newest first, for who looks back at its
// table, from a place on to what is older, or to what is newer. Only what that member
// could tell of is on it: what is about anything else is left out whole, and nothing
// tells that it was. The look is on the record before anything goes out. For anybody
// else there is nothing here: casework.Absent. A filter that cannot be is
// casework.Invalid, and comes with the members alone.
func (a *App) CaseRecords(ctx context.Context, session Session, id casework.CaseID, filter CaseRecordFilter, older, newer string) (page CaseRecords, err error) {
	read, err := a.readPast(ctx, session.Account.ID, id)
	if err != nil {
		return CaseRecords{}, a.fault("tell what was done in a case", err)
	}
	err = a.lookAtTeam(ctx, session, id, deed{"view_case_records", audit.Read, "case", anybody}, func(t *teamAt) error {
		page = CaseRecords{Case: id}
		if !looksBack(t.seat) {
			return casework.Absent()
		}
		for _, m := range t.team {
			page.Members = append(page.Members, CaseMember{m.User, m.Name})
		}
		if page.Name, err = a.store.CaseName(ctx, t, id); err != nil {
			return err
		}
		if page.LogSince, err = t.LogSince(ctx, id); err != nil {
			return err
		}
		review, err := a.caseReview(t, filter)
		if err != nil {
			return err
		}
		var ok bool
		review.Newer = newer != ""
		if review.After.At, review.After.ID, ok = readPlace(cmp.Or(newer, older)); !ok {
			return casework.Absent()
		}
		told, err := a.tellerAt(ctx, t, read)
		if err != nil {
			return err
		}
		list, more, err := told.list(ctx, review)
		if err != nil {
			return err
		}
		page.turn(list, more, review)
		page.Lines, err = a.caseRecordLines(ctx, told, list)
		return err
	})
	if err != nil && casework.KindOf(err) != casework.Invalid {
		return CaseRecords{}, err
	}
	return page, err
}

// turn says where to go on.
func (p *CaseRecords) turn(list []store.CaseRecord, more bool, review store.CaseReview) {
	if len(list) == 0 {
		return
	}
	first, last := list[0], list[len(list)-1]
	if more || review.Newer {
		p.Older = writePlace(last.At, last.ID)
	}
	if review.Newer && more || !review.Newer && !review.After.At.IsZero() {
		p.Newer = writePlace(first.At, first.ID)
	}
}

// caseReview makes of a filter what the log is asked.
func (a *App) caseReview(t *teamAt, f CaseRecordFilter) (review store.CaseReview, err error) {
	review = store.CaseReview{Case: t.id, User: f.Member, Events: toldEvents()}
	if _, is := t.member(f.Member); f.Member != "" && !is {
		return review, casework.Refuse(casework.Invalid, "bad_person")
	}
	switch {
	case f.Kind == OnlyRefused:
		review.Outcome = audit.Refused
	case f.Kind != "" && !slices.Contains(CaseRecordKinds, f.Kind):
		return review, casework.Refuse(casework.Invalid, "bad_kind")
	case f.Kind != "":
		of := audit.Kind(f.Kind).Events()
		review.Events = slices.DeleteFunc(review.Events, func(e audit.Event) bool { return !slices.Contains(of, e) })
	}
	review.From, review.Until, err = f.bounds(a.moment())
	return review, err
}

// caseRecordLines puts records into the words of who looks back.
func (a *App) caseRecordLines(ctx context.Context, t *teller, list []store.CaseRecord) ([]CaseRecordLine, error) {
	family, err := a.familyFor(ctx, t.Tx, t.seat, t.id)
	if err != nil {
		return nil, err
	}
	var ids []casework.UserID
	for _, r := range list {
		ids = append(ids, r.User)
	}
	people, err := t.People(ctx, ids)
	if err != nil {
		return nil, err
	}
	left, err := t.StaysEnded(ctx, t.id, slices.DeleteFunc(slices.Clone(list), func(r store.CaseRecord) bool { return r.Event != "join" }))
	if err != nil {
		return nil, err
	}
	why := map[string]string{}
	for _, rule := range t.rules.Rules() {
		why[rule.ID] = rule.Why
	}
	lines := make([]CaseRecordLine, len(list))
	for i, r := range list {
		line := CaseRecordLine{At: r.At.UTC(), Left: left[r.ID].At, CutOff: left[r.ID].CutOff, Role: r.Role, Event: r.Event, Refused: r.Outcome == audit.Refused,
			Operator: r.User == "" && r.Event != "invitation_stopped", Command: r.Detail["command"], Eyes: r.Detail["eyes"]}
		if t.names(r) {
			line.Who, line.Organisation = people[r.User].Name, people[r.User].OrganisationName
		}
		if line.Refused && why[r.Rule] != "" {
			line.Rule, line.Why = r.Rule, why[r.Rule]
		}
		switch about := t.aboutOf(r); {
		case about.Card != "":
			line.Card = about.Card
		case about.Person != "":
			i := slices.IndexFunc(family, func(p TeamPerson) bool { return p.ID == about.Person })
			if i >= 0 {
				line.Person = family[i]
			}
		}
		line.About = t.colleagueIn(r)
		lines[i] = line
	}
	return lines, nil
}

// readPast goes through the log of a case for who looks back at its table, before
// rights are held, as that takes long; nil for anybody else.
func (a *App) readPast(ctx context.Context, user casework.UserID, id casework.CaseID) (*pastAt, error) {
	access, err := a.Access(ctx, id)
	if err != nil {
		return nil, err
	}
	reader, ok := access.Reader(user, a.moment())
	if !ok || !mayJoin(reader.Rights) || !reader.Rights.Allow(casework.ActAudit, casework.NoCell, casework.Open) {
		return nil, nil
	}
	state, err := a.store.LoadStructure(ctx, a.store.Reader(), id)
	if err != nil {
		return nil, err
	}
	past, err := a.pastIn(ctx, a.store.Reader(), view.Moment{State: state, Access: access, At: a.moment()}, reader)
	return &pastAt{past, access.Epoch}, err
}

// pastAt is a past as it is under the rights of an epoch.
type pastAt struct {
	*view.Past
	epoch int64
}

func (a *App) pastIn(ctx context.Context, q store.Queryer, now view.Moment, reader casework.Reader) (*view.Past, error) {
	events, err := a.store.EventsUntil(ctx, q, now.State.ID, now.State.Seq)
	if err != nil {
		return nil, err
	}
	for _, e := range events {
		for _, text := range e.Change.Texts() {
			text.Body = string(text.ID) // that it became another is all that counts
		}
	}
	return view.PastOf(events, now, reader)
}
