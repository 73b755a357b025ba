package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/backup"
	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/pgkeeper"
	"github.com/casustafel/casustafel/internal/store"
)

// privateTable is a table on a private cluster of its own, as most installations
// have it, with a place for backups and the key that opens them.
type privateTable struct {
	setup
	*table
	kept                     *keptCluster
	out, identity, recipient string
}

func newPrivateTable(t *testing.T) (*privateTable, *node) {
	t.Helper()
	p := &privateTable{setup: newSetup(t), kept: newKept(t)}
	p.kept.keep(startWithin)
	if err := store.Migrate(t.Context(), p.kept.dsn(pgkeeper.SuperRole, databaseName)); err != nil {
		t.Fatal(err)
	}
	keys, err := store.OpenKeyFile(p.key)
	if err != nil {
		t.Fatal(err)
	}
	p.table = tableOn(t, keys)
	p.out, p.identity = filepath.Join(p.dir, "out"), filepath.Join(p.dir, "identity")
	if err := os.Mkdir(p.out, 0o700); err != nil {
		t.Fatal(err)
	}
	p.recipient = strings.TrimSpace(p.done(t, "", "backup", "key", p.identity))
	n := p.startAs(serveCmd{Node: "first", limits: unlimited}, private(p.kept.dsn, nil))
	p.seed(n)
	return p, n
}

func (p *privateTable) data() []string {
	return []string{"--data-dir=" + p.kept.dir, "--master-key-file=" + p.key}
}

// backs makes a backup and gives its file and what was said.
func (p *privateTable) backs(t *testing.T, more ...string) (file, said string) {
	t.Helper()
	said = p.done(t, "", append(append([]string{"backup", "--to=" + p.out, "--recipient=" + p.recipient}, p.data()...), more...)...)
	file, _, _ = strings.Cut(said, ":")
	return file, said
}

func (p *privateTable) restores(file string, more ...string) []string {
	return append([]string{"restore", "--from=" + file, "--identity=" + p.identity, "--master-key-file=" + p.key,
		"--data-dir=" + filepath.Join(p.dir, "restored")}, more...)
}

// Promises 2 and 7 for backups: made while people write, of one moment; restored, it
// is what was there; and neither it nor anything on the way shows content.
func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	p, n := newPrivateTable(t)
	stop := make(chan struct{})
	var writing sync.WaitGroup
	writing.Go(func() { p.writes(t, p.watch(n, "Iris"), stop) })
	first, said := p.backs(t)
	close(stop)
	writing.Wait()
	said += p.done(t, "", append([]string{"backup", "verify", "--from=" + first, "--identity=" + p.identity}, p.data()...)...)
	if !strings.Contains(said, "not verified") || !regexp.MustCompile(`(?m)^verified: as of \S+: 1 cases with \d{2,} events and \d{2,} texts, .* every case folds, every text opens, every leaf is that of its line$`).MatchString(said) {
		t.Errorf("it said %q", said)
	}

	before := map[string]string{}
	for _, name := range []string{"Iris", "Ruben"} {
		before[name] = encoded(t, p.watch(n, name).sees())
	}
	if err := n.close(); err != nil {
		t.Fatal(err)
	}
	file, told := p.backs(t)
	p.refusesWhatIsNoBackup(t, file)
	p.signsMoreThanIsInBackups(t)
	told += p.done(t, "", p.restores(file)...)
	p.showsNoContent(t, file, said+told)
	if !strings.Contains(told, "as of ") || !strings.Contains(told, "accounts and lends that ended") || !strings.Contains(told, "OLDER than what was signed") || !strings.Contains(told, "1000000 were signed") || !strings.Contains(told, p.keys.Fingerprint()) {
		t.Errorf("it said %q", told)
	}

	restored := &keptCluster{t: t, dir: filepath.Join(p.dir, "restored")}
	restored.keep(startWithin)
	t.Cleanup(restored.end)
	if want, got := dumpOf(t, p.kept), dumpOf(t, restored); got != want {
		t.Errorf("what came back differs: %s", firstDifference(want, got))
	}
	p.endsWhatWasOpen(t, restored)
	again := p.startAs(serveCmd{Node: "second", limits: unlimited}, private(restored.dsn, nil))
	for name, saw := range before {
		if got := encoded(t, p.watch(again, name).sees()); got != saw {
			t.Errorf("%s sees else than before: %s", name, firstDifference(saw, got))
		}
	}
	if err := again.close(); err != nil {
		t.Error(err)
	}
	if said := p.done(t, "", append([]string{"backup", "check"}, p.data()...)...); !strings.HasPrefix(said, "sound: 1 cases") {
		t.Errorf("it said %q", said)
	}
	p.setup.refused(t, "", p.restores(file), "not empty and is left as it is", "--data-dir")
	p.backsUpBeside(t)
}

