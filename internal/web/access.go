package web

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// accessPage is "Wie kan wat zien?": who of a team sees a card or a person, and what
// was lent to whom or shut off from whom, as the one who looks may know it.
type accessPage struct {
	base
	faultyField // of the form that was sent, its name before that of the field
	app.Sight
	Typed typedGift
	Done  string
	Lost  string // why something was not done
}

// typedGift is what was typed in one of the forms.
type typedGift struct{ Form, To, Until, Reason string }

// In is what was typed in that form; nothing when it was the other one.
func (g typedGift) In(form string) typedGift {
	if g.Form != form {
		return typedGift{}
	}
	return g
}

// Called is what the page calls the case.
func (p accessPage) Called() string { return p.caseCalled(p.Name) }

// PersonName is a person of the family, in words.
func (p accessPage) PersonName(one app.TeamPerson) string { return p.personName(one) }

// CardTitle is the title of a card, in words.
func (p accessPage) CardTitle(c app.SightCard) string {
	if c.Redacted {
		return p.T("access_page.redacted")
	}
	return c.Title
}

// MemberName is somebody of the team, or who was.
func (p accessPage) MemberName(user casework.UserID) string {
	m, _ := p.Member(user)
	if m.Name == "" {
		return p.T("notice_list.somebody")
	}
	return m.Name
}

// Subject names what something is about; empty when that is not seen.
func (p accessPage) Subject(card casework.CardID, person casework.PersonID) string {
	for _, c := range p.Cards {
		if card != "" && c.ID == card {
			return c.ID.Code() + " " + p.CardTitle(c)
		}
	}
	for _, one := range p.Family {
		if person != "" && one.ID == person {
			return p.T("given.about_person", "name", p.personName(one))
		}
	}
	switch {
	case card != "":
		return card.Code() // archived, or a draft again
	case person != "":
		return p.T("family.redacted")
	}
	return p.T("given.about_case")
}

// Given says what is or was given to whom.
func (p accessPage) Given(g app.SightGift) string {
	words := map[casework.Grant]string{casework.GrantLend: "given.lent_to", casework.GrantBar: "given.barred_from", casework.GrantGlass: "given.glass_by"}[g.Kind]
	return p.T(words, "name", p.MemberName(g.To))
}

// Lasts says how long something holds.
func (p accessPage) Lasts(until time.Time) string {
	switch {
	case until.IsZero():
		return p.T("given.endless")
	case until.In(app.Here).Format("15:04:05") == "00:00:00":
		return p.T("given.until", "day", p.LastDay(until))
	}
	return p.T("given.until_time", "time", p.Moment(until))
}

// Over says how something came to its end.
func (p accessPage) Over(g app.SightGift) string {
	if g.Ended.IsZero() {
		return p.T("given.lapsed", "time", p.Moment(g.Until))
	}
	return p.T("given.ended", "name", p.MemberName(g.EndedBy), "time", p.Moment(g.Ended))
}

// Moment is a day and time in words.
func (b base) Moment(at time.Time) string { return b.Day(at) + " " + at.In(app.Here).Format("15:04") }

// Reason is that of the line which decides a reading, or that none allows it.
func (p accessPage) Reason(r app.SightReading) reason {
	if r.Rule == "" {
		return reason{p.T("why_page.unruled"), p.Language}
	}
	return p.ruleReason(r.Rule, r.Why)
}

// Colleagues are those to choose from: everybody at the table but oneself.
func (p accessPage) Colleagues() (list []app.TeamMember) {
	for _, m := range p.Members {
		if m.User != p.Me {
			list = append(list, m)
		}
	}
	return list
}

// giftForm is the form to lend or to bar what was asked about.
type giftForm struct {
	Page  accessPage
	Typed typedGift
	Name  string // "lend" or "bar"
}

// Form is one of the two.
func (p accessPage) Form(name string) giftForm { return giftForm{p, p.Typed.In(name), name} }

// T is the page's.
func (f giftForm) T(key string) string { return f.Page.T(key) }

// To is the id of the field for whom it is given to.
func (f giftForm) To() string { return f.Name + "-to" }

// Until is that of the field for the last day.
func (f giftForm) Until() string { return f.Name + "-until" }

// UntilHint is that of the hint to it.
func (f giftForm) UntilHint() string { return f.Until() + "-hint" }

// Reason is that of the field for why.
func (f giftForm) Reason() string { return f.Name + "-reason" }

// ReasonHint is that of the hint to it.
func (f giftForm) ReasonHint() string { return f.Reason() + "-hint" }

// giftLine is something given, on the page.
type giftLine struct {
	Page accessPage
	Gift app.SightGift
	Over bool
}

