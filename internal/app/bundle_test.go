package app_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/policies"
)

// signs makes the log of a conference one that is signed, and gives with what.
func (c *conference) signs(t *testing.T, witnesses ...*audit.CosignVerifier) *store.Signing {
	t.Helper()
	rules, err := policy.Parse(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	signing := store.SigningBeside(filepath.Join(t.TempDir(), "audit.key"))
	if err := signing.Make(); err != nil {
		t.Fatal(err)
	}
	c.App = app.New(app.Config{Store: c.store, Policy: rules, Node: "test", Now: c.clock.Now, Signing: signing, Witnesses: witnesses})
	t.Cleanup(c.Close)
	return signing
}

// live signs somebody in for real, with a second factor at hand.
func (c conference) live(t *testing.T, id casework.UserID) app.Session {
	t.Helper()
	link, err := c.NewSignInLink(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	token, err := c.SignInByLink(t.Context(), link, "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	session, err := c.SessionOf(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	return session
}

// aLine is a line as a page or a bundle tells it.
type aLine struct {
	At      time.Time
	Event   audit.Event
	Who     string
	Role    casework.Role
	Refused bool
	Case    casework.CaseCode
}

// ofThisTest are the looks of this test itself.
func ofThisTest(e audit.Event) bool {
	return e == "view_records" || e == "export_log" || e == "export_log_ended"
}

// paged is the whole log as somebody reviews it on the page, but for the codes of cases
// of somebody else.
func (c conference) paged(t *testing.T, session app.Session, filter app.RecordFilter) (lines []aLine) {
	t.Helper()
	own := map[casework.CaseCode]bool{}
	for _, id := range strings.Fields(one[string](t, c.door, `SELECT coalesce(string_agg(id, ' '), '') FROM cases WHERE organisation = $1`, session.Account.Organisation)) {
		own[c.CaseCode(casework.CaseID(id))] = true
	}
	for older, first := "", true; first || older != ""; first = false {
		page, err := c.RecordsOf(t.Context(), session, filter, older, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range page.Lines {
			if !ofThisTest(l.Event) {
				line := aLine{l.At, l.Event, l.Who, l.Role, l.Refused, l.Case}
				if l.Event == audit.SightChanged || !own[l.Case] {
					line.Case = ""
				}
				lines = append(lines, line)
			}
		}
		older = page.Older
	}
	return lines
}

// bundled is the same as a bundle tells it, whose every byte is given as well.
func (c conference) bundled(t *testing.T, session app.Session, filter app.RecordFilter, signing *store.Signing) (lines []aLine, all string) {
	t.Helper()
	var file bytes.Buffer
	if err := c.Bundle(t.Context(), session, filter, "review", &file); err != nil {
		t.Fatal(err)
	}
	keys, err := signing.Keys()
	if err != nil {
		t.Fatal(err)
	}
	verdict, manifest := audit.VerifyBundle(bytes.NewReader(file.Bytes()), int64(file.Len()), audit.Trusted{Log: keys.Verifiers()})
	if verdict.Status != audit.Sound || manifest.Organisation != session.Account.Organisation || manifest.By != session.Account.ID || manifest.Reason != "review" {
		t.Errorf("%v, %+v", verdict, manifest)
	}
	archive, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all += string(text)
		if f.Name != "lines.ndjson" {
			continue
		}
		for text := range bytes.Lines(text) {
			var line audit.BundledLine
			var record audit.Record
			if err := json.Unmarshal(text, &line); err != nil {
				t.Fatal(err)
			}
			for name, part := range line.Parts {
				if part.Text != nil {
					if err := record.Read(name, part.Text); err != nil {
						t.Fatal(err)
					}
				}
			}
			told := aLine{record.At, record.Event, one[string](t, c.door, `SELECT coalesce(max(name), '') FROM account WHERE id = $1`, record.User), record.Role,
				record.Outcome == audit.Refused, ""}
			if line.Parts[audit.What].Text == nil {
				told.Event = audit.SightChanged
			}
			if record.Case != "" {
				told.Case = c.CaseCode(record.Case)
			}
			if !ofThisTest(record.Event) {
				lines = append(lines, told)
			}
		}
	}
	return lines, all
}

// What a bundle holds is what the page shows, line by line, and no more: of random
// logs, for managers of two organisations and for one who must never come near a case.
func TestBundleHoldsWhatThePageShows(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	signing := c.signs(t)
	here, there := c.colleague(t, "els@linde.example", casework.Manager, "De Linde"), c.colleague(t, "tess@ggze.example", casework.Manager, "GGzE")
	kept := c.colleague(t, "piet@linde.example", casework.Manager, "De Linde")
	noud := c.colleague(t, "noud@ggze.example", casework.MentalHealth, "GGzE")
	foreign, err := c.OpenCase(t.Context(), noud, fresh(), "Elders", app.Templates[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Exclude(t.Context(), c.as(t, "iris"), c.id, "piet+x@linde.example", ""); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(6, 2026))
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	organisations := map[string]string{string(c.users["iris"]): string(here.Account.Organisation), string(noud.Account.ID): string(there.Account.Organisation), "": "", string(kept.Account.ID): string(here.Account.Organisation)}
	cases := map[string]string{string(c.id): string(here.Account.Organisation), string(foreign): string(there.Account.Organisation), "": "", "22222222222222AA": ""}
	at := c.clock.Now().Add(-time.Hour)
	for n := range 240 {
		user, in := pick(string(c.users["iris"]), string(noud.Account.ID), "", string(kept.Account.ID)), pick(string(c.id), string(foreign), "", "22222222222222AA")
		outcome, role, ground := pick("done", "refused"), pick("chair", "none", ""), pick("treatment", "")
		if n%3 > 0 {
			at = at.Add(time.Second) // many have the moment of the one before
		}
		if _, err := c.admin.Exec(`INSERT INTO record (id, at, event, action, outcome, checks, account, role, organisation, behalf, access_point, source, case_id, object_kind, object,
			object_version, policy_rule, policy, relation, ground, question, request, detail, actor_organisation, case_organisation)
			VALUES ('RANDM' || translate(lpad($1, 11, '0'), '0123456789', 'ABCDEFGHJK'), $2, $3, 'C', $4, 'session list', $5, $6, '', 'BEHALFOFSOMEBODY', '', 'casustafel', $7, 'card', 'SECRETOBJECT', '17', 'SECRETRULE', 'p', 'team', $8, 'SECRETQUESTION', 'SECRETREQUEST',
			'{"reason": "SECRETDETAIL"}', $9, $10)`, strconv.Itoa(n), at, pick("join", "lend", "bar", "given_ended", "exclude", "readmit", "invitation_stopped", "export", "command"),
			outcome, user, role, in, ground, organisations[user], cases[in]); err != nil {
			t.Fatal(err)
		}
	}
	for who, session := range map[string]app.Session{"a manager": here, "one of another organisation": there, "one who is kept away": kept} {
		session = c.live(t, session.Account.ID)
		for name, filter := range map[string]app.RecordFilter{"all": {}, "of one day": {Period: app.Period{From: "2026-03-02", To: "2026-03-02"}}, "refused": {Outcome: audit.Refused}, "of a case": {Case: string(c.CaseCode(c.id))}} {
			page := c.paged(t, session, filter)
			lines, all := c.bundled(t, session, filter, signing)
			if !slices.Equal(page, lines) {
				t.Errorf("%s, %s: %d lines on the page, %d in the bundle", who, name, len(page), len(lines))
				for i := range min(len(page), len(lines)) {
					if page[i] != lines[i] {
						t.Fatalf("line %d: %+v, and in the bundle %+v", i, page[i], lines[i])
					}
				}
			}
			if name == "all" && len(lines) < 50 {
				t.Errorf("%s is shown %d lines only", who, len(lines))
			}
			secrets := []string{"SECRET", "BEHALF", `"lend"`, `"bar"`, `"given_ended"`, "exclude", "readmit", "invitation_stopped"}
			if who != "one of another organisation" {
				secrets = append(secrets, "Elders")
			}
			if who == "one who is kept away" {
				secrets = append(secrets, string(c.id))
			}
			for _, secret := range secrets {
				if strings.Contains(all, secret) {
					t.Errorf("%s, %s: the bundle holds %s", who, name, secret)
				}
			}
		}
	}
}

// Who knocked at a case that is kept from the reader, and who at none, is told alike.
func TestBundleTellsKnocksAlike(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	signing := c.signs(t)
	kept, own := c.colleague(t, "piet@linde.example", casework.Manager, "De Linde"), c.colleague(t, "own@linde.example", casework.Chair, "De Linde")
	if err := c.Exclude(t.Context(), c.as(t, "iris"), c.id, "piet+x@linde.example", ""); err != nil {
		t.Fatal(err)
	}
	c.knocks(t, own, c.id)
	c.knocks(t, own, "22222222222222AA")
	_, all := c.bundled(t, c.live(t, kept.Account.ID), app.RecordFilter{Outcome: audit.Refused}, signing)
	var knocks []string
	for text := range strings.Lines(all) {
		var line audit.BundledLine
		if json.Unmarshal([]byte(text), &line) != nil || line.Parts == nil {
			continue
		}
		var fields map[string]any
		if err := json.Unmarshal(line.Parts[audit.Who].Text, &fields); err != nil {
			t.Fatal(err)
		}
		delete(fields, "id")
		knocks = append(knocks, fmt.Sprint(fields, string(line.Parts[audit.What].Text), string(line.Parts[audit.Where].Text)))
	}
	if len(knocks) != 2 || knocks[0] != knocks[1] {
		t.Errorf("%q", knocks)
	}
}

// A bundle is given to who reviews, for a reason, after a second factor; each is on the
// record, and so is each refusal. Nothing is written before that.
func TestBundleIsGivenOnTheRecord(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	signing := c.signs(t)
	els := c.live(t, c.colleague(t, "els@linde.example", casework.Manager, "De Linde").Account.ID)
	unproven := els
	unproven.Account.Demo = false
	for _, test := range []struct {
		by      app.Session
		reason  string
		refusal string
	}{{els, "", "bad_log_reason"}, {els, "curious", "bad_log_reason"}, {unproven, "review", "not_proven"}, {c.as(t, "hanneke"), "review", "not_found"}} {
		var file bytes.Buffer
		if err := c.Bundle(t.Context(), test.by, app.RecordFilter{}, test.reason, &file); reason(err) != test.refusal || file.Len() > 0 {
			t.Errorf("%v, %d bytes, want %s", err, file.Len(), test.refusal)
		}
	}
	c.bundled(t, els, app.RecordFilter{}, signing)
	if got := one[string](t, c.door, `SELECT string_agg(event || ' ' || outcome, ',' ORDER BY outcome, event) FROM record WHERE event LIKE 'export_log%'`); got !=
		"export_log done,export_log_ended done,export_log refused,export_log refused,export_log refused,export_log refused" {
		t.Error(got)
	}
	// A line that lost its place in the tree is not in it, and it says so.
	c.exec(t, `ALTER TABLE leaf DISABLE TRIGGER ALL`, `UPDATE leaf SET at = at - interval '1 second' WHERE record = (SELECT id FROM record WHERE event = 'open_case')`)
	c.clock.turn(time.Second)
	var file bytes.Buffer
	if err := c.Bundle(t.Context(), els, app.RecordFilter{}, "review", &file); err != nil {
		t.Fatal(err)
	}
	keys, err := signing.Keys()
	if err != nil {
		t.Fatal(err)
	}
	if v, m := audit.VerifyBundle(bytes.NewReader(file.Bytes()), int64(file.Len()), audit.Trusted{Log: keys.Verifiers()}); v.Status != audit.Incomplete || m.Unproven != 1 {
		t.Error(v, m.Unproven)
	}
}
