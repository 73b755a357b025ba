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

	"github.com/casustafel/casustafel/internal/app"
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

// app is what a program that serves would be on it.
func (s setup) app(t *testing.T) *app.App {
	t.Helper()
	keys, err := store.OpenKeyFile(s.key)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := builtinPolicy()
	if err != nil {
		t.Fatal(err)
	}
	a := app.New(app.Config{Store: storetest.Open(t, server.Config(s.database, keys)), Policy: rules})
	t.Cleanup(a.Close)
	return a
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
