package web

import (
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
)

// What stands on a day of a timeline: the bars by the clock on the wall, and how long it
// took by the clock that never jumps.
func TestDaysOfATimeline(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		moment, err := time.ParseInLocation("2006-01-02 15:04 MST", text, app.Here)
		if err != nil {
			t.Fatal(err)
		}
		return moment.UTC()
	}
	type day struct {
		date string
		bar  stayBar
		long time.Duration
	}
	for name, c := range map[string]struct {
		from, until string
		want        []day // the latest first
	}{
		"within a day":                  {"2026-02-03 09:00 CET", "2026-02-03 10:30 CET", []day{{"2026-02-03", stayBar{540, 90, false}, 90 * time.Minute}}},
		"over midnight":                 {"2026-02-03 23:30 CET", "2026-02-04 00:15 CET", []day{{"2026-02-04", stayBar{0, 15, false}, 15 * time.Minute}, {"2026-02-03", stayBar{1410, 30, false}, 30 * time.Minute}}},
		"until midnight":                {"2026-02-03 23:30 CET", "2026-02-04 00:00 CET", []day{{"2026-02-03", stayBar{1410, 30, false}, 30 * time.Minute}}},
		"a moment at midnight":          {"2026-02-04 00:00 CET", "2026-02-04 00:00 CET", []day{{"2026-02-04", stayBar{0, 2, false}, 0}}},
		"a whole day between":           {"2026-02-03 23:00 CET", "2026-02-05 01:00 CET", []day{{"2026-02-05", stayBar{0, 60, false}, time.Hour}, {"2026-02-04", stayBar{0, 1440, false}, 24 * time.Hour}, {"2026-02-03", stayBar{1380, 60, false}, time.Hour}}},
		"a night of one hour less":      {"2026-03-28 23:00 CET", "2026-03-29 04:00 CEST", []day{{"2026-03-29", stayBar{0, 240, false}, 3 * time.Hour}, {"2026-03-28", stayBar{1380, 60, false}, time.Hour}}},
		"a day of one hour less":        {"2026-03-28 23:00 CET", "2026-03-30 01:00 CEST", []day{{"2026-03-30", stayBar{0, 60, false}, time.Hour}, {"2026-03-29", stayBar{0, 1440, false}, 23 * time.Hour}, {"2026-03-28", stayBar{1380, 60, false}, time.Hour}}},
		"the hour that comes twice":     {"2026-10-25 02:50 CEST", "2026-10-25 02:10 CET", []day{{"2026-10-25", stayBar{170, 2, false}, 20 * time.Minute}}},
		"a night of one hour more":      {"2026-10-24 23:00 CEST", "2026-10-25 04:00 CET", []day{{"2026-10-25", stayBar{0, 240, false}, 5 * time.Hour}, {"2026-10-24", stayBar{1380, 60, false}, time.Hour}}},
		"nobody knows until when":       {"2026-02-03 09:00 CET", "", []day{{"2026-02-03", stayBar{540, 10, true}, 0}}},
		"until when, just before night": {"2026-02-03 23:58 CET", "", []day{{"2026-02-03", stayBar{1438, 2, true}, 0}}},
	} {
		stay := app.TimelineStay{From: at(c.from), Who: "Iris"}
		if c.until != "" {
			stay.Until = at(c.until)
		}
		var p timelinePage
		p.draw(stay)
		if len(p.Days) != len(c.want) {
			t.Errorf("%s: %d days", name, len(p.Days))
			continue
		}
		for i, want := range c.want {
			lane := p.Days[i].Lanes[0]
			if got := (day{p.Days[i].At.Format(time.DateOnly), lane.Bars[0], lane.Long}); got != want {
				t.Errorf("%s: %+v, want %+v", name, got, want)
			}
		}
	}
}

// A lane says how long what has no end took no more than it knows.
func TestLanesTellWhatIsKnown(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 2, 3, 8, 0, 0, 0, time.UTC)
	whole := app.TimelineStay{From: begin, Until: begin.Add(30 * time.Minute)}
	cutOff, open := whole, app.TimelineStay{From: begin.Add(time.Hour)}
	cutOff.CutOff = true
	for want, stays := range map[string][]app.TimelineStay{
		"1 keer, 30 min":                                   {whole},
		"1 keer, geen einde bekend":                        {open},
		"2 keer, 30 min, geen einde bekend":                {whole, open},
		"1 keer, ten hoogste 30 min":                       {cutOff},
		"3 keer, ten hoogste 1 u 0 min, geen einde bekend": {whole, cutOff, open},
	} {
		p := timelinePage{base: base{Language: "nl"}}
		for _, stay := range stays {
			p.draw(stay)
		}
		if said := p.Days[0].Lanes[0].Said(); said != want {
			t.Errorf("%d stays: %q, want %q", len(stays), said, want)
		}
	}
}
