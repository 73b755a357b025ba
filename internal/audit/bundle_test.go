package audit_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
)

// A bundle as the log gave it is sound by either key, and with or without a witness;
// the same makes the same bytes.
func TestBundleIsSound(t *testing.T) {
	t.Parallel()
	e := newExport(t)
	file := e.write(t)
	for name, trust := range map[string]audit.Trusted{"by the first key": e.trust(), "by the last key": {Log: []string{e.next.verifier}},
		"by both": {Log: []string{e.next.verifier, e.first.verifier, e.next.verifier}}} {
		if v, m := audit.VerifyBundle(bytes.NewReader(file), int64(len(file)), trust); v.Status != audit.Sound || m.Lines != 20 || m.First != 0 || m.Last != 38 {
			t.Errorf("%s: %v, %+v", name, v, m)
		}
	}
	if !bytes.Equal(file, e.write(t)) {
		t.Error("the same lines make two bundles")
	}
	e.lines = nil
	if v := e.verify(e.write(t)); v.Status != audit.Sound {
		t.Errorf("without a line: %v", v)
	}
}

// What is withheld is not in it, in no form.
func TestBundleWithholds(t *testing.T) {
	t.Parallel()
	e := newExport(t)
	lines := strings.Split(unpack(t, e.write(t))["lines.ndjson"], "\n")
	for _, secret := range []string{"CARDA22222222222", "A-01", "reason", "a/live", "REQST22222222222", "USERB22222222222"} {
		if strings.Contains(strings.Join(lines, "\n"), secret) {
			t.Errorf("%s is in it", secret)
		}
	}
	if !strings.Contains(lines[0], "CASEA22222222222") || !strings.Contains(lines[0], `"event":"command"`) || strings.Contains(lines[17], "CASEA22222222222") || strings.Contains(lines[17], `"command"`) {
		t.Errorf("%s\n%s", lines[0], lines[17])
	}
}

// A witness that has not seen every line of over ten minutes ago is told of, and so is a key that is of
// nothing here.
func TestBundleNeedsItsWitnesses(t *testing.T) {
	t.Parallel()
	e := newExport(t)
	file := e.write(t)
	other := newWitness(t, "other.example.org")
	trust := e.trust()
	trust.Witnesses = append(trust.Witnesses, &other.CosignVerifier)
	if v, _ := audit.VerifyBundle(bytes.NewReader(file), int64(len(file)), trust); v.Status != audit.Incomplete || !strings.Contains(v.Why, "other.example.org") {
		t.Error(v)
	}
	e.manifest.Organisation = "ESDRN22222222222"
	e.lines = nil
	for _, leaf := range e.log.leaves {
		if leaf.Record.ActorOrganisation == e.manifest.Organisation {
			e.lines = append(e.lines, e.line(t, leaf))
		}
	}
	slices.Reverse(e.lines)
	// What was written just before it was made, no witness can have seen.
	e.manifest.At = e.log.leaves[39].Record.At.Add(10 * time.Minute)
	if v := e.verify(e.write(t)); v.Status != audit.Sound || !strings.Contains(v.Why, `"witness.example.org" had yet to see the newest 1,`) {
		t.Error(v)
	}
	e.manifest.At = e.manifest.At.Add(time.Second)
	if v := e.verify(e.write(t)); v.Status != audit.Incomplete || !strings.Contains(v.Why, "up to number 38,") {
		t.Error(v)
	}
	for name, key := range map[string]string{"of another log": newKey(t, "casustafel-00000000").verifier, "no key": "x"} {
		if v, _ := audit.VerifyBundle(bytes.NewReader(file), int64(len(file)), audit.Trusted{Log: []string{key}}); v.Status != audit.Tampered {
			t.Errorf("%s: %v", name, v)
		}
	}
}

// An own log with names that write on screens: they stay in it, and never come out.
func TestBundleOfOddRecords(t *testing.T) {
	t.Parallel()
	e := newExport(t)
	e.log = newLog(t, 39)
	odd := whole()
	odd.ID, odd.At, odd.ActorOrganisation = "RECRD99999999999", began.Add(time.Minute), e.manifest.Organisation
	odd.Role, odd.Policy, odd.Source = casework.Role("\r\n\x1b[2J"), `","salt":"`, "\u2028<&>=HYPERLINK()"
	e.log.append(odd)
	e.lines = []audit.BundledLine{e.line(t, e.log.leaves[39])}
	e.checkpoints = []audit.BundledCheckpoint{{Note: e.log.checkpoint(t, 40, 39, e.first)}}
	trust := e.trust()
	trust.Witnesses = nil
	file := e.write(t, e.first)
	if v, _ := audit.VerifyBundle(bytes.NewReader(file), int64(len(file)), trust); v.Status != audit.Sound {
		t.Error(v)
	}
}
