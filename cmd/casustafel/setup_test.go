package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/store/storetest"
	"github.com/casustafel/casustafel/policies"
)

// asProgram makes the test's own binary the program, so that set-up is tested as
// it is: with real flags, a real exit code and real processes.
const asProgram = "RUN_TEST_AS_CASUSTAFEL"

func init() {
	if os.Getenv(asProgram) != "" {
		main()
		os.Exit(0)
	}
}

// setup is a place of its own for a program: a directory that the user of
// PostgreSQL reaches, a key file and a database on the tests' server.
type setup struct {
	dir, key, database, url string
}

func newSetup(t *testing.T) setup {
	t.Helper()
	dir, err := os.MkdirTemp("", "casustafel-setup-")
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s := setup{dir: dir, key: filepath.Join(dir, "keys", "master.key"), database: server.Database(t)}
	s.url = addressOf(t, s.database)
	return s
}

var socketOf = regexp.MustCompile(`host='([^']*)' port=(\d+)`)

// addressOf is the address of a database as an operator would write it, over a
// port of this machine that leads to the tests' server.
func addressOf(t *testing.T, database string) string {
	t.Helper()
	at := socketOf.FindStringSubmatch(server.DSN(database))
	if at == nil {
		t.Fatal("no socket in", server.DSN(database))
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("unix", filepath.Join(at[1], ".s.PGSQL."+at[2]))
			if err != nil {
				near.Close()
				continue
			}
			go pass(near, far)
			go pass(far, near)
		}
	}()
	return "postgres://casustafel_super:geheim@" + listener.Addr().String() + "/" + database + "?sslmode=disable"
}

// pass carries one way until it ends, and then ends the other way too.
func pass(from, to net.Conn) {
	defer from.Close()
	defer to.Close()
	_, _ = io.Copy(to, from) // ends with whoever goes first
}

// outcome is what a program that ended left behind.
type outcome struct {
	code        int
	out, errors string
}

// run runs the program to its end.
func (s setup) run(t *testing.T, input string, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Dir, cmd.Stdin = s.dir, strings.NewReader(input)
	cmd.Env = []string{asProgram + "=1", "HOME=" + s.dir, "TMPDIR=" + s.dir, "PATH=" + os.Getenv("PATH"), "CASUSTAFEL_PG_BIN=" + os.Getenv("CASUSTAFEL_PG_BIN")}
	var out, told bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &told
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		t.Fatalf("%v: %v\n%s", args, err, told.String())
	}
	return outcome{cmd.ProcessState.ExitCode(), out.String(), told.String()}
}

// refused runs a program that has to end with an error of one line that holds
// every part of it: what is wrong and what to do.
func (s setup) refused(t *testing.T, input string, args []string, parts ...string) {
	t.Helper()
	got := s.run(t, input, args...)
	lines := strings.Split(strings.TrimRight(got.errors, "\n"), "\n")
	last := strings.TrimPrefix(lines[len(lines)-1], "Password: ")
	if got.code == 0 || !strings.HasPrefix(last, "casustafel: ") {
		t.Errorf("%v: ended with %d\n%s%s", args, got.code, got.out, got.errors)
		return
	}
	for _, part := range parts {
		if !strings.Contains(last, part) {
			t.Errorf("%v: %q does not say %q", args, last, part)
		}
	}
	for _, secret := range []string{"geheim", "goroutine", "een lang genoeg woord"} {
		if strings.Contains(got.errors+got.out, secret) {
			t.Errorf("%v: it shows %q:\n%s", args, secret, got.errors)
		}
	}
	if strings.Contains(strings.Join(lines[:len(lines)-1], "\n"), "casustafel: ") {
		t.Errorf("%v: more than one line:\n%s", args, got.errors)
	}
}

// done runs a program that has to succeed and gives what it printed.
func (s setup) done(t *testing.T, input string, args ...string) string {
	t.Helper()
	got := s.run(t, input, args...)
	if got.code != 0 {
		t.Fatalf("%v: ended with %d\n%s%s", args, got.code, got.out, got.errors)
	}
	return got.out
}

