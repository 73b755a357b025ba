package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/patience"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/store/storetest"
	"github.com/casustafel/casustafel/policies"
)

// signed is a door on the same database that signs the log.
func (c conference) signed(t *testing.T, name string, signing *store.Signing) *app.App {
	t.Helper()
	rules, err := policy.Parse(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	a := app.New(app.Config{Store: c.store, Policy: rules, Node: name, Now: c.clock.Now, Signing: signing, CheckpointEvery: time.Hour})
	t.Cleanup(a.Close)
	return a
}

func (c conference) checkpoint(t *testing.T, a *app.App) store.Checkpoint {
	t.Helper()
	checkpoint, err := a.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return checkpoint
}

// A checkpoint holds everything that was recorded before it was asked for, is kept in
// the database and outside it, and names the one before it; a tree that did not grow
// has one already.
func TestCheckpointOnDemand(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	signing := storetest.Signing(t)
	a := c.signed(t, "signs", signing)
	first := c.checkpoint(t, a)
	if records := one[int64](t, c.door, `SELECT count(*) FROM record`); first.Size != records {
		t.Errorf("it is of %d of %d records", first.Size, records)
	}
	if again := c.checkpoint(t, a); again.Note != first.Note {
		t.Errorf("another one of the same tree: %q", again.Note)
	}
	c.card(t, "iris", "Wat wil Fenna?", nil)
	second := c.checkpoint(t, a)
	keys, err := signing.Keys()
	if err != nil {
		t.Fatal(err)
	}
	opened, err := keys.Open(second.Note)
	if err != nil || opened.Previous != first.Size || opened.Size <= first.Size || len(opened.Signers) != 1 {
		t.Errorf("%+v, %v", opened, err)
	}
	if kept, err := signing.Newest(); err != nil || kept != second.Note {
		t.Errorf("kept outside: %q, %v", kept, err)
	}

	// Another node with the same key goes on, after the key was rotated.
	if _, err := signing.Rotate(); err != nil {
		t.Fatal(err)
	}
	copied := &store.Signing{Key: signing.Key, Checkpoint: filepath.Join(t.TempDir(), "audit.checkpoint")}
	c.card(t, "iris", "Hoe?", nil)
	third := c.checkpoint(t, c.signed(t, "other", copied))
	if keys, err = signing.Keys(); err != nil {
		t.Fatal(err)
	}
	if opened, err := keys.Open(third.Note); err != nil || len(opened.Signers) != 2 || opened.Previous != second.Size {
		t.Errorf("the new key does not take over: %+v, %v", opened, err)
	}
	c.card(t, "iris", "Waar?", nil)
	if opened, err := keys.Open(c.checkpoint(t, a).Note); err != nil || len(opened.Signers) != 1 {
		t.Errorf("the old key goes on: %+v, %v", opened, err)
	}
	if _, err := c.Checkpoint(t.Context()); reason(err) != "log_held" {
		t.Errorf("a door without a key: %v", err)
	}
}

// What is not the log that was signed is not gone on with: it is held, records wait,
// and who asks for a checkpoint is told, until the operator has looked.
func TestHeldLog(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		change func(t *testing.T, c conference, signing *store.Signing, older func())
		why    string
	}{
		"an older backup": {func(t *testing.T, _ conference, _ *store.Signing, older func()) { older() }, "older backup"},
		"cut off at its end": {func(t *testing.T, c conference, _ *store.Signing, _ func()) {
			c.exec(t, `DELETE FROM leaf WHERE number > 5`, `DELETE FROM checkpoint`)
		}, "its end was cut off"},
		"leaves cut off, checkpoints not": {func(t *testing.T, c conference, signing *store.Signing, _ func()) {
			c.exec(t, `DELETE FROM leaf WHERE number > 5`)
			if err := os.Remove(signing.Checkpoint); err != nil {
				t.Fatal(err)
			}
		}, "its end was cut off"},
		"checkpoints gone": {func(t *testing.T, c conference, _ *store.Signing, _ func()) {
			c.exec(t, `DELETE FROM checkpoint`)
		}, "the newest are gone"},
		"another tree": {func(t *testing.T, c conference, _ *store.Signing, _ func()) {
			c.exec(t, `UPDATE leaf SET hashes = decode(repeat('ab', length(hashes)), 'hex')`)
		}, "not those that were signed"},
		"signed by another": {func(t *testing.T, c conference, _ *store.Signing, _ func()) {
			c.exec(t, `UPDATE checkpoint SET note = replace(note, 'casustafel-', 'casustafel_')`)
		}, "not one that the audit key signed"},
		"another file": {func(t *testing.T, _ conference, signing *store.Signing, _ func()) {
			if err := signing.Keep("something else"); err != nil {
				t.Fatal(err)
			}
		}, "not one that the audit key signed"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			h := newConference(t)
			signing := storetest.Signing(t)
			before := h.signed(t, "before", signing)
			h.checkpoint(t, before)
			h.exec(t, `CREATE TABLE kept AS SELECT * FROM leaf`, `CREATE TABLE kept_checkpoint AS SELECT * FROM checkpoint`)
			h.card(t, "iris", "Wat wil Fenna?", nil)
			h.checkpoint(t, before)
			c.change(t, h, signing, func() {
				h.exec(t, `DELETE FROM leaf`, `INSERT INTO leaf SELECT * FROM kept`, `DELETE FROM checkpoint`, `INSERT INTO checkpoint SELECT * FROM kept_checkpoint`)
			})
			h.card(t, "iris", "Hoe?", nil) // it serves on
			leaves := one[int](t, h.door, `SELECT count(*) FROM leaf`)
			after := h.signed(t, "after", signing) // a node that starts now
			if _, err := after.Checkpoint(t.Context()); reason(err) != "log_held" {
				t.Errorf("a checkpoint of it: %v", err)
			}
			h.sequence(t, after)
			patience.Eventually(t, "the log is held", func() bool { return after.LogState().Held != "" })
			if why := after.LogState().Held; !strings.Contains(why, c.why) {
				t.Errorf("held: %q", why)
			}
			if now := one[int](t, h.door, `SELECT count(*) FROM leaf`); now != leaves {
				t.Errorf("%d leaves became %d", leaves, now)
			}
			if one[int](t, h.door, `SELECT count(*) FROM record_waiting`) == 0 {
				t.Error("nothing waits")
			}
		})
	}
}