// Line is something given that is in force, or was.
func (p accessPage) Line(g app.SightGift) giftLine {
	return giftLine{p, g, slices.ContainsFunc(p.Past, func(past app.SightGift) bool { return past.ID == g.ID })}
}

// subjectOf reads what is asked about; what has not the form of an id is not there.
func subjectOf(values url.Values) (about app.Subject, err error) {
	about = app.Subject{Card: casework.CardID(values.Get("card")), Person: casework.PersonID(values.Get("person"))}
	if what := values.Get("about"); what != "" { // of the list of both
		switch what[0] {
		case 'c':
			about.Card = casework.CardID(what[1:])
		case 'p':
			about.Person = casework.PersonID(what[1:])
		}
	}
	if about.Card != "" && !casework.ValidID(about.Card) || about.Person != "" && !casework.ValidID(about.Person) || about.Card != "" && about.Person != "" {
		return app.Subject{}, casework.Absent()
	}
	return about, nil
}

func (s *site) sight(w http.ResponseWriter, r *http.Request) error {
	about, err := subjectOf(r.URL.Query())
	if err != nil {
		return err
	}
	return s.showSight(w, r, http.StatusOK, about, accessPage{})
}

// showSight fills in the page, but for what was typed and what came of it.
func (s *site) showSight(w http.ResponseWriter, r *http.Request, status int, about app.Subject, page accessPage) error {
	id, err := caseOf(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	if page.Sight, err = s.App.SightOf(r.Context(), session, id, about); err != nil {
		return err
	}
	page.base = s.members(r)
	switch done := r.URL.Query().Get("done"); done {
	case "lent", "barred", "ended":
		page.Done = page.T("given_done." + done)
	}
	if page.Problem != "" {
		page.Problem = page.T(page.Problem)
	}
	if page.Lost != "" {
		page.Lost = page.T(page.Lost)
	}
	return s.render(w, status, "access", page)
}

func (s *site) lend(w http.ResponseWriter, r *http.Request) error {
	return s.give(w, r, "lend", "lent")
}

func (s *site) bar(w http.ResponseWriter, r *http.Request) error {
	return s.give(w, r, "bar", "barred")
}

// give lends or bars, or says on the same page what was wrong.
func (s *site) give(w http.ResponseWriter, r *http.Request, form, done string) error {
	id, err := caseOf(r)
	if err != nil {
		return err
	}
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	about, err := subjectOf(sent)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	gift := app.Gift{To: casework.UserID(sent.Get("to")), Card: about.Card, Person: about.Person, Last: sent.Get("until"), Reason: sent.Get("reason")}
	if form == "lend" {
		_, err = s.App.Lend(r.Context(), session, id, gift)
	} else {
		_, err = s.App.Bar(r.Context(), session, id, gift)
	}
	if err == nil {
		toSight(w, r, id, about, done)
		return nil
	}
	page := accessPage{Typed: typedGift{form, sent.Get("to"), kept(gift.Last), kept(gift.Reason)}}
	if field := giftField(reasonOf(err)); field != "" {
		page.faultyField = faultyField{form + "-" + field, reasonKey(err)}
		return s.showSight(w, r, statuses[casework.KindOf(err)], about, page)
	}
	return err
}

// giftField is the field of the form that a reason is about; empty: none of them.
func giftField(reason string) string {
	switch reason {
	case "member_gone", "given_to_self", "lend_needless", "lend_barred", "lend_past_policy", "bar_chair", "bar_own_card", "bar_standing":
		return "to"
	case "bad_until", "until_past", "lend_too_long", "lend_beyond_place":
		return "until"
	case "bad_reason", "reason_empty":
		return "reason"
	}
	return ""
}

// toSight goes back to the page and says what was done.
func toSight(w http.ResponseWriter, r *http.Request, id casework.CaseID, about app.Subject, done string) {
	query := url.Values{"done": {done}}
	if about.Card != "" {
		query.Set("card", string(about.Card))
	}
	if about.Person != "" {
		query.Set("person", string(about.Person))
	}
	http.Redirect(w, r, "/cases/"+string(id)+"/access?"+query.Encode(), http.StatusSeeOther)
}

// endGiven ends a lend or a bar.
func (s *site) endGiven(w http.ResponseWriter, r *http.Request) error {
	id, err := caseOf(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	err = s.App.EndGiven(r.Context(), session, id, casework.GivenID(r.PathValue("given")))
	switch {
	case err == nil:
		toSight(w, r, id, app.Subject{}, "ended")
		return nil
	case casework.KindOf(err) == casework.NotFound: // who does not sit here is told so by the page itself
		return s.showSight(w, r, http.StatusNotFound, app.Subject{}, accessPage{Lost: "given.gone"})
	}
	return err
}
