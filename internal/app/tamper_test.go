package app_test

import (
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/store/storetest"
)

// verdict verifies the log as it is, trusting the keys.
func (c conference) verdict(t *testing.T, signing *store.Signing, keys audit.Keys, witnesses ...*audit.CosignVerifier) audit.Verdict {
	t.Helper()
	trusted, err := audit.Verifiers(keys.Verifiers()...)
	if err != nil {
		t.Fatal(err)
	}
	outside, err := signing.Newest()
	if err != nil {
		t.Fatal(err)
	}
	var verdict audit.Verdict
	err = store.ReadLog(t.Context(), c.config.Committer, func(log audit.Log) (err error) {
		log.Outside = outside
		verdict, err = audit.Verify(log, trusted, witnesses...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return verdict
}

const (
	ofRecord = ` WHERE (id, at) = (SELECT record, at FROM leaf WHERE number = 4)`
	all      = -1 // no one leaf can be named
)

// Whatever somebody who may do everything in the database does to the log is found, and
// where: the number of the first bad leaf, or between which checkpoints it is.
func TestTampering(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	signing := storetest.Signing(t)
	a := c.signed(t, "signs", signing)
	first := c.checkpoint(t, a)
	c.card(t, "iris", "Wat wil Fenna?", nil)
	second := c.checkpoint(t, a)
	c.card(t, "iris", "Hoe?", nil)
	third := c.checkpoint(t, a)
	keys, err := signing.Keys()
	if err != nil {
		t.Fatal(err)
	}
	if v := c.verdict(t, signing, keys); v.Status != audit.Sound {
		t.Fatal(v)
	}
	tables := []string{"record", "leaf", "checkpoint", "record_waiting", "record_count"}
	for _, table := range tables {
		c.exec(t, `CREATE TABLE kept_`+table+` AS SELECT * FROM `+table)
	}
	type tampering struct {
		do       []string
		number   int64
		from, to int64
	}
	tries := map[string]tampering{
		"a record is gone":                        {[]string{`DELETE FROM record` + ofRecord}, 4, 0, 0},
		"a leaf is gone":                          {[]string{`DELETE FROM leaf WHERE number = 4`}, 4, 0, 0},
		"a record and its leaf are gone":          {[]string{`DELETE FROM record` + ofRecord, `DELETE FROM leaf WHERE number = 4`}, 4, 0, 0},
		"two leaves change places":                {[]string{`UPDATE leaf a SET record = b.record, at = b.at FROM leaf b WHERE (a.number, b.number) IN ((4, 5), (5, 4))`}, 4, 0, 0},
		"all is gone":                             {[]string{`TRUNCATE record`, `TRUNCATE leaf`, `TRUNCATE checkpoint CASCADE`, `TRUNCATE record_waiting`}, 0, 0, 0},
		"the end is cut off":                      {[]string{fmt.Sprintf(`DELETE FROM leaf WHERE number >= %d`, second.Size), fmt.Sprintf(`DELETE FROM checkpoint WHERE size > %d`, second.Size)}, second.Size, 0, 0},
		"the end is cut off, but not checkpoints": {[]string{`DELETE FROM leaf WHERE number >= 4`}, 4, 0, 0},
		"a checkpoint between is gone":            {[]string{fmt.Sprintf(`DELETE FROM checkpoint WHERE size = %d`, second.Size)}, all, first.Size, third.Size},
		"the first checkpoint is gone":            {[]string{fmt.Sprintf(`DELETE FROM checkpoint WHERE size = %d`, first.Size)}, all, 0, second.Size},
		"the newest checkpoint is gone":           {[]string{fmt.Sprintf(`DELETE FROM checkpoint WHERE size = %d`, third.Size)}, all, second.Size, third.Size},
		"a checkpoint is another":                 {[]string{fmt.Sprintf(`UPDATE checkpoint SET note = replace(note, E'\nprevious', E'\nPrevious') WHERE size = %d`, second.Size)}, all, first.Size, second.Size},
		"a checkpoint is of another size":         {[]string{fmt.Sprintf(`UPDATE checkpoint SET size = size - 1 WHERE size = %d`, second.Size)}, all, first.Size, second.Size - 1},
		"a hash beside a leaf":                    {[]string{`UPDATE leaf SET hashes = set_byte(hashes, 40, 1 - sign(get_byte(hashes, 40))::int) WHERE number = 3`}, 3, 0, 0},
		"the hash of a leaf":                      {[]string{`UPDATE leaf SET hashes = set_byte(hashes, 0, 255 - get_byte(hashes, 0)) WHERE number = 3`}, 3, 0, 0},
		"what stands in for a detail":             {[]string{`UPDATE leaf SET detail_hash = set_byte(detail_hash, 0, 255 - get_byte(detail_hash, 0)) WHERE number = 4`}, 4, 0, 0},
		"another form":                            {[]string{`UPDATE leaf SET form = 2 WHERE number = 4`}, 4, 0, 0},
		"a leaf before the first":                 {[]string{`INSERT INTO leaf SELECT -1, record, at, form, detail_hash, hashes FROM leaf WHERE number = 4`}, 0, 0, 0},
		"a detail is back":                        {[]string{`UPDATE record SET detail_salt = NULL` + ofRecord}, 4, 0, 0},
		"a detail is emptied":                     {[]string{`UPDATE record SET detail = '{}', question = 'q'` + ofRecord}, 4, 0, 0},
		"a record is put in": {[]string{`ALTER TABLE record DISABLE TRIGGER await_leaf`,
			`INSERT INTO record SELECT (jsonb_populate_record(r, '{"id": "PUTIN22222222222"}')).* FROM record r` + ofRecord, `ALTER TABLE record ENABLE TRIGGER await_leaf`}, all, third.Size, third.Size},
		"more is counted than there is": {[]string{`UPDATE record_count SET h0 = h0 + 1 WHERE ctid = (SELECT min(ctid) FROM record_count)`}, all, third.Size, third.Size},
		"less is counted than there is": {[]string{`DELETE FROM record_count WHERE ctid = (SELECT min(ctid) FROM record_count)`}, all, third.Size, third.Size},
		"a record that waits is gone":   {[]string{`INSERT INTO record_waiting VALUES ('GONE', now())`}, all, third.Size, third.Size},
	}
	for _, column := range strings.Fields(`event outcome checks account role organisation behalf access_point source case_id object_kind object object_version
		policy_rule policy relation ground question request actor_organisation case_organisation`) {
		tries["another "+column] = tampering{[]string{`UPDATE record SET ` + column + ` = ` + column + ` || 'x'` + ofRecord}, 4, 0, 0}
	}
	tries["another action"] = tampering{[]string{`UPDATE record SET action = CASE action WHEN 'D' THEN 'E' ELSE 'D' END` + ofRecord}, 4, 0, 0}
	tries["another time"] = tampering{[]string{`UPDATE record SET at = at + interval '1 microsecond'` + ofRecord}, 4, 0, 0}
	tries["another id"] = tampering{[]string{`UPDATE record SET id = 'OTHER22222222222'` + ofRecord}, 4, 0, 0}
	tries["another detail"] = tampering{[]string{`UPDATE record SET detail = detail || '{"reason": "other"}'` + ofRecord}, 4, 0, 0}
	tries["another salt"] = tampering{[]string{`UPDATE record SET salt = set_byte(salt, 0, 255 - get_byte(salt, 0))` + ofRecord}, 4, 0, 0}
	for what, try := range tries {
		c.exec(t, try.do...)
		v := c.verdict(t, signing, keys)
		right := v.Number != nil && *v.Number == try.number
		if try.number == all {
			right = v.Number == nil && v.From == try.from && v.To == try.to
		}
		if v.Status != audit.Tampered || !right {
			t.Errorf("%s: %s", what, v)
		}
		for _, table := range tables {
			c.exec(t, `TRUNCATE `+table+` CASCADE`)
		}
		c.exec(t, `ALTER TABLE record DISABLE TRIGGER await_leaf`, `ALTER TABLE leaf DISABLE TRIGGER count_leaves`)
		for _, table := range tables {
			c.exec(t, `INSERT INTO `+table+` SELECT * FROM kept_`+table)
		}
		c.exec(t, `ALTER TABLE record ENABLE TRIGGER await_leaf`, `ALTER TABLE leaf ENABLE TRIGGER count_leaves`)
	}

	// Rewritten whole, with another key: those who know the true one see it.
	forged := storetest.Signing(t)
	c.exec(t, `UPDATE record SET account = 'SOMEBODYELSE2222'`+ofRecord, `INSERT INTO record_waiting SELECT id, at FROM record`, `TRUNCATE leaf`, `TRUNCATE checkpoint CASCADE`)
	rewritten := c.checkpoint(t, c.signed(t, "forger", forged))
	if v := c.verdict(t, forged, keys); v.Status != audit.Tampered || v.Number != nil {
		t.Error(v)
	}
	for _, outside := range []*store.Signing{signing, {Key: signing.Key, Checkpoint: forged.Key + ".none"}} {
		if v := c.verdict(t, outside, keys); v.Status != audit.Tampered || v.Number != nil || v.From != 0 || v.To != rewritten.Size {
			t.Error(v)
		}
	}
}

// What is not bad but cannot be checked is told apart: records that wait too long, and
// leaves that nobody signed. A detail that was erased changes nothing.
func TestIncomplete(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	signing := storetest.Signing(t)
	a := c.signed(t, "signs", signing)
	c.checkpoint(t, a)
	keys, err := signing.Keys()
	if err != nil {
		t.Fatal(err)
	}
	c.exec(t, `UPDATE record SET detail = NULL, detail_salt = NULL, question = ''`+ofRecord)
	if v := c.verdict(t, signing, keys); v.Status != audit.Sound || !strings.Contains(v.Why, "of 1 the detail was erased") {
		t.Error(v)
	}
	c.card(t, "iris", "Wat wil Fenna?", nil) // in March 2026, as this clock has it: long ago
	if v := c.verdict(t, signing, keys); v.Status != audit.Incomplete || !strings.Contains(v.Why, "wait") {
		t.Error(v)
	}
	stop := c.sequence(t, c.App) // it has no key
	c.grown(t)
	stop()
	if v := c.verdict(t, signing, keys); v.Status != audit.Incomplete || !strings.Contains(v.Why, "not signed yet") {
		t.Error(v)
	}
	c.checkpoint(t, a)
	if v := c.verdict(t, signing, keys); v.Status != audit.Sound {
		t.Error(v)
	}
}

// A log is not sound to whoever trusts a witness when that does not keep up with it, or
// what stands in its name under a checkpoint is not its word.
func TestWitnessedLogIsVerified(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	signing := storetest.Signing(t)
	a := c.signed(t, "signs", signing)
	keys, err := signing.Keys()
	if err != nil {
		t.Fatal(err)
	}
	secret, trusted, err := audit.NewWitnessKey(rand.Reader, "witness.example.org")
	if err != nil {
		t.Fatal(err)
	}
	witness, err := audit.NewCosigner(secret, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	cosigns := func(checkpoint store.Checkpoint) {
		text, _, _ := strings.Cut(checkpoint.Note, "\n\n")
		signed, err := note.Sign(&note.Note{Text: text + "\n"}, witness)
		if err != nil {
			t.Fatal(err)
		}
		_, line, by, at, err := audit.CosignatureOf(signed, []*audit.CosignVerifier{trusted})
		if err != nil {
			t.Fatal(err)
		}
		if known, err := c.store.Cosign(t.Context(), store.Cosignature{Size: checkpoint.Size, Witness: by.Name(), At: at, Line: line}, text+"\n"); err != nil || !known {
			t.Fatal(known, err)
		}
	}
	says := func(what string, status audit.Status, why string) {
		t.Helper()
		if v := c.verdict(t, signing, keys, trusted); v.Status != status || !strings.Contains(v.Why, why) {
			t.Errorf("%s: %s", what, v)
		}
	}
	first := c.checkpoint(t, a)
	says("before it looked", audit.Incomplete, `nothing was seen by witness "witness.example.org"`)
	cosigns(first)
	says("when it looked", audit.Sound, fmt.Sprintf("saw %d leaves", first.Size))
	c.card(t, "iris", "Wat wil Fenna?", nil) // in March 2026, as this clock has it: long ago
	second := c.checkpoint(t, a)
	says("later", audit.Incomplete, fmt.Sprintf("saw the log up to number %d,", first.Size-1))
	cosigns(second)
	says("when it looked again", audit.Sound, fmt.Sprintf("saw %d leaves", second.Size))
	c.exec(t, fmt.Sprintf(`UPDATE cosignature SET line = (SELECT line FROM cosignature WHERE size = %d) WHERE size = %d`, first.Size, second.Size))
	if v := c.verdict(t, signing, keys, trusted); v.Status != audit.Tampered || v.From != first.Size || v.To != second.Size {
		t.Errorf("another cosignature: %s", v)
	}
	c.exec(t, `UPDATE cosignature SET line = 'nonsense'`)
	if v := c.verdict(t, signing, keys, trusted); v.Status != audit.Tampered || v.From != 0 || v.To != first.Size {
		t.Errorf("no cosignature: %s", v)
	}
	if v := c.verdict(t, signing, keys); v.Status != audit.Sound {
		t.Errorf("to whoever trusts no witness: %s", v)
	}
}

// What erasing a case takes from its records leaves the log sound, and the log tells that
// something was erased; putting something back in its place is found.
func TestErasedCaseLeavesTheLogSound(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	signing := storetest.Signing(t)
	a := c.signed(t, "signs", signing)
	els, joke := c.keepers(t)
	c.card(t, "iris", "Kaart", nil)
	c.closedFor(t, 21)
	before := c.checkpoint(t, a)
	asked := c.askedErasing(t, els)
	if err := c.AnswerKeeping(t.Context(), joke, asked, app.KeepingAnswer{Yes: true, Typed: string(c.store.CaseCode(c.id))}); err != nil {
		t.Fatal(err)
	}
	c.checkpoint(t, a)
	keys, err := signing.Keys()
	if err != nil {
		t.Fatal(err)
	}
	erased := one[int](t, c.door, `SELECT count(*) FROM record WHERE detail_salt IS NULL`)
	v := c.verdict(t, signing, keys)
	if erased == 0 || v.Status != audit.Sound || !strings.HasSuffix(v.Why, fmt.Sprintf("of %d the detail was erased", erased)) {
		t.Errorf("%d details were erased: %s", erased, v)
	}
	number := one[int64](t, c.door, `SELECT min(number) FROM leaf JOIN record r ON (r.id, r.at) = (record, leaf.at) WHERE r.detail_salt IS NULL`)
	if number >= before.Size {
		t.Errorf("nothing that was signed before was erased: the first is %d of %d", number, before.Size)
	}
	c.exec(t, fmt.Sprintf(`UPDATE record SET detail = '{}' WHERE (id, at) = (SELECT record, at FROM leaf WHERE number = %d)`, number))
	if v := c.verdict(t, signing, keys); v.Status != audit.Tampered || v.Number == nil || *v.Number != number {
		t.Error(v)
	}
}

// A restored log is gone on with when the operator says why, on the record; what is
// sound, or does not agree with itself, is not accepted.
func TestAcceptRestored(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	signing := storetest.Signing(t)
	a := c.signed(t, "signs", signing)
	first := c.checkpoint(t, a)
	if _, err := a.AcceptRestored(t.Context(), signing, "a test"); err == nil || !strings.Contains(err.Error(), "nothing to accept") {
		t.Errorf("a sound log: %v", err)
	}
	c.card(t, "iris", "Wat wil Fenna?", nil)
	c.checkpoint(t, a)
	c.exec(t, `INSERT INTO record_waiting SELECT record, at FROM leaf WHERE number >= `+fmt.Sprint(first.Size), `DELETE FROM leaf WHERE number >= `+fmt.Sprint(first.Size),
		`SELECT recount_records(month) FROM (SELECT DISTINCT month FROM record_count) m`)
	if _, err := a.AcceptRestored(t.Context(), signing, "a test"); err == nil || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("one that does not agree with itself: %v", err)
	}
	c.exec(t, `DELETE FROM checkpoint WHERE size > `+fmt.Sprint(first.Size))
	after := c.signed(t, "after", signing)
	if _, err := after.Checkpoint(t.Context()); reason(err) != "log_held" {
		t.Errorf("it is not held: %v", err)
	}
	c.clock.turn(time.Minute)
	aside, err := after.AcceptRestored(t.Context(), signing, "backup of Sunday")
	if err != nil || aside == "" {
		t.Fatal(err)
	}
	if reason := one[string](t, c.door, `SELECT detail ->> 'reason' FROM record WHERE event = 'log_restored'`); reason != "backup of Sunday" {
		t.Errorf("reason %q", reason)
	}
	c.checkpoint(t, after)
	keys, err := signing.Keys()
	if err != nil {
		t.Fatal(err)
	}
	if v := c.verdict(t, signing, keys); v.Status != audit.Sound {
		t.Error(v)
	}
}
