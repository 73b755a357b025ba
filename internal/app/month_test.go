package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// month is the review of a month as somebody reads it.
func (c conference) month(t *testing.T, session app.Session, month string) app.MonthReview {
	t.Helper()
	review, err := c.MonthReviewOf(t.Context(), session, month)
	if err != nil {
		t.Fatal(err)
	}
	return review
}

// numberOf is one number of a review.
func numberOf(m app.MonthReview, name string) int {
	at := slices.IndexFunc(m.Numbers, func(n app.MonthNumber) bool { return n.Name == name })
	if at < 0 {
		return -1
	}
	return m.Numbers[at].N
}

// alarm puts one in the log of De Linde, answered after so long; zero: not yet.
func (c conference) alarm(t *testing.T, id, kind string, about casework.UserID, of casework.CaseID, since time.Time, by app.Session, after time.Duration) {
	t.Helper()
	at := since.Format(time.RFC3339)
	c.exec(t, `INSERT INTO alarm (id, organisation, kind, account, case_id, limit_then, since, last) SELECT '`+id+`', organisation, '`+kind+`', id, '`+string(of)+`', 5, '`+at+`', '`+at+`' FROM account WHERE id = '`+string(about)+`'`)
	if after == 0 {
		return
	}
	now := c.clock.Now()
	c.clock.turn(since.Add(after).Sub(now))
	if err := c.AnswerAlarm(t.Context(), by, id, "explained", "Vergissing."); err != nil {
		t.Fatal(err)
	}
	c.clock.turn(now.Sub(c.clock.Now()))
}

