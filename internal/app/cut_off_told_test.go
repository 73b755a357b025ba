package app_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store/storetest"
	"github.com/casustafel/casustafel/internal/view"
)

// Whoever reads the log is told of the end of a stay that was cut off that it was then at
// the latest, and of any other end that it was then; a family that somebody looked once.
func TestCutOffStaysAreToldAsSuch(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	noor, _, _ := c.family(t)
	els := c.colleague(t, "els", casework.Manager, "De Linde")
	c.clock.turn(time.Hour)
	c.stays(t, "daan", 10*time.Minute, view.Eyes{})
	c.clock.turn(time.Hour)
	began := c.clock.Now()
	c.sits(t, "daan")
	c.exec(t, `UPDATE node_life SET confirmed = '`+began.Add(19*time.Minute).Format(time.RFC3339)+`'`)
	tick(t, c.node(t, "other", storetest.Open(t, c.config)))
	c.clock.turn(time.Hour)
	want := []string{"20m0s true", "10m0s false"}
	told := func(whom string, got []string) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q", whom, got)
		}
	}

	var own, chair, timeline, log []string
	list, _, err := c.OwnAccesses(t.Context(), c.as(t, "daan"), app.Period{}, "")
	for _, a := range list {
		if a.Event == "join" {
			own = append(own, fmt.Sprint(a.Left.Sub(a.At), a.CutOff))
		}
	}
	told("the own lines", own)
	for _, l := range c.looksBack(t, app.CaseRecordFilter{Member: c.users["daan"]}, "", "").Lines {
		if l.Event == "join" {
			chair = append(chair, fmt.Sprint(l.Left.Sub(l.At), l.CutOff))
		}
	}
	told("the chair", chair)
	drawn, failed := c.TimelineOf(t.Context(), els, app.RecordFilter{Person: c.users["daan"]})
	for _, s := range drawn.Stays {
		timeline = append([]string{fmt.Sprint(s.Until.Sub(s.From), s.CutOff)}, timeline...)
	}
	told("the timeline", timeline)
	page, unread := c.RecordsOf(t.Context(), els, app.RecordFilter{Person: c.users["daan"]}, "", "")
	for _, l := range page.Lines {
		if l.Event == "leave" || l.Event == audit.LeftCutOff {
			log = append(log, fmt.Sprint(l.Event, l.At.Sub(began)))
		}
	}
	if err != nil || failed != nil || unread != nil || !slices.Equal(log, []string{"left_cut_off20m0s", "leave-1h0m1s"}) {
		t.Errorf("the log: %q, %v, %v, %v", log, err, failed, unread)
	}
	if got := lookers(c.reports(t, "daan", noor).Lookers); got != "daan/ambulant_worker/De Linde 2*2" {
		t.Errorf("Noor reads %s", got)
	}
}
