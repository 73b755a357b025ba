package app

import (
	"io"
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

// Template is a set of columns that a new case can begin with. Afterwards they
// are columns like any other.
type Template struct {
	Name    string                      // in forms, and in the language files
	Columns map[string][]TemplateColumn // in each language
}

// TemplateColumn is one column of a template. Kind is what new cards in it
// mostly are; empty when they can be anything.
type TemplateColumn struct {
	Title string
	Kind  casework.Kind
}

// Templates lists those that are offered; the first is taken when none is chosen.
var Templates = []Template{
	{"casustafel", map[string][]TemplateColumn{
		"nl": {{"Feiten", casework.Fact}, {"Zorgen", casework.Concern}, {"Krachten", casework.Strength}, {"Vragen", casework.Question},
			{"Scenario's", ""}, {"Afspraken", ""}},
		"en": {{"Facts", casework.Fact}, {"Concerns", casework.Concern}, {"Strengths", casework.Strength}, {"Questions", casework.Question},
			{"Scenarios", ""}, {"Tasks", ""}}}},
	{"three_columns", map[string][]TemplateColumn{
		"nl": {{"Waar maken we ons zorgen over?", casework.Concern}, {"Wat gaat goed?", casework.Strength}, {"Wat moet er gebeuren?", ""}},
		"en": {{"What are we worried about?", casework.Concern}, {"What is going well?", casework.Strength}, {"What needs to happen?", ""}}}},
}

// TemplateNamed finds the template that was chosen; an empty name chooses the first.
func TemplateNamed(name string) (Template, error) {
	if name == "" {
		return Templates[0], nil
	}
	i := slices.IndexFunc(Templates, func(t Template) bool { return t.Name == name })
	if i < 0 {
		return Template{}, casework.Refuse(casework.Invalid, "bad_template")
	}
	return Templates[i], nil
}

// in gives the columns in the language of whoever opens the case.
func (t Template) in(language string) []TemplateColumn {
	if columns, ok := t.Columns[language]; ok {
		return columns
	}
	return t.Columns["nl"]
}

// changes gives a case these columns, from left to right.
func (t Template) changes(language string, random io.Reader) (changes []casework.Change) {
	var last casework.ColumnID
	for _, column := range t.in(language) {
		id := casework.NewID[casework.ColumnID](random)
		changes = append(changes, &casework.ColumnAdded{Column: id, Title: text(column.Title, random), After: last, Kind: column.Kind})
		last = id
	}
	return changes
}

func text(body string, random io.Reader) casework.Text {
	return casework.Text{ID: casework.NewID[casework.TextID](random), Body: body}
}