// The review of a month has the numbers of the overview, the alarms with what came of
// them and how soon, and what waits; who read it says so once, for the numbers that were
// read, and is told what changed since.
func TestMonthReview(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els, rik := c.colleague(t, "els@linde.example", casework.Manager, "De Linde"), c.colleague(t, "rik@linde.example", casework.Manager, "De Linde")
	iris, daan := c.users["iris"], c.users["daan"]
	c.exec(t, `UPDATE membership SET valid_from = '2026-01-01Z'`)
	day := time.Date(2026, 2, 3, 9, 0, 0, 0, time.UTC)
	c.lines(t, 3, day, "join", audit.Done, iris, casework.ChildWorker, c.id, "")
	c.lines(t, 2, day.Add(12*time.Hour), "command", audit.Done, daan, casework.AmbulantWorker, c.id, "")
	c.lines(t, 4, day, "command", audit.Refused, iris, casework.ChildWorker, c.id, "A-01")
	c.lines(t, 1, day, "export", audit.Done, c.users["hanneke"], casework.Chair, c.id, "")
	c.lines(t, 1, day, audit.Glass, audit.Done, daan, casework.AmbulantWorker, c.id, "")
	c.lines(t, 7, time.Date(2026, 1, 31, 22, 59, 0, 0, time.UTC), "join", audit.Done, iris, casework.ChildWorker, c.id, "") // the last minute of January
	c.alarm(t, "AAAAAAAAAAAAAAAB", "refusals", iris, c.id, day, els, 30*time.Minute)
	c.alarm(t, "AAAAAAAAAAAAAAAC", "refusals", iris, "", day.AddDate(0, 0, 1), rik, 50*time.Hour)
	c.alarm(t, "AAAAAAAAAAAAAAAD", "many_cases", daan, "", day.AddDate(0, 0, 2), els, 0)
	c.alarm(t, "AAAAAAAAAAAAAAAE", "after_end", daan, c.id, day.AddDate(0, -1, 0), els, 0)       // of January, open
	c.alarm(t, "AAAAAAAAAAAAAAAF", "after_end", iris, c.id, day.AddDate(0, -1, 0), els, 1)       // of January, answered
	c.alarm(t, "AAAAAAAAAAAAAAAG", "refusals", els.Account.ID, "", day.AddDate(0, 0, 3), rik, 0) // about Els
	c.alarm(t, "AAAAAAAAAAAAAAAH", "refusals", iris, c.id, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), els, 0)

	m, o := c.month(t, els, "2026-02"), c.overview(t, els, february)
	if of, overview := string(body(t, with{"o": m.Overview})), string(body(t, with{"o": o})); of != overview {
		t.Errorf("other numbers than the overview:\n%s\n%s", of, overview)
	}
	want := []app.MonthNumber{{Name: "accesses", N: 7}, {Name: "people", N: 3}, {Name: "late", N: 2}, {Name: "undue", N: 2}, {Name: "refused", N: 4}, {Name: "glass", N: 1}, {Name: "exports", N: 1}, {Name: "alarms", N: 3}, {Name: "waits", N: 2}}
	if !m.Over || m.Own || !slices.Equal(m.Numbers, want) {
		t.Errorf("numbers: %+v", m)
	}
	if k := m.Alarms[0]; k.Kind != audit.ManyRefusals || k.All != 2 || k.Judged["explained"] != 2 || k.Open != 0 || k.Longest != 50*time.Hour || m.Alarms[1].Open != 1 || m.Alarms[2].All != 0 {
		t.Errorf("alarms: %+v", m.Alarms)
	}
	if len(m.Raised) != 3 || m.Raised[0].Reviewer != "Naam van els@linde.example" || m.Raised[0].Reviewed.Sub(m.Raised[0].Since) != 30*time.Minute || len(m.WaitingAlarms) != 2 || m.WaitingAlarms[0].Kind != audit.AfterEnd {
		t.Errorf("each: %+v, %+v", m.Raised, m.WaitingAlarms)
	}
	if got := numberOf(c.month(t, rik, "2026-02"), "alarms"); got != 4 {
		t.Errorf("Rik is told of %d alarms, one of them about Els", got)
	}

	const remark = "Rustige maand.\r\nKanariegeel."
	refused(t, "other numbers", c.SignMonth(t.Context(), els, "2026-02", "0000", remark), "month_changed")
	refused(t, "a long remark", c.SignMonth(t.Context(), els, "2026-02", m.Digest, strings.Repeat("é", 501)), "remark_too_long")
	refused(t, "what turns text round", c.SignMonth(t.Context(), els, "2026-02", m.Digest, "\u202eadres"), "bad_text")
	refused(t, "escapes", c.SignMonth(t.Context(), els, "2026-02", m.Digest, "\x1b[31m"), "bad_text")
	now := c.month(t, els, "2026-03")
	refused(t, "a month that runs", c.SignMonth(t.Context(), els, "2026-03", now.Digest, ""), "month_runs")
	if err := c.SignMonth(t.Context(), els, "2026-02", m.Digest, remark); err != nil {
		t.Fatal(err)
	}
	refused(t, "twice", c.SignMonth(t.Context(), els, "2026-02", m.Digest, ""), "month_signed")
	if m = c.month(t, els, "2026-02"); !m.Own || len(m.Signed) != 1 || m.Signed[0].Remark != "Rustige maand.\nKanariegeel." || !m.Signed[0].Own || len(m.Signed[0].Changed) != 0 || !m.Signed[0].At.Equal(c.clock.Now()) {
		t.Errorf("signed: %+v", m.Signed)
	}
	if err := c.AnswerAlarm(t.Context(), rik, "AAAAAAAAAAAAAAAD", "reported", "Melding."); err != nil {
		t.Fatal(err)
	}
	if m = c.month(t, els, "2026-02"); len(m.Signed[0].Changed) != 1 || m.Signed[0].Changed[0] != (app.MonthChange{Name: "waits", Then: 2, Now: 1}) {
		t.Errorf("since then: %+v", m.Signed)
	}
	his := c.month(t, rik, "2026-02")
	if his.Own || len(his.Signed) != 1 || his.Signed[0].Own || his.Signed[0].Changed != nil || his.Signed[0].Who != "Naam van els@linde.example" {
		t.Errorf("Rik reads %+v", his.Signed)
	}
	if err := c.SignMonth(t.Context(), rik, "2026-02", his.Digest, " "); err != nil {
		t.Fatal(err)
	}
	if got := c.line(t, `event = 'review_month' AND account = $1`, els.Account.ID); strings.Count(got, "\n") != 0 || !strings.HasPrefix(got, "review_month|U|done") || !strings.Contains(got, "|month|2026-02|") {
		t.Errorf("on the record: %s", got)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE outcome = 'refused' AND account = $1`, els.Account.ID); n != 0 {
		t.Errorf("what was to be read again counts as %d refusals", n)
	}
	for _, where := range []string{`record r WHERE r::text LIKE '%Kanariegeel%'`, `month_review r WHERE r::text LIKE '%Kanariegeel%' OR encode(sealed, 'escape') LIKE '%anari%'`} {
		if n := one[int](t, c.door, `SELECT count(*) FROM `+where); n != 0 {
			t.Errorf("the remark stands open in %s", where)
		}
	}
}

// A file is on the record as begun before it is made, and as taken out before it goes out,
// to whoever may still have it; only what went out counts as something that left.
func TestMonthFileIsOnTheRecord(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els, token := c.opened(t, c.colleague(t, "els@linde.example", casework.Manager, "De Linde"))
	c.lines(t, 1, time.Date(2026, 2, 3, 9, 0, 0, 0, time.UTC), "join", audit.Done, c.users["iris"], casework.ChildWorker, c.id, "")
	begin := func() app.MonthReview {
		t.Helper()
		review, err := c.BeginMonthFile(t.Context(), els, "2026-02")
		if err != nil {
			t.Fatal(err)
		}
		return review
	}
	took := ""
	is := func(what string, err error, why, event string, exports int) {
		t.Helper()
		if reason(err) != why {
			t.Errorf("%s: %v", what, err)
		}
		took += " month_file_begun " + event
		if got := " " + one[string](t, c.door, `SELECT string_agg(event, ' ' ORDER BY at, event) FROM record WHERE event LIKE 'month_file%' AND outcome = 'done'`); got != took {
			t.Errorf("%s: on the record are%s, not%s", what, got, took)
		}
		if got := numberOf(c.month(t, els, "2026-03"), "exports"); got != exports {
			t.Errorf("%s: %d exports", what, got)
		}
		c.clock.turn(time.Second)
	}
	end := func(review app.MonthReview, failed error) error {
		c.clock.turn(time.Second)
		return c.EndMonthFile(t.Context(), els, review, failed)
	}
	is("made", end(begin(), nil), "", "month_file", 1)
	if got := c.line(t, `event = 'month_file'`); !strings.HasPrefix(got, "month_file|E|done|"+string(els.Account.ID)) || !strings.Contains(got, "|month|2026-02|") {
		t.Errorf("a file on the record: %s", got)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	review := begin()
	c.clock.turn(time.Second)
	is("not made", c.EndMonthFile(gone, els, review, errors.New("Chromium is broken")), "", "month_file_failed", 1)
	review = begin()
	if err := c.Exclude(t.Context(), c.as(t, "iris"), c.id, "els@linde.example", ""); err != nil {
		t.Fatal(err)
	}
	is("a case is kept from its reader since", end(review, nil), "month_changed", "month_file_failed", 1)
	review = begin()
	if err := c.SignOut(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	is("signed out meanwhile", end(review, nil), "session_ended", "month_file_failed", 1)
}

// What is no month that has begun is not there, as all of it for who does not review.
func TestMonthReviewIsForManagers(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els, far := c.colleague(t, "els@linde.example", casework.Manager, "De Linde"), c.colleague(t, "far@elders.example", casework.Manager, "Elders")
	for _, month := range []string{"2026-04", "2027-01", "2026-13", "2026-00", "0000-01", "1999-12", "9999-12", "..", "", "2026-2", "2026-02-01", "2026-02 ", "202602", "２０２６-02", "-2026-02", "\x00"} {
		if _, err := c.MonthReviewOf(t.Context(), els, month); reason(err) != "not_found" {
			t.Errorf("%q: %v", month, err)
		}
		refused(t, month, c.SignMonth(t.Context(), els, month, "", ""), "not_found")
	}
	for who, session := range map[string]app.Session{"a chair": c.as(t, "hanneke"), "an admin": c.colleague(t, "bart@linde.example", casework.Admin, "De Linde"), "a member": c.as(t, "iris")} {
		for _, look := range []func(context.Context, app.Session, string) (app.MonthReview, error){c.MonthReviewOf, c.BeginMonthFile} {
			if m, err := look(t.Context(), session, "2026-02"); reason(err) != "not_found" || len(m.Numbers) != 0 {
				t.Errorf("%s: %+v, %v", who, m, err)
			}
		}
		refused(t, who, c.SignMonth(t.Context(), session, "2026-02", "", ""), "not_found")
		if got := one[int](t, c.door, `SELECT count(*) FROM record WHERE event IN ('view_month', 'month_file', 'review_month') AND outcome = 'refused' AND account = $1`, session.Account.ID); got != 3 {
			t.Errorf("%s: %d refusals on the record", who, got)
		}
	}
	// Whoever reads the log of another organisation reads and signs their own.
	mine := c.month(t, els, "2026-02")
	if !mine.Before {
		t.Errorf("before the organisation came: %+v", mine)
	}
	refused(t, "before the organisation came", c.SignMonth(t.Context(), els, "2026-02", mine.Digest, ""), "not_found")
	c.exec(t, `UPDATE account SET created_at = '2026-02-28'`)
	if err := c.SignMonth(t.Context(), els, "2026-02", mine.Digest, "Van ons."); err != nil {
		t.Fatal(err)
	}
	if m := c.month(t, far, "2026-02"); len(m.Signed) != 0 || m.Own {
		t.Errorf("another organisation reads %+v", m.Signed)
	}
}

// Histories that differ only in what a manager may not know give that manager the same
// review, to the byte, who signed it with other numbers included.
func TestMonthReviewTellsNothingThatItsReaderMayNotKnow(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els, piet, tess := c.colleague(t, "els@linde.example", casework.Manager, "De Linde"), c.colleague(t, "piet@linde.example", casework.Manager, "De Linde"), c.colleague(t, "tess@ggze.example", casework.Manager, "GGzE")
	secret := c.open(t, "Verborgen")
	c.exec(t, `UPDATE membership SET valid_from = '2026-01-01Z'`)
	if err := c.Exclude(t.Context(), c.as(t, "iris"), secret, "piet@linde.example", ""); err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, 2, 3, 9, 0, 0, 0, time.UTC)
	c.lines(t, 2, day, "join", audit.Done, c.users["iris"], casework.ChildWorker, c.id, "")
	c.alarm(t, "AAAAAAAAAAAAAAAB", "refusals", c.users["iris"], c.id, day, els, 0)
	told := func(reader app.Session) string {
		all, err := json.Marshal(c.month(t, reader, "2026-02"))
		if err != nil {
			t.Fatal(err)
		}
		return string(all)
	}
	c.signs(t)
	now := c.clock.Now()
	c.clock.turn(day.Add(20 * time.Second).Sub(now))
	if _, err := c.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.clock.turn(now.Sub(c.clock.Now()))
	first := c.month(t, els, "2026-02")
	pietBefore, tessBefore := told(piet), told(tess)

	night := time.Date(2026, 2, 7, 3, 0, 0, 0, time.UTC)
	c.lines(t, 5, night, "join", audit.Done, c.users["iris"], casework.ChildWorker, secret, "")
	c.lines(t, 5, night, "command", audit.Refused, c.users["daan"], casework.AmbulantWorker, secret, "A-01")
	c.lines(t, 1, night, "export", audit.Done, c.users["hanneke"], casework.Chair, secret, "")
	c.lines(t, 3, night, "exclude", audit.Done, c.users["iris"], casework.ChildWorker, c.id, "")
	c.exec(t, `INSERT INTO given (id, case_id, kind, account, given_by, valid_from, valid_until, reason) SELECT 'GLASS', '`+string(secret)+`', 'glass', id, id, '2026-02-07Z', '2026-02-07 01:00Z', '' FROM account WHERE id = '`+string(c.users["daan"])+`'`)
	c.alarm(t, "AAAAAAAAAAAAAAAC", "refusals", c.users["daan"], secret, night, els, 0)
	// These lines wait for a checkpoint for weeks; those that Piet knows of did for seconds.
	if _, err := c.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := told(piet); got != pietBefore {
		t.Errorf("who must never come near is told\n%s\nand before\n%s", got, pietBefore)
	}
	if got := told(tess); got != tessBefore {
		t.Errorf("another organisation is told\n%s\nand before\n%s", got, tessBefore)
	}
	all := c.month(t, els, "2026-02")
	if numberOf(all, "accesses") != numberOf(first, "accesses")+6 || numberOf(all, "alarms") != 2 || numberOf(all, "waits") != 3 || first.Signing.Longest != 0 || all.Signing.Longest < 24*time.Hour {
		t.Errorf("whom nothing is kept from is told %v, %v, and before %v, %v", all.Numbers, all.Signing, first.Numbers, first.Signing)
	}

	// Els signs for numbers that Piet may not know: he reads that she did, as he would
	// read it if her numbers were his.
	if err := c.SignMonth(t.Context(), els, "2026-02", all.Digest, ""); err != nil {
		t.Fatal(err)
	}
	his := c.month(t, piet, "2026-02")
	if len(his.Signed) != 1 || his.Signed[0].Changed != nil || his.Digest == all.Digest {
		t.Errorf("Piet reads %+v", his.Signed)
	}

	// Once the case is kept from Els too, its numbers are gone, and nothing says so.
	if err := c.Exclude(t.Context(), c.as(t, "iris"), secret, "els@linde.example", ""); err != nil {
		t.Fatal(err)
	}
	hers := c.month(t, els, "2026-02")
	if numberOf(hers, "accesses") >= numberOf(all, "accesses") || len(hers.Signed) != 1 || !slices.Equal(hers.Signed[0].Changed, []app.MonthChange{{Name: "undue", Then: 2, Now: 1}, {Name: "waits", Then: 3, Now: 1}}) {
		t.Errorf("Els, from whom the case is kept since, reads %v, and signed %+v", hers.Numbers, hers.Signed)
	}
}

// How long a line waited for a checkpoint is told in minutes; one that waits says since
// when, and lines of other months do not count.
func TestMonthSigning(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els := c.colleague(t, "els@linde.example", casework.Manager, "De Linde")
	c.signs(t)
	sign := func() {
		t.Helper()
		c.checkpoint(t, c.App)
	}
	is := func(what string, longest time.Duration, waits time.Time) {
		t.Helper()
		if got := c.month(t, els, "2026-03").Signing; got.Longest != longest || !got.Waits.Equal(waits) {
			t.Errorf("%s: %+v, not %v, %v", what, got, longest, waits)
		}
	}
	line := func() time.Time {
		c.lines(t, 1, c.clock.Now(), "join", audit.Done, c.users["iris"], casework.ChildWorker, c.id, "")
		return c.clock.Now()
	}
	c.clock.turn(time.Minute)
	sign()
	is("within a minute", 0, time.Time{})
	sign() // for that look
	c.clock.turn(59 * time.Minute)
	line()
	c.clock.turn(time.Minute)
	sign()
	is("a minute", 0, time.Time{})
	sign()
	c.clock.turn(time.Hour)
	since := line()
	c.clock.turn(61 * time.Second)
	is("it waits", 0, since)
	sign()
	is("signed", 2*time.Minute, time.Time{})
	if got := c.month(t, els, "2026-02").Signing; got != (app.MonthSigning{}) {
		t.Errorf("February: %+v", got)
	}
	c.exec(t, `UPDATE leaf SET at = '-infinity' WHERE number IN (SELECT size FROM checkpoint)`)
	c.month(t, els, "2026-03") // it opens, whatever somebody did to the past
}

// How long lines of a small organisation waited is told by them alone: not hidden by a
// hundred longer waits of others, and not made longer by lines of others that are older
// than those which were signed before them.
func TestMonthSigningIsOfOnesOwnLines(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els, far := c.colleague(t, "els@linde.example", casework.Manager, "De Linde"), c.colleague(t, "far@elders.example", casework.Manager, "Elders")
	c.signs(t)
	sign := func() {
		t.Helper()
		c.checkpoint(t, c.App)
	}
	is := func(what string, reader app.Session, longest time.Duration, waits time.Time) {
		t.Helper()
		if got := c.month(t, reader, "2026-03").Signing; got.Longest != longest || !got.Waits.Equal(waits) {
			t.Errorf("%s: %+v, not %v, %v", what, got, longest, waits)
		}
	}
	line := func(at time.Time, by app.Session) {
		c.lines(t, 1, at, "list_cases", audit.Done, by.Account.ID, casework.Manager, "", "")
	}
	sign()
	c.clock.turn(time.Hour)
	began := c.clock.Now()
	line(began, els)
	sign()
	c.clock.turn(2 * time.Hour)
	line(began.Add(-time.Minute), far) // the end of a stay that nobody told of, say
	is("a line of others is older, and waits", els, 0, time.Time{})
	is("it is one's own", far, 0, began.Add(-time.Minute))
	sign()
	is("a line of others was older, and is signed", els, 0, time.Time{})
	is("it was one's own", far, 121*time.Minute, time.Time{})
	sign()

	const others = 619 // of whom each waited for half an hour, more than are asked about at once
	size, day := one[int64](t, c.door, `SELECT max(size) FROM checkpoint`), time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
	c.exec(t, fmt.Sprintf(`INSERT INTO leaf SELECT %d + n, 'OTHERS' || n, timestamptz '2026-03-05Z' + n * interval '40 minutes', 1, '', '' FROM generate_series(1, %d) n`, size, others),
		fmt.Sprintf(`INSERT INTO checkpoint SELECT %d + n, timestamptz '2026-03-05 00:30Z' + n * interval '40 minutes', '' FROM generate_series(1, %d) n`, size+1, others))
	line(day, els) // and it for ten minutes
	c.exec(t, fmt.Sprintf(`INSERT INTO leaf SELECT %d, id, at, 1, '', '' FROM record WHERE at = '2026-03-04Z'`, size), `DELETE FROM record_waiting`,
		fmt.Sprintf(`INSERT INTO checkpoint VALUES (%d, '2026-03-04 00:10Z', '')`, size+1))
	is("a short wait beside many long ones", els, 10*time.Minute, time.Time{})
	is("a long one", far, 121*time.Minute, time.Time{})
}

// A line that is written late waited as long, whether or not a line of others came first,
// which was younger and waited for a moment.
func TestLateLineWaitsWhateverOthersDid(t *testing.T) {
	t.Parallel()
	for _, others := range []bool{false, true} {
		c := newConference(t)
		els, far := c.colleague(t, "els@linde.example", casework.Manager, "De Linde"), c.colleague(t, "far@elders.example", casework.Manager, "Elders")
		c.signs(t)
		sign := func() {
			t.Helper()
			c.checkpoint(t, c.App)
		}
		line := func(at time.Time, by app.Session) {
			t.Helper()
			c.lines(t, 1, at, "list_cases", audit.Done, by.Account.ID, casework.Manager, "", "")
			if err := c.GiveLeaves(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		sign()
		c.clock.turn(time.Hour)
		if others {
			line(c.clock.Now(), far)
		}
		late := c.clock.Now().Add(-5 * time.Minute)
		line(late, els)
		if got := c.month(t, els, "2026-03").Signing; !got.Waits.Equal(late) {
			t.Errorf("others %v: it waits, and is told of as %+v", others, got)
		}
		sign()
		if got := c.month(t, els, "2026-03").Signing; got != (app.MonthSigning{Longest: 5 * time.Minute}) {
			t.Errorf("others %v: it waited, and is told of as %+v", others, got)
		}
	}
}

// Signing in two windows at one time signs once, and the other one is a look and no refusal.
func TestMonthSignedTwiceAtOnce(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els := c.colleague(t, "els@linde.example", casework.Manager, "De Linde")
	c.exec(t, `UPDATE account SET created_at = '2026-01-05'`)
	read := c.month(t, els, "2026-02").Digest
	tx, err := c.admin.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()                                                         //nolint:errcheck // it may have ended
	if _, err := tx.Exec(`LOCK TABLE month_review IN SHARE MODE`); err != nil { // both read it before either signs
		t.Fatal(err)
	}
	var both sync.WaitGroup
	var outcomes [2]string
	for i := range outcomes {
		both.Go(func() { outcomes[i] = reason(c.SignMonth(t.Context(), els, "2026-02", read, "")) })
	}
	c.blocked(t, 2)
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	both.Wait()
	if slices.Sort(outcomes[:]); outcomes != [2]string{"", "month_signed"} {
		t.Errorf("outcomes %q", outcomes)
	}
	if got := one[string](t, c.door, `SELECT string_agg(event || ' ' || outcome, ', ' ORDER BY event) FROM record WHERE event IN ('review_month', 'view_month')`); got != "review_month done, view_month done, view_month done" {
		t.Errorf("on the record: %s", got)
	}
}
