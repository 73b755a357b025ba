package web

import (
	"strconv"
	"strings"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// caseRow is a case in somebody's own list, in the words of the page.
type caseRow struct {
	base
	app.CaseListing
}

// Called is what the row calls the case.
func (c caseRow) Called() string {
	if c.Name == "" {
		return c.T("board.case_redacted")
	}
	return c.Name
}

// RoleName is the reader's role in the case.
func (c caseRow) RoleName() string { return c.T("role." + string(c.Role)) }

// Closed tells whether the case is closed.
func (c caseRow) Closed() bool { return c.Status == casework.Closed }

// Told is what changed since the last look; empty when nothing did.
func (c caseRow) Told() string {
	var parts []string
	if n := c.News.Fresh; n > 0 {
		parts = append(parts, c.count("mine.fresh", n))
	}
	if n := c.News.Changed; n > 0 {
		parts = append(parts, c.count("mine.changed", n))
	}
	return c.all(parts)
}

// Drafts tells of the reader's own drafts; empty when there are none.
func (c caseRow) Drafts() string {
	if c.News.Drafts == 0 {
		return ""
	}
	return c.count("mine.drafts", c.News.Drafts)
}

// Silent names the children of whom the reader sees no own words; empty when
// there are none.
func (c caseRow) Silent() string {
	if len(c.Unheard) == 0 {
		return ""
	}
	names := make([]string, len(c.Unheard))
	for i, name := range c.Unheard {
		if names[i] = name; name == "" {
			names[i] = c.T("family.redacted")
		}
	}
	return c.T("mine.unheard", "names", c.all(names))
}

// Ending tells that a place at the table ends soon, the reader's own first; empty
// when none does.
func (c caseRow) Ending() string {
	var parts []string
	if !c.Ends.IsZero() {
		parts = append(parts, c.T("mine.ends", "day", c.LastDay(c.Ends)))
	}
	if n := c.CaseListing.Ending; n > 0 {
		parts = append(parts, c.count("mine.ending", n))
	}
	return strings.Join(parts, " ")
}

// count gives the words for one or for another number of things.
func (b base) count(stem string, n int) string {
	if n == 1 {
		return b.T(stem+".one", "n", "1")
	}
	return b.T(stem+".other", "n", strconv.Itoa(n))
}

// all is "a, b en c".
func (b base) all(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	last := len(parts) - 1
	return strings.Join(parts[:last], ", ") + " " + b.T("mine.and") + " " + parts[last]
}
