package app_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/policies"
)

// epoch is the access epoch now.
func (c conference) epoch(t *testing.T) int64 {
	t.Helper()
	return one[int64](t, c.door, `SELECT epoch FROM access_epoch`)
}

// narrower is a policy under which nobody at the table arranges shared cards.
func narrower(t *testing.T) []byte {
	t.Helper()
	var kept []string
	for line := range strings.Lines(string(policies.Lines)) {
		if !strings.HasPrefix(line, "p, A-06,") {
			kept = append(kept, line)
		}
	}
	if lines := strings.Join(kept, ""); len(lines) < len(policies.Lines) {
		return []byte(lines)
	}
	t.Fatal("the policy has no line A-06")
	return nil
}

func TestPublishPolicy(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	second := c
	second.App = c.node(t, "second", c.store)
	publish := func(lines []byte, source string) (bumps int64, err error) {
		before := c.epoch(t)
		err = c.PublishPolicy(t.Context(), policies.Model, lines, source)
		return c.epoch(t) - before, err
	}
	if bumps, err := publish(policies.Lines, app.SourceBuiltin); err != nil || bumps != 1 {
		t.Fatalf("the first: %d epochs, %v", bumps, err)
	}
	if bumps, err := publish(policies.Lines, app.SourceBuiltin); err != nil || bumps != 0 {
		t.Errorf("the same again: %d epochs, %v", bumps, err)
	}
	card := c.card(t, "daan", "Kaart", nil)
	move := with{"card": card, "column": c.state(t, c.id).Columns[1].ID}
	if answer := second.ask(t, "iris", "move_card", move); answer.Refusal != nil {
		t.Fatal(answer.Refusal)
	}
	version := c.Rules().Version()
	if bumps, err := publish(narrower(t), app.SourceFile); err != nil || bumps != 1 || c.Rules().Version() == version {
		t.Fatalf("another: %d epochs, %v", bumps, err)
	}
	// On every node from the next command on.
	move["column"] = c.column(t)
	if answer := second.ask(t, "iris", "move_card", move); answer.Refusal == nil || answer.Refusal.Kind != casework.Denied {
		t.Errorf("on the second node: %v", answer.Refusal)
	}
	if second.Rules().Version() != c.Rules().Version() {
		t.Error("two nodes serve two policies")
	}
	// A program that starts with its own does not take the place of one from a file.
	if bumps, err := publish(policies.Lines, app.SourceBuiltin); err != nil || bumps != 0 {
		t.Errorf("builtin over file: %d epochs, %v", bumps, err)
	}
	if answer := c.ask(t, "iris", "move_card", move); answer.Refusal == nil {
		t.Error("the builtin policy serves")
	}
	if bumps, err := publish(policies.Lines, app.SourceFile); err != nil || bumps != 1 {
		t.Errorf("by hand: %d epochs, %v", bumps, err)
	}
	if answer := second.ask(t, "iris", "move_card", move); answer.Refusal != nil {
		t.Error(answer.Refusal)
	}
	if got := one[string](t, c.door, `SELECT string_agg(number || ' ' || source, ', ' ORDER BY number) FROM policy`); got != "1 builtin, 2 file, 3 file" {
		t.Errorf("published: %s", got)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM record WHERE event = 'policy' AND outcome = 'done'`); n != 3 {
		t.Errorf("%d records", n)
	}
}

// While nodes are renewed one by one an old one that starts again does not bring
// its policy back.
func TestOldNodeDoesNotUndoANewPolicy(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	for _, lines := range [][]byte{policies.Lines, narrower(t)} {
		if err := c.PublishPolicy(t.Context(), policies.Model, lines, app.SourceBuiltin); err != nil {
			t.Fatal(err)
		}
	}
	before, newest := c.epoch(t), c.Rules().Version()
	old := c.node(t, "old", c.store)
	if err := old.PublishPolicy(t.Context(), policies.Model, policies.Lines, app.SourceBuiltin); err != nil {
		t.Fatal(err)
	}
	if old.Rules().Version() != newest || c.epoch(t) != before {
		t.Errorf("the old node serves %s, not %s, after %d epochs", old.Rules().Version(), newest, c.epoch(t)-before)
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM policy`); n != 2 {
		t.Errorf("%d policies", n)
	}
	// By hand it comes back.
	if err := c.PublishPolicy(t.Context(), policies.Model, policies.Lines, app.SourceFile); err != nil || c.Rules().Version() == newest {
		t.Errorf("by hand: %v", err)
	}
}

func TestBadPolicyIsRefused(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	if err := c.PublishPolicy(t.Context(), policies.Model, policies.Lines, app.SourceFile); err != nil {
		t.Fatal(err)
	}
	before, version := c.epoch(t), c.Rules().Version()
	for name, lines := range map[string]string{
		"empty":         "",
		"byte-order":    "\ufeff" + string(policies.Lines),
		"semicolons":    strings.ReplaceAll(string(policies.Lines), ",", ";"),
		"Deny":          strings.Replace(string(policies.Lines), ", deny,", ", Deny,", 1),
		"unknown word":  strings.Replace(string(policies.Lines), "perpetrator_support", "perpetrator_suport", 1),
		"opened wide":   string(policies.Lines) + "\np, X-1, allow, *, *, *, *, *, *, *, *, \"everything\"\n",
		"NUL":           string(policies.Lines) + "\x00",
		"another thing": "%PDF-1.4",
	} {
		err := c.PublishPolicy(t.Context(), policies.Model, []byte(lines), app.SourceFile)
		if err == nil || !strings.Contains(err.Error(), "the old one serves on") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := c.PublishPolicy(t.Context(), []byte("[request_definition]\nr = x"), policies.Lines, app.SourceFile); err == nil {
		t.Error("another model was taken")
	}
	if c.epoch(t) != before || c.Rules().Version() != version {
		t.Error("something changed")
	}
	if n := one[int](t, c.door, `SELECT count(*) FROM policy`); n != 1 {
		t.Errorf("%d policies", n)
	}
}

// Nodes that start together with the same policy publish it once, and all start.
func TestNodesPublishTogether(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	before := c.epoch(t)
	reading, err := c.admin.Begin() // under the old epoch, so that none of them is done before the last began
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reading.Exec(`SELECT pg_advisory_xact_lock_shared(7513, 1)`); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 4 {
		node := c.node(t, "node", c.store)
		all.Go(func() {
			if err := node.PublishPolicy(t.Context(), policies.Model, policies.Lines, app.SourceBuiltin); err != nil {
				t.Error(err)
			}
		})
	}
	c.blocked(t, 4)
	if err := reading.Commit(); err != nil {
		t.Fatal(err)
	}
	all.Wait()
	if n := one[int](t, c.door, `SELECT count(*) FROM policy`); n != 1 || c.epoch(t) != before+1 {
		t.Errorf("%d policies, %d epochs", n, c.epoch(t)-before)
	}
}
