package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/casustafel/casustafel/internal/liveclient"
	"github.com/casustafel/casustafel/internal/view"
)

// naming gives every id a name by the order in which it is met.
type naming map[string]string

func (n naming) of(id string) string {
	if id == "" {
		return "-"
	}
	if n[id] == "" {
		n[id] = fmt.Sprint("#", len(n))
	}
	return n[id]
}

func (n naming) here(list []liveclient.Present) string {
	var here strings.Builder
	for _, p := range list {
		fmt.Fprint(&here, p.User, n.of(string(p.Card)), " ")
	}
	return here.String()
}

func (n naming) carets(list []liveclient.Caret) string {
	var carets strings.Builder
	for _, c := range list {
		fmt.Fprint(&carets, c.User, n.of(string(c.Card)), c.Anchor, " ")
	}
	return carets.String()
}

func (n naming) state(s view.Projection) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s %s;", s.Case.Name, s.Case.Status)
	for _, p := range s.Family {
		fmt.Fprint(&out, n.of(string(p.ID)), p.Name, p.Class, ";")
	}
	for _, m := range s.Team {
		fmt.Fprint(&out, m.Name, m.Role, m.Ended)
		for _, p := range m.Beside {
			fmt.Fprint(&out, n.of(string(p)))
		}
	}
	for _, column := range s.Columns {
		fmt.Fprint(&out, n.of(string(column.ID)), column.Title)
		for _, card := range s.Order[column.ID] {
			fmt.Fprint(&out, n.of(string(card)), s.Cards[card].Title.Body, ",")
		}
	}
	var cards []string
	for _, c := range s.Cards {
		var links []string
		for _, to := range c.Links {
			links = append(links, s.Cards[to].Title.Body)
		}
		cards = append(cards, fmt.Sprint(c.Title.Body, c.Text.Body, c.Class, c.Kind, c.By, c.Role, c.Archived, c.Tabled.IsZero(), c.Person != "", links))
	}
	slices.Sort(cards)
	fmt.Fprint(&out, cards, s.Undo != nil)
	return out.String()
}
