package web

import (
	"html/template"
	"strings"
	"time"

	"github.com/casustafel/casustafel/internal/app"
)

// faultyField is what a form tells of the one field that was refused. The zero value
// tells of none.
type faultyField struct {
	Faulty  string // the name of the field, as its id has it
	Problem string // in words
}

// Wrong is the class of a field's box when it was refused.
func (f faultyField) Wrong(field string) string {
	if f.Faulty == field {
		return " wrong"
	}
	return ""
}

// fault is what is wrong with a field.
type fault struct{ Field, Words string }

// Fault is what is wrong with a field; nil: nothing.
func (f faultyField) Fault(field string) *fault {
	if f.Faulty != field {
		return nil
	}
	return &fault{field, f.Problem}
}

// About ties a field to its hints and, when it was refused, to why; the one that
// was refused takes the focus. Fields and hints are words of our own templates.
func (f faultyField) About(field string, hints ...string) template.HTMLAttr {
	attr := ""
	if f.Faulty == field {
		hints = append(hints, field+"-problem")
		attr = ` aria-invalid="true" autofocus`
	}
	if len(hints) > 0 {
		attr = ` aria-describedby="` + strings.Join(hints, " ") + `"` + attr
	}
	return template.HTMLAttr(attr)
}

// Day is a day in words, as one says it in the Netherlands at that moment.
func (b base) Day(at time.Time) string {
	local := at.In(app.Here)
	months := strings.Fields(b.T("day.months"))
	return b.T("day.long", "day", local.Format("2"), "month", months[local.Month()-1], "year", local.Format("2006"))
}

// LastDay is the last day of what ends at a moment, in words.
func (b base) LastDay(until time.Time) string { return b.Day(until.Add(-time.Microsecond)) }
