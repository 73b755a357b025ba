package store_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/audit"
)

// The indexes on lines that are seldom leave out what audit.Often says: else a query for
// what is seldom would read every line.
func TestSeldomIndexes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var made []string
	if err := h.super.Select(&made, `SELECT indexdef FROM pg_indexes WHERE tablename = 'record' AND indexname LIKE 'record_%_seldom' ORDER BY indexname`); err != nil {
		t.Fatal(err)
	}
	if len(made) != 2 {
		t.Fatalf("indexes: %q", made)
	}
	var often []string
	for _, event := range audit.Often {
		often = append(often, string(event))
	}
	for _, index := range made {
		_, where, _ := strings.Cut(index, "event <> ALL")
		var left []string
		for _, word := range regexp.MustCompile(`'?([a-z_]{4,})'?`).FindAllStringSubmatch(where, -1) {
			if word[1] != "text" && word[1] != "array" {
				left = append(left, word[1])
			}
		}
		if !slices.Equal(left, often) || !strings.Contains(index, "outcome = 'refused'") {
			t.Errorf("%s leaves out %v", index, left)
		}
	}
}
