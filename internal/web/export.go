package web

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"net/http"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/markdown"
	"github.com/casustafel/casustafel/internal/view"
)

// exportPage is a case as one file, to print or hand over. Nothing in it runs or is
// fetched from anywhere.
type exportPage struct {
	base
	app.Export
}

// exportCard is a card in it.
type exportCard struct {
	base
	view.Card
	page *exportPage
	HTML template.HTML // of its text; empty: there is none, or it cannot be shown so
}

// exportCase hands the file over. It is called the same for every case.
func (s *site) exportCase(w http.ResponseWriter, r *http.Request) error {
	id, err := caseOf(r)
	if err != nil {
		return err
	}
	session := sessionIn(r)
	e, err := s.App.Export(r.Context(), session, id)
	switch {
	case errors.Is(err, app.ErrNotProven):
		toProve(w, r, secondsOf(id))
		return nil
	case casework.KindOf(err) == casework.Denied:
		return s.showSeconds(w, r, http.StatusForbidden, secondsPage{Problem: reasonKey(err)})
	case err != nil:
		return err
	}
	var file bytes.Buffer
	if err := s.templates["export"].ExecuteTemplate(&file, "export", &exportPage{s.base(r), e}); err != nil {
		return fmt.Errorf("write an export: %w", err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="casustafel.html"`)
	_, _ = file.WriteTo(w) // the one who asked may have gone
	return nil
}

// Called is what the file calls the case.
func (p *exportPage) Called() string { return p.caseCalled(p.Case.Name) }

// exportColumn is a column with the cards that leave.
type exportColumn struct {
	Title string
	Cards []exportCard
}

// Sections are the columns in which there is anything, in order.
func (p *exportPage) Sections() (sections []exportColumn) {
	for _, column := range p.Columns {
		section := exportColumn{Title: column.Title}
		for _, id := range p.Order[column.ID] {
			card := exportCard{base: p.base, Card: p.Cards[id], page: p}
			if html, err := markdown.HTML(card.Text.Body, markdown.Links{}); err == nil {
				card.HTML = template.HTML(html)
			}
			section.Cards = append(section.Cards, card)
		}
		if len(section.Cards) > 0 {
			sections = append(sections, section)
		}
	}
	return sections
}

// PersonName is what a person of the family is called.
func (p *exportPage) PersonName(one view.Person) string {
	return p.personName(app.TeamPerson{Name: one.Name, Redacted: one.Redacted})
}

// From is from whom the card speaks.
func (c exportCard) From() string {
	for _, person := range c.page.Family {
		if person.ID == c.Person {
			return c.T("card.from", "name", c.page.PersonName(person))
		}
	}
	return c.T("card.from_professional")
}

// Author is who wrote it.
func (c exportCard) Author() string {
	for _, member := range c.page.Team {
		if member.User == c.By {
			return member.Name + ", " + c.T("role."+string(c.Role))
		}
	}
	return c.T("role." + string(c.Role))
}