// writes puts canaries on the table until it is told to stop.
func (p *privateTable) writes(t *testing.T, who *watcher, stop chan struct{}) {
	for n := 1; ; n++ {
		select {
		case <-stop:
			return
		default:
		}
		made := who.must(t, "draft_card", map[string]any{"column": who.sees().Columns[0].ID, "title": "Over " + casetest.Canary(n), "class": "shared", "kind": "fact"})
		who.must(t, "table_card", map[string]any{"card": made})
		was := who.sees().Cards[cardOf(made)].Text
		who.must(t, "write_note", map[string]any{"card": made, "base": was.Base, "changes": casetest.Writing(was.Body, 0, casetest.Canary(n+10000))})
	}
}

// refusesWhatIsNoBackup gives what a restore may be given by mistake or by malice. No
// data directory comes of any of it.
func (p *privateTable) refusesWhatIsNoBackup(t *testing.T, file string) {
	t.Helper()
	sound, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	put := func(name string, content []byte) string {
		path := filepath.Join(p.dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	flipped := bytes.Clone(sound)
	flipped[len(flipped)/2] ^= 1
	stranger := filepath.Join(p.dir, "stranger")
	p.done(t, "", "backup", "key", stranger)
	other := put("other.key", nil)
	if keys, err := store.NewKeyring(); err != nil || keys.Save(other) != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args  []string
		parts []string
	}{
		{p.restores(filepath.Join(p.dir, "nowhere.age")), []string{"read the backup", "nowhere.age"}},
		{p.restores(put("letter.age", []byte("Lieve Ans"))), []string{"no backup of Casustafel"}},
		{p.restores(put("cut.age", sound[:len(sound)-100])), []string{"damaged", "older one"}},
		{p.restores(put("flipped.age", flipped)), []string{"damaged", "older one"}},
		{p.restores(file, "--identity="+stranger), []string{"this identity does not open", "recipient"}},
		{p.restores(file, "--identity="+file), []string{"no identity", "casustafel backup key"}},
		{p.restores(file, "--master-key-file="+other), []string{"under master key " + p.keys.Fingerprint(), "--master-key-file"}},
		{p.restores(file, "--master-key-file="+filepath.Join(p.dir, "lost.key")), []string{"worth nothing", "lost.key"}},
		{p.restores(put("newer.age", p.sealed(t, 99999, "x"))), []string{"newer program", "99999"}},
		{p.restores(put("forged.age", p.sealed(t, 1, "x")), "--master-key-file="+other), []string{"under master key"}},
		{p.restores(file, "--database-url=postgres://nobody@nowhere/x?sslmode=disable"), []string{"private PostgreSQL", "--data-dir"}},
	} {
		p.setup.refused(t, "", c.args, c.parts...)
	}
	p.left(t, "restored")
}

// signsMoreThanIsInBackups: after the backup the log grew, and that was signed.
func (p *privateTable) signsMoreThanIsInBackups(t *testing.T) {
	t.Helper()
	signing := store.SigningBeside(filepath.Join(filepath.Dir(p.key), "audit.key"))
	if err := signing.Make(); err != nil {
		t.Fatal(err)
	}
	keys, err := signing.Keys()
	if err != nil {
		t.Fatal(err)
	}
	signed, err := keys.Sign(audit.Checkpoint{Size: 1000000}, "")
	if err == nil {
		err = signing.Keep(signed)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// sealed is a file that was made with the right keys, of a schema.
func (p *privateTable) sealed(t *testing.T, schema int64, archive string) []byte {
	t.Helper()
	recipients, err := backup.ReadRecipients([]string{p.recipient})
	if err != nil {
		t.Fatal(err)
	}
	key := backup.NewSealKey()
	wrapped, err := p.keys.WrapSeal(key)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	header := backup.Header{Schema: schema, MasterKey: p.keys.Fingerprint(), Seal: wrapped}
	if err := backup.Write(&file, recipients, header, key, func(to io.Writer) error { _, err := io.WriteString(to, archive); return err }); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// showsNoContent looks for canaries, names and keys in what left the cluster, and for
// what should not have been left at all.
func (p *privateTable) showsNoContent(t *testing.T, file, said string) {
	t.Helper()
	if !regexp.MustCompile(`^casustafel-\d{8}T\d{6}Z\.age$`).MatchString(filepath.Base(file)) {
		t.Errorf("the backup is called %s", filepath.Base(file))
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup is %v, %v", info.Mode(), err)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for what, text := range map[string]string{"the backup": string(content), "what was said": said, "the log": p.log.String()} {
		noCanary(t, what, text)
		for _, word := range []string{"Iris", "Zilverlinde", "AGE-SECRET", "card_drafted"} {
			if strings.Contains(text, word) && what != "the log" {
				t.Errorf("%s holds %s", what, word)
			}
		}
	}
	for _, pattern := range []string{"casustafel-verify-*", "out/.casustafel-*", "restored/postgres.building"} {
		if found, err := filepath.Glob(filepath.Join(p.dir, pattern)); err != nil || len(found) > 0 {
			t.Errorf("left: %s, %v", found, err)
		}
	}
}

// endsWhatWasOpen: nobody comes in by a session that may have ended since, and that
// it was restored is on the log.
func (p *privateTable) endsWhatWasOpen(t *testing.T, restored *keptCluster) {
	t.Helper()
	count := func(k *keptCluster, query string) (n int) {
		db := sqlx.MustConnect("postgres", k.dsn(pgkeeper.SuperRole, databaseName))
		defer db.Close() //nolint:errcheck // nothing to save
		if err := db.Get(&n, query); err != nil {
			t.Fatal(err)
		}
		return n
	}
	const open = `SELECT count(*) FROM session WHERE ended_at IS NULL`
	if was, is := count(p.kept, open), count(restored, open); was == 0 || is != 0 {
		t.Errorf("%d sessions were open, and %d are", was, is)
	}
	const records = `SELECT count(*) FROM record`
	if was, is := count(p.kept, records), count(restored, records); is != was+1 {
		t.Errorf("%d lines of the log became %d", was, is)
	}
	if n := count(restored, `SELECT count(*) FROM record WHERE event IN ('backup', 'restore') AND account = '' AND access_point LIKE '%command line'`); n != 3 {
		t.Errorf("%d lines tell of two backups and a restore", n)
	}
}

// changedByARestore are the tables whose rows differ after one, all on purpose.
var changedByARestore = []string{"session", "invitation", "sign_in_link", "set_up_link", "passkey_question", "access_epoch", "record*"}

// dumpOf is a whole database as text, with who may do what on it.
func dumpOf(t *testing.T, k *keptCluster) string {
	t.Helper()
	dsn := k.dsn(pgkeeper.SuperRole, databaseName)
	args := []string{"--dbname=" + dsn}
	for _, table := range changedByARestore {
		args = append(args, "--exclude-table-data="+table)
	}
	dump := regexp.MustCompile(`(?m)^\\(un)?restrict .*$`).ReplaceAllString(pgDump(t, args...), "") // a random word
	db := sqlx.MustConnect("postgres", dsn)
	defer db.Close() //nolint:errcheck // nothing to save
	var roles string
	if err := db.Get(&roles, `SELECT (SELECT string_agg(concat_ws(' ', rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolbypassrls), E'\n' ORDER BY rolname) FROM pg_roles)
		|| (SELECT string_agg(concat_ws(' ', roleid::regrole, member::regrole, admin_option), E'\n' ORDER BY roleid::regrole::text, member::regrole::text) FROM pg_auth_members)
		|| (SELECT concat(datacl, ' ', datlocprovider, ' ', datctype) FROM pg_database WHERE datname = current_database())
		|| (SELECT concat(nspowner::regrole, ' ', has_schema_privilege('casustafel_reader', nspname, 'CREATE'), has_schema_privilege('casustafel_reader', nspname, 'USAGE')) FROM pg_namespace WHERE nspname = 'public')`); err != nil {
		t.Fatal(err)
	}
	return dump + roles
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return fmt.Sprintf("line %d:\n%.500s\nnot\n%.500s", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, not %d", len(g), len(w))
}

// backsUpBeside: where a program serves, backups are made when they are due and only
// the newest stay. What fails is told, tried again, and keeps nobody from working.
func (p *privateTable) backsUpBeside(t *testing.T) {
	t.Helper()
	n := p.startAs(serveCmd{Node: "backing up", limits: unlimited, Metrics: freeAddress(t), databaseFlags: databaseFlags{DataDir: p.kept.dir},
		backupFlags: backupFlags{BackupTo: p.out, BackupEvery: time.Second, BackupRecipients: []string{p.recipient}, BackupKeep: 2}}, private(p.kept.dsn, nil))
	defer func() {
		if err := n.close(); err != nil {
			t.Error(err)
		}
	}()
	made := func() int { return strings.Count(p.log.String(), `msg="backup made"`) }
	p.awaits("a backup beside the two", func() bool { return made() >= 1 })
	p.awaits("the newest two alone", func() bool { left, err := backup.Made(p.out, time.Now()); return err == nil && len(left) == 2 })
	if !regexp.MustCompile(`(?m)^casustafel_backup_last_success_timestamp_seconds [1-9]`).MatchString(metricsOf(t, n)) {
		t.Error("no metric tells of it")
	}

	// The share is away, and comes back.
	if err := os.Rename(p.out, p.out+".away"); err != nil {
		t.Fatal(err)
	}
	p.awaits("a failure", func() bool { return strings.Contains(p.log.String(), `msg="no backup could be made"`) })
	if err := n.ready(t.Context()); err != nil {
		t.Error("it cannot serve:", err)
	}
	if err := os.Rename(p.out+".away", p.out); err != nil {
		t.Fatal(err)
	}
	was := made()
	p.awaits("another backup", func() bool { return made() > was })

	// Of two nodes one makes it.
	err := errors.New("never held")
	p.awaits("the moment of another node", func() bool {
		err = store.HoldMoment(t.Context(), p.kept.dsn(pgkeeper.SuperRole, databaseName), func(store.Moment) error {
			p.awaits("a backup that is left to another", func() bool { return strings.Contains(p.log.String(), "somebody else makes one") })
			return nil
		})
		return !errors.Is(err, store.ErrBackingUp) // it makes one at this moment
	})
	if err != nil {
		t.Error(err)
	}
	noCanary(t, "the log", p.log.String())
}

// awaits a condition that is costly to look at.
func (p *privateTable) awaits(what string, holds func() bool) {
	p.t.Helper()
	for over := within(p.t); !holds(); {
		select {
		case <-time.After(30 * time.Millisecond):
		case <-over.Done():
			p.t.Fatalf("waited in vain for %s; log:\n%s", what, p.log)
		}
	}
}

// What cannot become a backup is refused before anything is made.
func TestBackupRefuses(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	key := filepath.Join(s.dir, "identity")
	recipient := strings.TrimSpace(s.done(t, "", "backup", "key", key))
	s.refused(t, "", []string{"backup", "key", key}, "left as it is")
	to := "--to=" + s.dir
	data := "--data-dir=" + filepath.Join(s.dir, "data")
	for _, c := range []struct {
		args  []string
		parts []string
	}{
		{[]string{"backup", data, "--recipient=" + recipient}, []string{"--to"}},
		{[]string{"backup", data, "--recipient=" + recipient, "--to=" + filepath.Join(s.dir, "nowhere")}, []string{"no directory", "ends in .age"}},
		{[]string{"backup", data, to}, []string{"--recipient", "casustafel backup key"}},
		{[]string{"backup", data, to, "--recipient=" + recipient[:30]}, []string{"no public key", "casustafel backup key"}},
		{[]string{"backup", data, to, "--recipient=" + recipient}, []string{"no private PostgreSQL", "--data-dir"}},
		{[]string{"backup", data, to, "--recipient=" + recipient, "--identity=" + s.dir + "/nowhere"}, []string{"identity", "nowhere"}},
		{[]string{"backup", "--database-url=" + s.url, to, "--recipient=" + recipient}, []string{"whoever keeps it", "pg_dump", "docs/backup.md"}},
		{[]string{"backup", "check", data}, []string{"no private PostgreSQL", "--data-dir"}},
		{s.serve("--database-url="+s.url, "--backup-to="+s.dir, "--backup-recipient="+recipient), []string{"--backup-to", "whoever keeps it"}},
		{s.serve(data, "--backup-to="+s.dir), []string{"--backup-recipient", "casustafel backup key"}},
		{s.serve(data, "--backup-to="+filepath.Join(s.dir, "nowhere"), "--backup-recipient="+recipient), []string{"--backup-to", "no directory"}},
		{s.serve(data, "--backup-to="+s.dir, "--backup-recipient="+recipient, "--backup-keep=0"), []string{"--backup-keep", "at least 1"}},
		{s.serve(data, "--backup-to="+s.dir, "--backup-recipient="+recipient, "--backup-every=0s"), []string{"--backup-every", "24h"}},
		{s.serve(data, "--backup-to="+s.dir, "--backup-recipient="+recipient, "--backups-kept=336h"), []string{"--backups-kept", "360h"}},
	} {
		s.refused(t, "", c.args, c.parts...)
	}
	s.left(t, "data", "keys")
}
