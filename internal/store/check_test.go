package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/store/storetest"
)

// Whatever somebody with every right changes in what was written, a check of the
// whole database notices, and says so without a word of it.
func TestCheckNoticesWhatIsNotAsItWasWritten(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.do(t, append([]casework.Change{d.begun(card)}, d.typed(t, card, 3)...)...)
	if err := d.SaveSnapshot(t.Context(), d.state); err != nil {
		t.Fatal(err)
	}
	d.do(t, d.typed(t, card, 2)...)
	d.record(t, "RECORD", d.iris, d.c)
	d.lines(t, 0, time.Second)
	d.grow(t, 9)
	want := store.Checked{Cases: 1, Events: int(d.state.Seq), Texts: one[int](t, d.super, `SELECT (SELECT count(*) FROM text) + 6`), Snapshots: 1, Accounts: 1, Records: 3, Leaves: 3}
	if got, err := d.Check(t.Context()); err != nil || got != want {
		t.Fatalf("checked %+v, want %+v: %v", got, want, err)
	}
	tables := []string{"event", "text", "note", "note_step", "snapshot", "record", "leaf"}
	must(t, d.super, `CREATE SCHEMA kept; CREATE TABLE kept.cases AS TABLE cases`)
	for _, table := range tables {
		must(t, d.super, `CREATE TABLE kept.`+table+` AS TABLE `+table)
	}
	for name, statement := range map[string]string{
		"an event that is gone":           `DELETE FROM event WHERE seq = 3`,
		"the last event that is gone":     `DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)`,
		"an event of no kind that is":     `UPDATE event SET type = 'nonsense' WHERE seq = 3`,
		"an event that says else":         `UPDATE event SET data = jsonb_set(data, '{class}', '"private"') WHERE type = 'card_drafted'`,
		"another head":                    `UPDATE cases SET seq = seq + 1`,
		"another step":                    `UPDATE note SET ink = ink - 1`,
		"a text that was changed":         `UPDATE text SET sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) WHERE id LIKE 'title%'`,
		"two texts that were swapped":     `UPDATE text a SET sealed = b.sealed FROM text b WHERE a.id LIKE 'title%' AND b.id LIKE 'otitle%'`,
		"a note that was changed":         `UPDATE note SET sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1)`,
		"a step that was changed":         `UPDATE note_step SET sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) WHERE ink = 1`,
		"a snapshot that says else":       `UPDATE snapshot SET state = jsonb_set(state, '{status}', '"closed"')`,
		"a snapshot that cannot be read":  `UPDATE snapshot SET state = '[]'`,
		"a key that is another's":         `UPDATE cases SET data_key = set_byte(data_key, 40, get_byte(data_key, 40) # 1)`,
		"a case without its first events": `DELETE FROM event`,
		"a line that says else":           `UPDATE record SET outcome = 'done' WHERE id LIKE 'LINE%'`,
		"a line that is gone":             `DELETE FROM record WHERE id LIKE 'RECORD%'`,
		"a leaf that is gone":             `DELETE FROM leaf WHERE number = 1`,
		"a leaf that is another":          `UPDATE leaf SET hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1) WHERE number = 1`,
	} {
		must(t, d.super, statement)
		fresh, err := store.Open(t.Context(), server.Config(d.database, d.keys)) // it knows no key of a case yet
		if err != nil {
			t.Fatal(err)
		}
		_, err = fresh.Check(t.Context())
		fresh.Close()
		if err == nil || !errors.Is(err, store.ErrUnsound) && !errors.Is(err, store.ErrWrongKey) && !casework.IsBroken(err) || strings.Contains(err.Error(), "Samen") {
			t.Errorf("%s: %v", name, err)
		}
		for _, table := range tables {
			must(t, d.super, `SET session_replication_role = replica; DELETE FROM `+table+`; INSERT INTO `+table+` SELECT * FROM kept.`+table+`; SET session_replication_role = origin`)
		}
		must(t, d.super, `UPDATE cases SET seq = k.seq, data_key = k.data_key FROM kept.cases k`)
	}
	if _, err := d.Check(t.Context()); err != nil {
		t.Error("all was put back:", err)
	}
}

// What is held as of a moment is what was there, for one at a time; what came later
// is told from it.
func TestMoment(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	iris := h.account(t, "iris")
	err := store.HoldMoment(t.Context(), server.DSN(h.database), func(m store.Moment) error {
		if m.Rows["account"] != 1 || m.Rows["record"] != 0 || m.Snapshot == "" {
			t.Errorf("the moment is %+v", m)
		}
		if latest, err := store.LatestSchema(); err != nil || m.Schema != latest {
			t.Errorf("schema %d, the last migration is %d, %v", m.Schema, latest, err)
		}
		if err := store.HoldMoment(t.Context(), server.DSN(h.database), nil); !errors.Is(err, store.ErrBackingUp) {
			t.Errorf("two hold it: %v", err)
		}
		if err := store.CompareRows(t.Context(), server.DSN(h.database), m.Schema, m.Rows); err != nil {
			t.Error(err)
		}
		h.open(t, "CASE", iris)
		for name, err := range map[string]error{
			"table":  store.CompareRows(t.Context(), server.DSN(h.database), m.Schema, m.Rows),
			"schema": store.CompareRows(t.Context(), server.DSN(h.database), m.Schema+1, m.Rows),
		} {
			if err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("a %s that differs: %v", name, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// The key of a seal opens under the master key that wrapped it, and under those that
// followed it; its fingerprint changes with what wraps.
func TestSealOfABackup(t *testing.T) {
	t.Parallel()
	keys := storetest.Keys(t)
	wrapped, err := keys.WrapSeal([]byte("key of a seal"))
	if err != nil {
		t.Fatal(err)
	}
	rotated, err := keys.Rotated()
	if err != nil {
		t.Fatal(err)
	}
	for name, k := range map[string]*store.Keyring{"its own": keys, "the one that followed": rotated} {
		if got, err := k.UnwrapSeal(wrapped); err != nil || string(got) != "key of a seal" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if _, err := storetest.Keys(t).UnwrapSeal(wrapped); !errors.Is(err, store.ErrWrongKey) {
		t.Errorf("another key: %v", err)
	}
	if keys.Fingerprint() == rotated.Fingerprint() || len(keys.Fingerprint()) != 8 {
		t.Errorf("fingerprints %s and %s", keys.Fingerprint(), rotated.Fingerprint())
	}
}