// left fails when one of the files is there.
func (s setup) left(t *testing.T, files ...string) {
	t.Helper()
	for _, file := range files {
		if _, err := os.Stat(filepath.Join(s.dir, file)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is left: %v", file, err)
		}
	}
}

func (s setup) serve(more ...string) []string {
	return append([]string{"serve", "--listen=127.0.0.1:0", "--metrics=", "--master-key-file=" + s.key}, more...)
}

// The port and the addresses are looked at before anything is started or made.
func TestServeRefusesBeforeItStarts(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	data := "--data-dir=" + filepath.Join(s.dir, "data")
	key := "--master-key-file=" + s.key
	for _, c := range []struct {
		args  []string
		parts []string
	}{
		{[]string{"--listen=" + busy.Addr().String()}, []string{"cannot serve on " + busy.Addr().String(), "--listen"}},
		{[]string{"--listen=nonsense"}, []string{"nonsense", "--listen"}},
		{[]string{"--demo", "--listen=0.0.0.0:0"}, []string{"--demo", "loopback", "--listen"}},
		{[]string{"--demo", "--listen=:0"}, []string{"--demo", "loopback", "--listen"}},
		{[]string{"--demo", "--listen=[::]:0"}, []string{"--demo", "loopback", "--listen"}},
		{[]string{"--listen=127.0.0.1:0", "--metrics=0.0.0.0:0"}, []string{"--metrics", "loopback"}},
		{[]string{"--listen=127.0.0.1:0", "--metrics=:9464"}, []string{"--metrics", "loopback"}},
		{[]string{"--listen=127.0.0.1:0", "--smtp-server=nonsense"}, []string{"--smtp-server", "smtp.example.org:587"}},
		{[]string{"--listen=127.0.0.1:0", "--smtp-server=smtp.linde.example:587", "--smtp-from=nobody"}, []string{"--smtp-from", "casustafel@example.org"}},
		{[]string{"--listen=127.0.0.1:0", "--smtp-server=smtp.linde.example:587", "--smtp-from=a@linde.example", "--smtp-user=a"}, []string{"--smtp-user", "--smtp-password-file"}},
	} {
		s.refused(t, "", append([]string{"serve", data, key}, c.args...), c.parts...)
	}
	s.left(t, "data", "keys")
}

func TestServeRefusesBadAddressesOfTheDatabase(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	for address, parts := range map[string][]string{
		"nonsense":                                              {"--database-url", "expected postgres://"},
		"http://geheim@localhost/x":                             {"--database-url", "expected postgres://"},
		"postgres://iris:geheim@localhost/x":                    {"sslmode", "verify-full"},
		"postgres://iris:geheim@[::1/x":                         {"--database-url", "expected postgres://"},
		"postgres://iris:geheim@127.0.0.1:1/x?sslmode=disable":  {"connect to the database", "refused"},
		"postgres://iris:geheim@127.0.0.1:1/x?sslmode=soms":     {"sslmode"},
		strings.Replace(s.url, s.database, "nowhere", 1):        {"no database of that name"},
		strings.Replace(s.url, "casustafel_super", "nobody", 1): {"does not let this user in"},
	} {
		s.refused(t, "", s.serve("--database-url="+address), parts...)
		s.refused(t, "", []string{"migrate", "--database-url=" + address}, parts...)
	}
}

