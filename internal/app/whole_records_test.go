package app_test

import (
	"database/sql"
	"testing"
)

// wholeRecords holds every record of every test of this package to what NEN 7513 asks
// of one: a new caller that forgets something fails the test that it is in. Who does
// something at a table is of a team; who is told that there is nothing is of none.
func wholeRecords(t *testing.T, admin *sql.DB) {
	rows, err := admin.Query(`SELECT DISTINCT event, outcome, concat_ws(',',
			CASE WHEN checks = '' THEN 'checks' END,
			CASE WHEN source = '' THEN 'source' END,
			CASE WHEN policy = '' THEN 'policy' END,
			CASE WHEN access_point NOT LIKE '%_/_%' THEN 'access point' END,
			CASE WHEN outcome = 'done' AND case_id <> '' AND relation = '' THEN 'relation' END,
			CASE WHEN ground <> '' AND relation = '' THEN 'relation to a ground' END,
			CASE WHEN case_id = '' AND relation <> '' THEN 'case of a relation' END,
			CASE WHEN outcome = 'refused' AND NOT detail ? 'reason' THEN 'reason' END,
			CASE WHEN outcome = 'done' AND object <> '' AND object_kind = '' THEN 'kind' END,
			CASE WHEN event IN ('join', 'view', 'view_team', 'export') AND outcome = 'done' AND (object_version = '' OR NOT detail ? 'persons') THEN 'version or persons' END)
		FROM record WHERE access_point <> ''`)
	if err != nil {
		t.Error(err)
		return
	}
	defer rows.Close()
	for rows.Next() {
		var event, outcome, lacks string
		if err := rows.Scan(&event, &outcome, &lacks); err != nil {
			t.Error(err)
		}
		if lacks != "" {
			t.Errorf("a record of %s (%s) lacks %s", event, outcome, lacks)
		}
	}
	if err := rows.Err(); err != nil {
		t.Error(err)
	}
}
