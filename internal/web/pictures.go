package web

import (
	"strconv"
	"strings"

	"github.com/casustafel/casustafel/internal/app"
)

// Pictures are drawn by the server, as SVG without a word of style. What a colour says
// stands in the cell or in the table below as well.

// heatLevels is how many shades there are, from 0: nothing.
const heatLevels = 5

// heat is the picture of hours by weekday, lying or standing.
type heat struct {
	Class         string
	Width, Height int
	Cells         []heatCell
	Names         []heatName
	Working       []heatCell // the hours of a working day, framed
}

type heatCell struct {
	X, Y, W, H   int
	TextX, TextY int
	Level        int
	Words        string
}

type heatName struct {
	X, Y  int
	At    string // "start", "middle" or "end"
	Words string
}

// Weekday is its name, from Monday on.
func (b base) Weekday(day int) string { return strings.Fields(b.T("overview.weekdays"))[day] }

func (b base) shortDay(day int) string { return strings.Fields(b.T("overview.weekdays_short"))[day] }

// level is the shade of a number among those up to the most.
func level(n, most int) int {
	if n == 0 {
		return 0
	}
	return 1 + n*(heatLevels-1)/most
}

// inCell is a number as it fits in a cell.
func (b base) inCell(n int) string {
	switch {
	case n == 0:
		return ""
	case n < 1000:
		return strconv.Itoa(n)
	case n < 10_000:
		return strconv.Itoa(n/1000) + b.T("overview.point") + strconv.Itoa(n%1000/100) + "k"
	}
	return strconv.Itoa(n/1000) + "k"
}

// Heats are the picture for a wide page and the one for a narrow one.
func (p overviewPage) Heats() []heat { return []heat{p.heat(false), p.heat(true)} }

func (p overviewPage) heat(standing bool) heat {
	const left, top = 34, 18
	cellW, cellH, h := 30, 26, heat{Class: "heat lying"}
	at := func(day, hour int) (x, y int) { return left + hour*cellW, top + day*cellH }
	h.Width, h.Height = left+24*cellW+2, top+7*cellH+2
	if standing {
		cellW, cellH, h.Class = 44, 19, "heat standing"
		at = func(day, hour int) (x, y int) { return left + day*cellW, top + hour*cellH }
		h.Width, h.Height = left+7*cellW+2, top+24*cellH+2
	}
	most := p.busiest().Count
	for day := range 7 {
		x, y := at(day, 0)
		name := heatName{left - 6, y + cellH/2 + 4, "end", p.shortDay(day)}
		if standing {
			name = heatName{x + cellW/2, top - 5, "middle", p.shortDay(day)}
		}
		h.Names = append(h.Names, name)
		for hour := range 24 {
			x, y := at(day, hour)
			n := p.Hours[day][hour]
			h.Cells = append(h.Cells, heatCell{x + 1, y + 1, cellW - 2, cellH - 2, x + cellW/2, y + cellH/2 + 4, level(n, most), p.inCell(n)})
		}
	}
	for hour := 0; hour < 24; hour += 2 {
		x, y := at(0, hour)
		name := heatName{x + cellW/2, top - 5, "middle", strconv.Itoa(hour)}
		if standing {
			name = heatName{left - 6, y + cellH/2 + 4, "end", strconv.Itoa(hour)}
		}
		h.Names = append(h.Names, name)
	}
	x, y := at(0, app.WorkFrom)
	farX, farY := at(4, app.WorkBefore-1)
	h.Working = []heatCell{{X: x, Y: y, W: farX + cellW - x, H: farY + cellH - y}}
	return h
}

// busy is an hour of the week in which much happened.
type busy struct{ Day, Hour, Count int }

func (p overviewPage) busiest() (most busy) {
	for day := range 7 {
		for hour, n := range p.Hours[day] {
			if n > most.Count {
				most = busy{day, hour, n}
			}
		}
	}
	return most
}

// HoursSay says in a sentence what the picture shows.
func (p overviewPage) HoursSay() string {
	most := p.busiest()
	if most.Count == 0 {
		return p.T("overview.hours.none")
	}
	return p.T("overview.hours.say", "n", p.Number(most.Count), "all", p.Number(p.Accesses), "day", p.Weekday(most.Day),
		"from", strconv.Itoa(most.Hour), "to", strconv.Itoa(most.Hour+1))
}

// HourRows are the numbers of the picture, an hour a row.
func (p overviewPage) HourRows() (rows []hourRow) {
	for hour := range 24 {
		row := hourRow{Hour: strconv.Itoa(hour) + "–" + strconv.Itoa(hour+1)}
		for day := range 7 {
			row.Days = append(row.Days, p.Hours[day][hour])
		}
		rows = append(rows, row)
	}
	return rows
}

type hourRow struct {
	Hour string
	Days []int
}

// bars is a picture of a number for every day or month of the period.
type bars struct {
	Width, Height int
	Bars          []bar
	Most          int
	First, Last   string
}

type bar struct{ X, Y, W, H int }

// RefusalBars are the refusals.
func (p overviewPage) RefusalBars() bars {
	const step, height = 10, 60
	b := bars{Width: step * len(p.Spans), Height: height}
	for _, s := range p.Spans {
		b.Most = max(b.Most, s.Refused)
	}
	if b.Most == 0 {
		return b
	}
	for i, s := range p.Spans {
		if s.Refused > 0 {
			h := max(3, s.Refused*height/b.Most)
			b.Bars = append(b.Bars, bar{i*step + 1, height - h, step - 2, h})
		}
	}
	b.First, b.Last = p.Span(p.Spans[0].From), p.Span(p.Spans[len(p.Spans)-1].From)
	return b
}

// Long is how long a bar is, of a hundred, for a part of the most.
func (overviewPage) Long(n, most int) int {
	if most == 0 || n == 0 {
		return 0
	}
	return max(1, n*100/most)
}

// MostOfRole is the longest bar of the table of cases.
func (p overviewPage) MostOfRole() (most int) {
	for _, c := range p.Cases {
		for _, r := range c.Roles {
			most = max(most, r.Accesses)
		}
	}
	return most
}
