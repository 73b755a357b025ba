package app_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// Who sits in two open cases that name each other is told to the managers of the own
// organisation, by codes and roles, and to nobody else.
func TestTwoHats(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els, piet, tess := c.colleague(t, "els@linde.example", casework.Manager, "De Linde"), c.colleague(t, "piet@linde.example", casework.Manager, "De Linde"),
		c.colleague(t, "tess@ggze.example", casework.Manager, "GGzE")
	hanneke := c.as(t, "hanneke")
	other, err := c.OpenCase(t.Context(), hanneke, fresh(), "Wilgenhof", app.Templates[0])
	if err != nil {
		t.Fatal(err)
	}
	c.seat(t, other, "ruben", casework.ChildWorker)
	codes := [2]string{string(c.CaseCode(c.id)), string(c.CaseCode(other))}
	hats := func(session app.Session) string {
		t.Helper()
		list, err := c.TwoHatsOf(t.Context(), session)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, h := range list {
			told := fmt.Sprint(h)
			if h.Hats[0].Case > h.Hats[1].Case {
				t.Errorf("told in the order of what was opened: %v", h)
			}
			all = append(all, told)
		}
		return strings.Join(all, "\n")
	}
	link := func(id casework.CaseID, code string) {
		t.Helper()
		if err := c.LinkCase(t.Context(), hanneke, id, code); err != nil {
			t.Fatal(err)
		}
	}
	link(c.id, strings.ToLower(codes[1]))
	if got := hats(els); got != "" {
		t.Errorf("one case names the other: %s", got)
	}
	link(other, codes[0])
	got := hats(els)
	if !strings.Contains(got, "{ruben ") || !strings.Contains(got, "{"+codes[0]+" perpetrator_support}") || !strings.Contains(got, "{"+codes[1]+" child_worker}") ||
		!strings.Contains(got, "{hanneke ") || strings.Contains(got, "iris") || strings.Contains(got, "Zilverlinde") {
		t.Errorf("they name each other: %s", got)
	}
	if got := hats(tess); got != "" {
		t.Errorf("another organisation is told %s", got)
	}
	for who, session := range map[string]app.Session{"the chair": hanneke, "who wears them": c.as(t, "ruben"), "a child worker": c.as(t, "iris")} {
		if _, err := c.TwoHatsOf(t.Context(), session); reason(err) != "not_found" {
			t.Errorf("%s: %v", who, err)
		}
	}
	if got := c.line(t, `event = 'view_hats' AND account = $1`, els.Account.ID); strings.Count(got, "view_hats|R|done") != 2 {
		t.Errorf("the looks are not on the record: %s", got)
	}
	// Who must never come near one of them is told of no pair with it.
	if err := c.Exclude(t.Context(), c.as(t, "iris"), c.id, "piet@linde.example", ""); err != nil {
		t.Fatal(err)
	}
	if got := hats(piet); got != "" {
		t.Errorf("a manager who is kept away is told %s", got)
	}
	// Once the one is closed, or no longer names the other, there is nothing to tell.
	links, err := c.CaseLinksOf(t.Context(), hanneke, c.id)
	if err != nil || len(links.Links) != 1 || string(links.Links[0].Code) != codes[1] || string(links.Code) != codes[0] {
		t.Fatal(links, err)
	}
	if err := c.UnlinkCase(t.Context(), hanneke, c.id, links.Links[0].ID); err != nil || hats(els) != "" {
		t.Error("taken back:", err)
	}
	link(c.id, codes[1])
	c.made(t, "hanneke", "close_case", with{})
	if got := hats(els); got != "" {
		t.Errorf("a closed case: %s", got)
	}
}

// To name a case tells its chair nothing of it: not whether there is any. Nobody but
// a chair names one, or sees what is named.
func TestLinksTellNothing(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	hanneke := c.as(t, "hanneke")
	other, err := c.OpenCase(t.Context(), c.colleague(t, "noor@ggze.example", casework.Chair, "GGzE"), fresh(), "Wilgenhof", app.Templates[0])
	if err != nil {
		t.Fatal(err)
	}
	there, nowhere := string(c.CaseCode(other)), "K7QF-2M9X"
	for code, want := range map[string]string{there: "", nowhere: "", "zilver": "bad_case_code", string(c.CaseCode(c.id)): "link_itself"} {
		if err := c.LinkCase(t.Context(), hanneke, c.id, code); reason(err) != want {
			t.Errorf("%s: %v", code, err)
		}
	}
	for _, code := range []string{there, nowhere} {
		if err := c.LinkCase(t.Context(), hanneke, c.id, code); reason(err) != "link_twice" {
			t.Errorf("%s twice: %v", code, err)
		}
	}
	links, err := c.CaseLinksOf(t.Context(), hanneke, c.id)
	if err != nil || len(links.Links) != 2 {
		t.Fatal(links, err)
	}
	stranger := c.colleague(t, "vreemd@linde.example", casework.Chair, "De Linde")
	for want, session := range map[string]app.Session{"not_allowed": c.as(t, "iris"), "not_found": stranger} {
		_, look := c.CaseLinksOf(t.Context(), session, c.id)
		for what, err := range map[string]error{"look": look, "link": c.LinkCase(t.Context(), session, c.id, nowhere), "unlink": c.UnlinkCase(t.Context(), session, c.id, links.Links[0].ID)} {
			if reason(err) != want {
				t.Errorf("%s: %v, not %s", what, err, want)
			}
		}
	}
	for _, odd := range []string{"22222222222222AA", "\x00"} {
		if err := c.UnlinkCase(t.Context(), hanneke, c.id, odd); reason(err) != "not_found" {
			t.Errorf("%q: %v", odd, err)
		}
	}
	if stored := one[string](t, c.door, `SELECT string_agg(l::text, ' ') FROM case_link l`) + one[string](t, c.door, `SELECT string_agg(r::text, ' ') FROM record r`); strings.Contains(stored, there) || strings.Contains(stored, nowhere) {
		t.Error("a code is kept in plain")
	}
}
