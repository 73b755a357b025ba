package store_test

import (
	"regexp"
	"strings"
	"testing"
)

// However the statistics of the queue stand, what gets its leaf comes off it by going
// through it once: when they were taken of an empty one, each record of a batch went
// through all of it.
func TestQueueIsGoneThroughOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	must(t, h.super, `INSERT INTO record_waiting SELECT 'X' || n, now() FROM generate_series(1, 500) n`)
	must(t, h.super, `DELETE FROM record_waiting`)
	must(t, h.super, `ANALYZE record_waiting`)
	conn, err := h.super.Connx(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // it only read
	var function struct {
		Text   string `db:"prosrc"`
		Config string `db:"config"`
	}
	if err := conn.GetContext(t.Context(), &function, `SELECT prosrc, array_to_string(proconfig, ';') AS config FROM pg_proc WHERE proname = 'append_leaves'`); err != nil {
		t.Fatal(err)
	}
	for setting := range strings.SplitSeq(function.Config, ";") {
		if _, err := conn.ExecContext(t.Context(), `SET `+setting); err != nil {
			t.Fatal(err)
		}
	}
	taking := regexp.MustCompile(`DELETE [^;]+`).FindString(function.Text)
	taking = strings.Replace(taking, "unnest(records, ats)", "unnest($1, $2)", 1)
	if _, err := conn.ExecContext(t.Context(), `PREPARE taking (text[], timestamptz[]) AS `+taking); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"force_generic_plan", "force_custom_plan"} {
		if _, err := conn.ExecContext(t.Context(), `SET plan_cache_mode = `+kind); err != nil {
			t.Fatal(err)
		}
		var lines []string
		if err := conn.SelectContext(t.Context(), &lines, `EXPLAIN EXECUTE taking ('{X1}', '{2026-03-02Z}')`); err != nil {
			t.Fatal(err)
		}
		plan := strings.Join(lines, "\n")
		if !strings.Contains(plan, "Merge Join") || !strings.Contains(plan, "Index Scan using record_waiting_pkey") {
			t.Errorf("%s:\n%s", kind, plan)
		}
	}
}