// A data directory that cannot be used stays as it was.
func TestServeRefusesBadDataDirectories(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	file := filepath.Join(s.dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(s.dir, "other", "postgres")
	if err := os.MkdirAll(other, 0o700); err != nil {
		t.Fatal(err)
	}
	version := filepath.Join(other, "PG_VERSION")
	if err := os.WriteFile(version, []byte("12\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for dir, parts := range map[string][]string{
		filepath.Dir(other):                      {"12"},
		filepath.Join(file, "below"):             {"cannot make the data directory", "choose"},
		filepath.Dir(server.Cluster().LogFile()): {"in use by process", "stop that program"},
	} {
		s.refused(t, "", s.serve("--data-dir="+dir), parts...)
		if !slices.Contains(parts, "in use by process") {
			s.refused(t, "", []string{"migrate", "--data-dir=" + dir}, parts...)
		}
	}
	if text, err := os.ReadFile(version); err != nil || string(text) != "12\n" {
		t.Errorf("the other cluster's version is now %q, %v", text, err)
	}
	if entries, err := os.ReadDir(other); err != nil || len(entries) != 1 {
		t.Errorf("in the other cluster there is now %v, %v", entries, err)
	}
}

func TestServeRefusesBadKeys(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	storetest.Open(t, server.Config(s.database, storetest.Keys(t))) // sealed under a key of its own
	address := "--database-url=" + s.url
	s.refused(t, "", s.serve(address), "no master key at", "--master-key-file")
	if _, err := os.Stat(s.key); err == nil {
		t.Error("a key was made that is none")
	}
	if err := storetest.Keys(t).Save(s.key); err != nil {
		t.Fatal(err)
	}
	s.refused(t, "", s.serve(address), "does not open this database", "use the key file")
	for name, content := range map[string]string{"empty": "", "garbage": "geheim", "half": `{"primaryKeyId":1,"key":[{"keyData":{"value":"geheim`} {
		path := filepath.Join(s.dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		s.refused(t, "", s.serve(address, "--master-key-file="+path), "cannot be read", "expected the key file", path)
	}
	s.refused(t, "", s.serve(address, "--master-key=geheim"), "cannot be read", "expected the key file")
	if err := os.Chmod(s.key, 0o644); err != nil {
		t.Fatal(err)
	}
	s.refused(t, "", s.serve(address), "can be read by others", "chmod 600")
}

// What fails after PostgreSQL was started takes it down again.
func TestServeTakesDownWhatItStarted(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	data := filepath.Join(s.dir, "data")
	missing := filepath.Join(s.dir, "policies")
	s.refused(t, "", s.serve("--data-dir="+data, "--policy-dir="+missing), "read the policy", filepath.Join(missing, "model.conf"))
	if _, err := os.Stat(filepath.Join(data, "postgres", "PG_VERSION")); err != nil {
		t.Error("no cluster was made, so nothing was tested:", err)
	}
	s.left(t, "data/postgres/postmaster.pid", "data/postgres.new")
	s.done(t, "", "migrate", "--data-dir="+data) // nobody holds it
	s.left(t, "data/postgres/postmaster.pid")
}

func TestServeRefusesBadPolicies(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	dir := filepath.Join(s.dir, "policies")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(name string, content []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := s.serve("--database-url="+s.url, "--policy-dir="+dir)
	s.refused(t, "", args, "read the policy", "model.conf")
	write("model.conf", policies.Model)
	s.refused(t, "", args, "read the policy", "policy.csv")
	write("policy.csv", bytes.Replace(policies.Lines, []byte(", deny,"), []byte(", Deny,"), 1))
	s.refused(t, "", args, "policy refused", "Deny")
}

func TestServeRefusesAFileOfWordsWithAMistake(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	file := filepath.Join(s.dir, "woorden.csv")
	args := s.serve("--database-url="+s.url, "--wording-file="+file)
	s.refused(t, "", args, "read the words", file)
	if err := os.WriteFile(file, []byte("# eigen woorden\n\"dader*\", \"\", \"\", \"de naam\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.refused(t, "", args, "--wording-file "+file, "line 2", "does not say why")
}

func TestServeRefusesABusyMetricsPort(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	s.refused(t, "", s.serve("--database-url="+s.url, "--metrics="+busy.Addr().String()), "cannot serve metrics", busy.Addr().String(), "--metrics")
}

var colleague = []string{"--name=Iris", "--discipline=child_worker", "--organisation=De Linde"}

const words = "een lang genoeg woord"

func (s setup) add(more ...string) []string {
	return append([]string{"user", "add", "--database-url=" + s.url, "--master-key-file=" + s.key}, more...)
}

func TestUserAdd(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	id := strings.TrimSpace(strings.TrimPrefix(s.done(t, words+"\r\n", s.add(append(colleague, " Iris@Linde.example ")...)...), "added "))
	if !casework.ValidID(casework.UserID(id)) {
		t.Errorf("added %q", id)
	}
	db := sqlx.MustConnect("postgres", server.DSN(s.database))
	defer db.Close()
	var stored string
	if err := db.Get(&stored, `SELECT login || ' ' || name || ' ' || discipline || ' ' || language || ' ' || active || ' ' || demo FROM account WHERE id = $1`, id); err != nil ||
		stored != "iris@linde.example Iris child_worker nl true false" {
		t.Errorf("stored %q, %v", stored, err)
	}
	// The program that serves lets this person in, with the words as they were typed.
	keys, err := store.OpenKeyFile(s.key)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := builtinPolicy()
	if err != nil {
		t.Fatal(err)
	}
	a := app.New(app.Config{Store: storetest.Open(t, server.Config(s.database, keys)), Policy: rules})
	defer a.Close()
	if _, err := a.SignIn(t.Context(), "iris@linde.example", words, "192.0.2.7"); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		input, login string
		args         []string
		parts        []string
	}{
		{words + "\n", "iris@linde.example", colleague, []string{"login_taken"}},
		{words + "\n", "iris linde", colleague, []string{"bad_login"}},
		{"kort\n", "daan@linde.example", colleague, []string{"password_short"}},
		{"", "daan@linde.example", colleague, []string{"no password on standard input"}},
		{"\n", "daan@linde.example", colleague, []string{"password_short"}},
		{words + "\n", "daan@linde.example", []string{"--name=Daan", "--discipline=boss", "--organisation=De Linde"}, []string{"bad_role"}},
		{words + "\n", "daan@linde.example", []string{"--name= ", "--discipline=chair", "--organisation=De Linde"}, []string{"name_empty"}},
		{words + "\n", "daan@linde.example", append([]string{"--language=fr"}, colleague...), []string{"bad_language"}},
	} {
		s.refused(t, c.input, s.add(append(c.args, c.login)...), c.parts...)
	}
	var n int
	if err := db.Get(&n, `SELECT count(*) FROM account`); err != nil || n != 1 {
		t.Errorf("%d accounts, %v", n, err)
	}
	// Real people are here now: the demo is not.
	s.refused(t, "", s.serve("--demo", "--database-url="+s.url), "demo", "real accounts", "data directory of its own")
	s.done(t, "", "user", "deactivate", "--database-url="+s.url, "--master-key-file="+s.key, "iris@linde.example")
	if _, err := a.SignIn(t.Context(), "iris@linde.example", words, "192.0.2.7"); err == nil {
		t.Error("who was deactivated signs in")
	}
	s.refused(t, "", []string{"user", "deactivate", "--database-url=" + s.url, "--master-key-file=" + s.key, "nobody@linde.example"}, "not_found")
}

func TestServeRefusesUnknownSettings(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	file := filepath.Join(s.dir, "settings.json")
	for content, parts := range map[string][]string{`{"lissten":"127.0.0.1:0"}`: {"lissten", "no setting"}, `{`: {"not JSON"}} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		s.refused(t, "", s.serve("--config="+file), parts...)
	}
	for content, part := range map[string]string{
		`{"database_url":"nowhere","log-level":"warn"}`:                      "--database-url: expected",
		`{"database-url":"nowhere"}`:                                         "--database-url: expected", // as the flag, and as the README says
		`{"database-url":"nowhere","database_url":"a"}`:                      "twice",
		`{"backup-to":"` + s.dir + `","backup-keep":0}`:                      "--backup-keep",
		`{"backup-to":"` + s.dir + `","backup-recipient":["age1x","age1y"]}`: "--backup-recipient: a recipient is no public key",
	} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		s.refused(t, "", s.serve("--config="+file), part)
	}
}

// Beside a program that serves from its private cluster, the operator's
// commands use that cluster where it is.
func TestOperatorBesideAServer(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	dir := filepath.Dir(server.Cluster().LogFile())
	s.done(t, "", "migrate", "--data-dir="+dir)
	s.done(t, words+"\n", append([]string{"user", "add", "--data-dir=" + dir, "--master-key-file=" + s.key, "beside@linde.example"}, colleague...)...)
	s.done(t, "", "user", "deactivate", "--data-dir="+dir, "--master-key-file="+s.key, "beside@linde.example")
}

func TestKeysRotate(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	s.done(t, words+"\n", s.add(append(colleague, "iris@linde.example")...)...)
	old, err := os.ReadFile(s.key)
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"keys", "rotate", "--database-url=" + s.url, "--master-key-file=" + s.key}
	if out := s.done(t, "", args...); !strings.Contains(out, s.key) {
		t.Errorf("it says %q", out)
	}
	fresh, err := os.ReadFile(s.key)
	if err != nil || bytes.Equal(old, fresh) {
		t.Fatal("the key file is as it was", err)
	}
	if info, err := os.Stat(s.key); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file is %v, %v", info.Mode(), err)
	}
	stale := filepath.Join(s.dir, "stale.key")
	if err := os.WriteFile(stale, old, 0o600); err != nil {
		t.Fatal(err)
	}
	deactivate := []string{"user", "deactivate", "--database-url=" + s.url, "iris@linde.example"}
	s.refused(t, "", append(deactivate, "--master-key-file="+stale), "does not open this database")
	s.done(t, "", append(deactivate, "--master-key-file="+s.key)...)
	s.done(t, "", args...) // and again

	forget := []string{"keys", "forget", "--database-url=" + s.url, "--master-key-file=" + s.key}
	nobody := sqlx.MustConnect("postgres", server.DSN(s.database))
	s.refused(t, "", forget, "somebody is connected", "stop every node")
	if err := nobody.Close(); err != nil {
		t.Fatal(err)
	}
	both, err := os.ReadFile(s.key)
	if err != nil {
		t.Fatal(err)
	}
	if out := s.done(t, "", forget...); !strings.Contains(out, s.key+": 2;") {
		t.Errorf("it says %q", out)
	}
	if alone, err := os.ReadFile(s.key); err != nil || len(alone) >= len(both) {
		t.Errorf("the file has %d bytes, had %d, %v", len(alone), len(both), err)
	}
	s.done(t, "", append(deactivate, "--master-key-file="+s.key)...)
	s.refused(t, "", forget, "one master key", "casustafel keys rotate")
	if err := os.WriteFile(stale, both, 0o600); err != nil {
		t.Fatal(err)
	}
	s.done(t, "", append(deactivate, "--master-key-file="+stale)...) // a copy of before opens it too
	s.refused(t, "", []string{"keys", "rotate", "--database-url=" + s.url, "--master-key=" + string(fresh)}, "in a file")

	// What was done with them is on the record, and not done without.
	db := sqlx.MustConnect("postgres", server.DSN(s.database))
	defer db.Close() //nolint:errcheck // nothing to save
	var events []string
	if err := db.Select(&events, `SELECT event FROM record WHERE event ~ 'master_key' ORDER BY at`); err != nil || strings.Join(events, " ") != "master_key_rotated master_key_rotated master_keys_forgotten" {
		t.Errorf("on the record is %v, %v", events, err)
	}
	storetest.BreakableLog(t, db.DB).Breaks("53100")
	alone, err := os.ReadFile(s.key)
	if err != nil {
		t.Fatal(err)
	}
	s.refused(t, "", args, "not_recorded")
	if now, err := os.ReadFile(s.key); err != nil || !bytes.Equal(now, alone) {
		t.Errorf("a key was made without a record, %v", err)
	}
}

func TestMigrateAndVersion(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	for range 2 {
		if out := s.done(t, "", "migrate", "--database-url="+s.url); out != "the schema is up to date\n" {
			t.Errorf("it says %q", out)
		}
	}
	if out := s.done(t, "", "version"); !strings.HasPrefix(out, "casustafel ") || !strings.Contains(out, "built with go") {
		t.Errorf("it says %q", out)
	}
	s.left(t, "keys", "data", ".local", ".config")
	for _, args := range [][]string{{"nonsense"}, {"serve", "--nonsense"}, {"user", "add"}, {"serve", "--trusted-proxy=nonsense"}, {"serve", "--log-level=loud"}} {
		if got := s.run(t, "", args...); got.code == 0 || !strings.Contains(got.errors, "casustafel: error: ") {
			t.Errorf("%v: ended with %d\n%s", args, got.code, got.errors)
		}
	}
}
