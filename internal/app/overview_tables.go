package app

import (
	"cmp"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
)

// caseAccesses puts accesses together by case and role, beside the places that its
// team had. How large the team of a case of somebody else is, is not for this reader.
func (a *App) caseAccesses(tallies []store.AccessTally, places []store.TeamPlace) (list []CaseAccess, more int) {
	type seen struct {
		cases map[casework.Role]*RoleAccess
		own   bool
		all   int
	}
	cases := map[casework.CaseID]*seen{}
	role := func(id casework.CaseID, role casework.Role) (*seen, *RoleAccess) {
		s := cases[id]
		if s == nil {
			s = &seen{cases: map[casework.Role]*RoleAccess{}}
			cases[id] = s
		}
		if s.cases[role] == nil {
			s.cases[role] = &RoleAccess{Role: role}
		}
		return s, s.cases[role]
	}
	for _, t := range tallies {
		if t.Case != "" {
			s, r := role(t.Case, t.Role)
			s.own = t.Own
			r.People++
			r.Accesses += t.All
			s.all += t.All
		}
	}
	for _, p := range places {
		if cases[p.Case] == nil {
			continue // nobody came
		}
		_, r := role(p.Case, p.Role)
		r.Places++
	}
	for id, s := range cases {
		one := CaseAccess{Case: a.CaseCode(id), Own: s.own, Accesses: s.all}
		for _, r := range s.cases {
			one.Roles = append(one.Roles, *r)
		}
		slices.SortFunc(one.Roles, func(x, y RoleAccess) int { return cmp.Or(y.Accesses-x.Accesses, cmp.Compare(x.Role, y.Role)) })
		list = append(list, one)
	}
	slices.SortFunc(list, func(x, y CaseAccess) int { return cmp.Or(y.Accesses-x.Accesses, cmp.Compare(x.Case, y.Case)) })
	if shown := 20; len(list) > shown {
		list, more = list[:shown], len(list)-shown
	}
	return list, more
}

// undue are the accesses to own cases from a place that nothing is written at of what
// it is for. What a chair is for, its function says.
func (a *App) undue(tallies []store.AccessTally, places []store.TeamPlace, named func(casework.UserID) (string, string)) (list []UndueAccess, all int) {
	type place struct {
		id   casework.CaseID
		user casework.UserID
	}
	bare := map[place]bool{}
	for _, p := range places {
		bare[place{p.Case, p.User}] = !p.Duty && p.Role != casework.Chair
	}
	for _, t := range tallies {
		if bare[place{t.Case, t.User}] && t.Role != casework.Chair {
			who, organisation := named(t.User)
			list = append(list, UndueAccess{a.CaseCode(t.Case), t.Role, who, organisation, t.All})
		}
	}
	slices.SortFunc(list, func(x, y UndueAccess) int {
		return cmp.Or(y.Accesses-x.Accesses, cmp.Compare(x.Case, y.Case), cmp.Compare(x.Who, y.Who), cmp.Compare(x.Role, y.Role))
	})
	return list[:min(len(list), overviewRows)], len(list)
}

func afterHours(tallies []store.AccessTally, named func(casework.UserID) (string, string)) (list []LateAccess) {
	by := map[casework.UserID]*LateAccess{}
	for _, t := range tallies {
		if by[t.User] == nil {
			by[t.User] = &LateAccess{}
		}
		by[t.User].After += t.After
		by[t.User].All += t.All
	}
	for user, l := range by {
		if l.After > 0 {
			l.Who, l.Organisation = named(user)
			list = append(list, *l)
		}
	}
	slices.SortFunc(list, func(x, y LateAccess) int {
		return cmp.Or(y.After-x.After, y.All-x.All, cmp.Compare(x.Who, y.Who), cmp.Compare(x.Organisation, y.Organisation))
	})
	return list[:min(len(list), overviewRows)]
}

// refusals are told as on the page of records.
func refusals(tallies []store.RefusalTally, rules *policy.Policy) (list []RefusalCount) {
	by := map[[2]string]*RefusalCount{}
	for _, t := range tallies {
		event := t.Event.Apart()
		rule, why := toldRule(event, t.Rule, rules)
		key := [2]string{string(event), rule}
		if by[key] == nil {
			by[key] = &RefusalCount{Event: event, Rule: rule, Why: why}
		}
		by[key].Count += t.Count
	}
	for _, r := range by {
		list = append(list, *r)
	}
	slices.SortFunc(list, func(x, y RefusalCount) int {
		return cmp.Or(y.Count-x.Count, cmp.Compare(x.Event, y.Event), cmp.Compare(x.Rule, y.Rule))
	})
	return list[:min(len(list), overviewRows)]
}

// span puts days into the days or months of the period, as far as it has begun.
func (o *Overview) span(days []store.DayTally, now time.Time) {
	for from := o.From; !from.After(o.To) && !from.After(now); {
		o.Spans = append(o.Spans, SpanCount{From: from})
		if y, m, _ := from.Date(); o.Months {
			from = time.Date(y, m+1, 1, 0, 0, 0, 0, Here)
		} else {
			from = dayAfter(from)
		}
	}
	for _, d := range days {
		y, m, day := d.Day.Date()
		begins := time.Date(y, m, day, 0, 0, 0, 0, Here)
		for i := len(o.Spans) - 1; i >= 0; i-- {
			if s := &o.Spans[i]; !s.From.After(begins) {
				s.Accesses, s.Refused, s.Exports, s.Glass = s.Accesses+d.Accesses, s.Refused+d.Refused, s.Exports+d.Exports, s.Glass+d.Glass
				break
			}
		}
		o.Refused, o.Broken, o.Left = o.Refused+d.Refused, o.Broken+d.Glass, o.Left+d.Exports
	}
}
