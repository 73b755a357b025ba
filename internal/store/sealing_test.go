package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/store/storetest"
)

// A sealed text is bound to its case and its id: rows that somebody swaps in the
// database do not open in the other's place.
func TestSwappedTextsDoNotOpen(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	iris := h.account(t, "iris")
	cases := []casework.CaseID{h.open(t, "CASEA", iris), h.open(t, "CASEB", iris)}
	for _, c := range cases {
		h.append(t, c, iris, draft(card, text("title", "Titel"), text("body", "Tekst")))
	}
	must(t, h.super, `CREATE TABLE good_text AS SELECT * FROM text`)
	must(t, h.super, `CREATE TABLE good_cases AS SELECT * FROM cases`)
	for name, swap := range map[string]string{
		"between ids":   `UPDATE text t SET sealed = o.sealed FROM text o WHERE t.case_id = o.case_id AND t.object = '` + string(card) + `' AND o.object = t.object AND o.id <> t.id`,
		"between cases": `UPDATE text t SET sealed = o.sealed FROM text o WHERE t.id = o.id AND t.case_id <> o.case_id`,
		"keys of cases": `UPDATE cases t SET data_key = o.data_key FROM cases o WHERE t.id <> o.id`,
		"a bit":         `UPDATE text SET sealed = set_byte(sealed, length(sealed) - 1, get_byte(sealed, length(sealed) - 1) # 1)`,
		"cut short":     `UPDATE text SET sealed = substr(sealed, 1, 10)`,
		"emptied":       `UPDATE text SET sealed = ''`,
	} {
		fresh := storetest.Open(t, server.Config(h.database, h.keys)) // holds no opened key yet
		must(t, h.super, swap)
		for _, c := range cases {
			if _, err := fresh.LoadState(t.Context(), fresh.Reader(), c); !errors.Is(err, store.ErrWrongKey) {
				t.Errorf("%s: the state opens: %v", name, err)
			}
			if _, err := fresh.EventsAfter(t.Context(), fresh.Reader(), c, 0); !errors.Is(err, store.ErrWrongKey) {
				t.Errorf("%s: the events open: %v", name, err)
			}
			if name == "between ids" {
				continue // the name stayed in its place
			}
			if body, err := fresh.CaseName(t.Context(), fresh.Reader(), c); !errors.Is(err, store.ErrWrongKey) || body != "" {
				t.Errorf("%s: the name opens: %q, %v", name, body, err)
			}
		}
		must(t, h.super, `UPDATE text t SET sealed = g.sealed FROM good_text g WHERE t.case_id = g.case_id AND t.id = g.id`)
		must(t, h.super, `UPDATE cases t SET data_key = g.data_key FROM good_cases g WHERE t.id = g.id`)
		if _, err := fresh.LoadState(t.Context(), fresh.Reader(), cases[0]); err != nil {
			t.Errorf("%s: put right, it does not open: %v", name, err)
		}
	}
}

func TestWrongMasterKeyIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	other, err := store.Open(t.Context(), server.Config(h.database, storetest.Keys(t)))
	if !errors.Is(err, store.ErrWrongKey) || other != nil {
		t.Fatalf("opened with another key: %v", err)
	}
	if words := err.Error(); strings.Contains(words, "\n") || !strings.Contains(words, "use the key file it was made with") {
		t.Errorf("the operator reads %q", words)
	}
	storetest.Open(t, server.Config(h.database, h.keys)) // the right one still opens
}

// Nothing that somebody typed is readable in the database, whatever the table.
func TestDumpHoldsNoContent(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	iris := h.account(t, "iris")
	c := h.open(t, "CASE", iris)
	const canary = "Kanariegeel"
	h.append(t, c, iris,
		&casework.CaseRenamed{Name: text("name2", canary)},
		&casework.PersonAdded{Person: id[casework.PersonID]("PERSON"), Kind: casework.ViewChild, Class: casework.Shared,
			Name: text("pname", canary), Calls: text("pcalls", canary), Born: text("pborn", canary)},
		&casework.ColumnRenamed{Column: id[casework.ColumnID]("COLUMN"), Title: text("column2", canary)},
		draft(id[casework.CardID]("CARD"), text("title", canary), text("body", canary)),
		&casework.CardRetitled{Card: id[casework.CardID]("CARD"), Title: text("title2", canary)},
		&casework.CardEdited{Card: id[casework.CardID]("CARD"), Text: text("body2", canary)})
	if err := h.SaveSnapshot(t.Context(), h.load(t, c)); err != nil {
		t.Fatal(err)
	}
	var tables []string
	if err := h.super.Select(&tables, `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`); err != nil || len(tables) < 15 {
		t.Fatal(tables, err)
	}
	for _, table := range tables {
		// In text, and in bytes as they would stand in a file.
		n := one[int](t, h.super, `SELECT count(*) FROM `+table+` t WHERE t::text ILIKE '%' || $1 || '%' OR t::text ILIKE '%' || encode($1::bytea, 'hex') || '%'`, canary)
		if n != 0 {
			t.Errorf("%d rows of %s are readable", n, table)
		}
	}
	if state := h.load(t, c); state.Name.Body != canary || state.Cards[id[casework.CardID]("CARD")].Text.Body != canary {
		t.Error("the key does not open it again")
	}
}

// Tokens of one node open on another of the same database, and nowhere else.
func TestTokensAreOfOneDatabase(t *testing.T) {
	t.Parallel()
	h, other := newHouse(t), newHouse(t)
	node := storetest.Open(t, server.Config(h.database, h.keys))
	token := h.Tokens("live").Seal("CASE 7")
	if plain, ok := node.Tokens("live").Open(token); !ok || plain != "CASE 7" {
		t.Errorf("the other node reads %q, %v", plain, ok)
	}
	for name, sealer := range map[string]store.TokenSealer{"another purpose": h.Tokens("other"), "another database": other.Tokens("live")} {
		if _, ok := sealer.Open(token); ok {
			t.Error(name, "opens it")
		}
	}
	for _, bad := range []string{"", "x", "!", token[1:], token + "A", strings.Repeat("A", 100_000)} {
		if _, ok := h.Tokens("live").Open(bad); ok {
			t.Errorf("opens %.20q", bad)
		}
	}
}
