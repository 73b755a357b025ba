package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// memberPage is the form for a place at a table: a new one, or that of somebody.
type memberPage struct {
	base
	faultyField
	Team    app.Team
	Member  *app.TeamMember // nil: a new one
	Address string          // typed
	Place   app.Place       // as it stands, or as it was typed
	Warning string          // not a fault
}

// Called is what the page calls the case.
func (p memberPage) Called() string { return p.caseCalled(p.Team.Name) }

// Action is where the form goes.
func (p memberPage) Action() string {
	if p.Member == nil {
		return "/cases/" + string(p.Team.Case) + "/team/invite"
	}
	return "/cases/" + string(p.Team.Case) + "/team/member/" + string(p.Member.User)
}

// chosen is one of the options of a field, and whether it is the one.
type chosen struct {
	Value, Words string
	Chosen       bool
}

// Roles are the roles that somebody can have; a chair's comes with what it does.
func (p memberPage) Roles() []chosen {
	choices := []chosen{{"", p.T("team_form.choose"), p.Place.Role == ""}}
	for _, role := range casework.CaseRoles {
		if role != casework.Chair {
			choices = append(choices, chosen{string(role), p.RoleName(role, ""), p.Place.Role == role})
			continue
		}
		for _, function := range casework.ChairFunctions {
			choices = append(choices, chosen{string(role) + "/" + string(function), p.RoleName(role, function),
				p.Place.Role == role && p.Place.Function == function})
		}
	}
	return choices
}

// Grounds are those of the organisation, and the present one if that is another.
func (p memberPage) Grounds() []chosen {
	codes := slices.Clone(p.Team.Rules.Grounds)
	if p.Member != nil && !slices.Contains(codes, p.Member.Ground) {
		codes = append(codes, p.Member.Ground)
	}
	choices := []chosen{{"", p.T("team_form.choose"), p.Place.Ground == ""}}
	for _, code := range codes {
		choices = append(choices, chosen{code, p.GroundName(code), p.Place.Ground == code})
	}
	return choices
}

// Persons are those of the family to stand beside.
func (p memberPage) Persons() []chosen {
	var choices []chosen
	for _, person := range p.Team.Family {
		choices = append(choices, chosen{string(person.ID), p.personName(person), slices.Contains(p.Place.Beside, person.ID)})
	}
	return choices
}

func (s *site) inviteForm(w http.ResponseWriter, r *http.Request) error {
	return s.showMember(w, r, http.StatusOK, memberPage{}, "")
}

func (s *site) memberForm(w http.ResponseWriter, r *http.Request) error {
	return s.showMember(w, r, http.StatusOK, memberPage{}, casework.UserID(r.PathValue("user")))
}

// showMember fills in the form, but for what was typed.
func (s *site) showMember(w http.ResponseWriter, r *http.Request, status int, page memberPage, user casework.UserID) error {
	team, err := s.teamOf(r)
	if err != nil {
		return err
	}
	if !team.MayInvite {
		return casework.Refuse(casework.Denied, "not_allowed")
	}
	page.base, page.Team = s.members(r), team
	typed := page.Faulty != ""
	if typed {
		page.Problem = page.T(page.Problem)
	}
	switch m, found := team.Member(user); {
	case user != "" && !found:
		return casework.Absent()
	case user != "":
		page.Member = &m
		if !typed {
			page.Place = placeOf(m)
		}
	default:
		page.Warning = page.crowd(team, 1)
		if !typed {
			page.Place.From = team.Today
		}
	}
	return s.render(w, status, "team_member", page)
}

// placeOf is the present place of a member, as the form has it. Of one that is
// over the end is not proposed anew.
func placeOf(m app.TeamMember) app.Place {
	place := app.Place{Role: m.Role, Function: m.Function, Beside: m.Beside, Contact: m.Contact, Ground: m.Ground, Duty: m.Duty}
	if m.Role == casework.Chair && m.Function == "" {
		place.Function = casework.LeadsBoth
	}
	if !m.Ended || m.Later {
		place.Until = app.LastDay(m.Until)
	}
	if m.Later {
		place.From = m.From.In(app.Here).Format("2006-01-02")
	}
	return place
}

// placeFrom reads the form. What cannot be text is left out.
func placeFrom(form url.Values) app.Place {
	role, function, _ := strings.Cut(form.Get("role"), "/")
	place := app.Place{Role: casework.Role(role), Function: casework.ChairFunction(function), Contact: form.Has("contact"),
		Ground: form.Get("ground"), From: form.Get("from"), Until: form.Get("until"),
		Duty: app.Duty{Task: kept(form.Get("task")), Mandate: kept(form.Get("mandate"))}}
	for _, person := range form["beside"] {
		place.Beside = append(place.Beside, casework.PersonID(person))
	}
	return place
}

// kept is what was typed, as far as a page can show it again.
func kept(typed string) string {
	if !utf8.ValidString(typed) || strings.ContainsRune(typed, 0) || len(typed) > 4000 {
		return ""
	}
	return typed
}

func (s *site) invite(w http.ResponseWriter, r *http.Request) error {
	return s.seat(w, r, "", func(session app.Session, id casework.CaseID, form url.Values) (app.Seating, error) {
		return s.App.Invite(r.Context(), session, id, form.Get("address"), placeFrom(form))
	})
}

func (s *site) changePlace(w http.ResponseWriter, r *http.Request) error {
	user := casework.UserID(r.PathValue("user"))
	if !casework.ValidID(user) {
		return casework.Absent()
	}
	return s.seat(w, r, user, func(session app.Session, id casework.CaseID, form url.Values) (app.Seating, error) {
		return s.App.ChangePlace(r.Context(), session, id, user, placeFrom(form))
	})
}

// seat asks for a place, or says on the same page what was wrong.
func (s *site) seat(w http.ResponseWriter, r *http.Request, user casework.UserID,
	ask func(app.Session, casework.CaseID, url.Values) (app.Seating, error)) error {
	id, form, err := caseForm(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	seating, err := ask(session, id, form)
	if err == nil {
		done := string(seating)
		switch {
		case user != "" && seating == app.Seated:
			done = "changed"
		case user != "":
			done = "change_waiting"
		}
		toTeam(w, r, id, done)
		return nil
	}
	place := placeFrom(form)
	field := faulty(reasonOf(err), place)
	if field == "" || field == "address" && user != "" {
		return err
	}
	page := memberPage{faultyField: faultyField{field, reasonKey(err)}, Address: kept(form.Get("address")), Place: place}
	return s.showMember(w, r, statuses[casework.KindOf(err)], page, user)
}

// faulty is the field of the form that a reason is about; empty: none of them.
func faulty(reason string, place app.Place) string {
	switch reason {
	case "bad_address", "excluded", "already_member", "limit_proposals":
		return "address"
	case "bad_role", "no_seat", "chair_barred":
		return "role"
	case "person_gone":
		return "beside"
	case "bad_ground":
		return "ground"
	case "bad_date", "from_past":
		return "from"
	case "bad_until", "until_past", "guest_one_day":
		return "until"
	case "bad_task":
		return "task"
	case "bad_mandate":
		return "mandate"
	case "last_chair":
		if place.Role == casework.Chair {
			return "until"
		}
		return "role"
	}
	return ""
}
