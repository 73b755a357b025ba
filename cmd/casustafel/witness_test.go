package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/store/storetest"
	"github.com/casustafel/casustafel/internal/web"
)

// partner is a server with a log that is signed, and a partner that witnesses it.
type partner struct {
	setup
	app      *app.App
	url      string
	verifier string // of the log
	key      string // file of the witness
	witness  *audit.Cosigner
	db       *sqlx.DB // the superuser's
	signing  *store.Signing
	keys     *store.Keyring
}

func newPartner(t *testing.T) *partner {
	t.Helper()
	p := &partner{setup: newSetup(t), keys: storetest.Keys(t)}
	p.key = filepath.Join(p.dir, "witness.key")
	made := p.run(t, "", "witness", "key", "--key-file="+p.key, "--name=witness.example.org")
	if made.code != 0 {
		t.Fatal(made)
	}
	var err error
	if p.witness, err = readCosigner(p.key); err != nil || strings.TrimSpace(made.out) != p.witness.String() {
		t.Fatal(err, made)
	}
	p.signing = store.SigningBeside(filepath.Join(p.dir, "keys", "audit.key"))
	if err := p.signing.Make(); err != nil {
		t.Fatal(err)
	}
	keys, err := p.signing.Keys()
	if err != nil {
		t.Fatal(err)
	}
	p.verifier = keys.Verifiers()[0]
	p.db = sqlx.MustConnect("postgres", server.DSN(p.database))
	t.Cleanup(func() { p.db.Close() })
	p.start(t)
	return p
}

// start begins the server anew.
func (p *partner) start(t *testing.T) {
	t.Helper()
	rules, err := builtinPolicy()
	if err != nil {
		t.Fatal(err)
	}
	p.app = app.New(app.Config{Store: storetest.Open(t, server.Config(p.database, p.keys)), Policy: rules, Signing: p.signing,
		Witnesses: []*audit.CosignVerifier{&p.witness.CosignVerifier}})
	t.Cleanup(p.app.Close)
	s := httptest.NewUnstartedServer(nil)
	p.url = "http://" + s.Listener.Addr().String()
	if s.Config.Handler, err = web.New(web.Config{App: p.app, Live: http.NotFoundHandler(), Ready: func(context.Context) error { return nil }, Origins: []string{p.url}}); err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(s.Close)
}

// grow puts lines on the log, and signs it.
func (p *partner) grow(t *testing.T, logins ...string) (last casework.UserID) {
	t.Helper()
	for _, login := range logins {
		var err error
		if last, err = p.app.AddUser(t.Context(), app.NewUser{Login: login, Name: login, Discipline: casework.Manager, Organisation: "De Linde", Demo: true}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.app.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	return last
}

// looks lets the partner look once.
func (p *partner) looks(t *testing.T, more ...string) outcome {
	t.Helper()
	return p.run(t, "", append([]string{"witness", "--log=" + p.url, "--log-key=" + p.verifier, "--key-file=" + p.key, "--dir=" + filepath.Join(p.dir, "seen"), "--once"}, more...)...)
}

func (p *partner) count(t *testing.T, query string) (n int) {
	t.Helper()
	if err := p.db.Get(&n, query); err != nil {
		t.Fatal(err)
	}
	return n
}

// bundle is what a manager takes out, in a file.
func (p *partner) bundle(t *testing.T, by casework.UserID) string {
	t.Helper()
	link, err := p.app.NewSignInLink(t.Context(), by)
	if err != nil {
		t.Fatal(err)
	}
	token, err := p.app.SignInByLink(t.Context(), link, "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	session, err := p.app.SessionOf(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := p.app.Bundle(t.Context(), session, app.RecordFilter{}, "review", &file); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(p.dir, "log.zip")
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A partner sees a log grow and says so; what a manager takes out of it is proven
// with no server. When the end of the log is cut off, and when it has grown again
// with other lines, the partner refuses, tells, and keeps what shows it.
func TestWitnessAgainstATruncatedLog(t *testing.T) {
	t.Parallel()
	p := newPartner(t)
	p.grow(t, "els@linde.example")
	if got := p.looks(t); got.code != 0 {
		t.Fatal(got)
	}
	if got := p.looks(t, "--key-file="+filepath.Join(p.dir, "no.key")); got.code != 3 {
		t.Errorf("without its key: %+v", got)
	}
	if got := p.looks(t, "--log=http://127.0.0.1:1"); got.code != 2 {
		t.Errorf("nobody answers: %+v", got)
	}
	last := p.grow(t, "piet@linde.example", "anna@linde.example", "bea@linde.example")
	file := p.bundle(t, last)
	if got := p.looks(t); got.code != 0 || p.count(t, `SELECT count(*) FROM cosignature`) != 2 {
		t.Fatal(got)
	}
	p.verifies(t, file)

	seen := filepath.Join(p.dir, "seen", seenFile)
	before, err := os.ReadFile(seen)
	if err != nil {
		t.Fatal(err)
	}
	for _, do := range []string{`DELETE FROM cosignature`, `DELETE FROM checkpoint WHERE size > (SELECT min(size) FROM checkpoint)`, `DELETE FROM leaf WHERE number >= (SELECT max(size) FROM checkpoint)`} {
		p.db.MustExec(do)
	}
	refused := func(what string) {
		t.Helper()
		got := p.looks(t)
		after, err := os.ReadFile(seen)
		if got.code != 1 || !strings.Contains(got.errors, "NOT COSIGNED") || err != nil || !bytes.Equal(before, after) || p.count(t, `SELECT count(*) FROM cosignature`) != 0 {
			t.Errorf("%s: %+v, %v", what, got, err)
		}
	}
	refused("cut off")
	if err := os.Remove(p.signing.Checkpoint); err != nil { // with all that is outside the database too
		t.Fatal(err)
	}
	p.start(t)
	p.grow(t, "zoe@linde.example", "yara@linde.example", "xena@linde.example", "wies@linde.example", "vera@linde.example", "ulla@linde.example", "tess@linde.example")
	refused("grown again")
	evidence, err := filepath.Glob(filepath.Join(p.dir, "seen", "fork-*", "*.checkpoint"))
	if err != nil || len(evidence) != 4 {
		t.Errorf("evidence: %q, %v", evidence, err)
	}
}

// verifies proves a bundle by the program, and holds every way in which it does not to
// its status.
func (p *partner) verifies(t *testing.T, file string) {
	t.Helper()
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	half := file + ".half"
	if err := os.WriteFile(half, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(whole)
	flipped[60] ^= 1 // of the lines, packed
	if err := os.WriteFile(file+".flipped", flipped, 0o600); err != nil {
		t.Fatal(err)
	}
	other, err := audit.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"sound":          {[]string{"--bundle=" + file, "--key=" + p.verifier}, 0, "sound: "},
		"not yet seen":   {[]string{"--bundle=" + file, "--key=" + p.verifier, "--witness=" + p.witness.String()}, 2, "incomplete: "},
		"another key":    {[]string{"--bundle=" + file, "--key=" + other.Verifiers()[0]}, 1, "TAMPERED"},
		"half of it":     {[]string{"--bundle=" + half, "--key=" + p.verifier}, 2, "incomplete: "},
		"a flipped byte": {[]string{"--bundle=" + file + ".flipped", "--key=" + p.verifier}, 1, "TAMPERED"},
	} {
		got := p.run(t, "", append([]string{"audit", "verify"}, c.args...)...)
		if got.code != c.code || !strings.Contains(got.out, c.says) || strings.Contains(got.out+got.errors, "\x1b") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// Whoever is no witness of this log is answered as where there is nothing, and so is
// what a witness asked before, or signed of something else.
func TestOnlyWitnessesAreTold(t *testing.T) {
	t.Parallel()
	p := newPartner(t)
	p.grow(t, "els@linde.example")
	keys, err := p.signing.Keys()
	if err != nil {
		t.Fatal(err)
	}
	secret, _, err := audit.NewWitnessKey(bytes.NewReader(bytes.Repeat([]byte("geheim"), 100)), "witness.example.org")
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := audit.NewCosigner(secret, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	post := func(path string, body []byte) (int, string) {
		t.Helper()
		r, err := http.Post(p.url+path, "text/plain", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		var text bytes.Buffer
		if _, err := text.ReadFrom(r.Body); err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, moment.ReplaceAllString(text.String(), "")
	}
	ask := func(by *audit.Cosigner, origin string, size int64, at time.Time) []byte {
		t.Helper()
		signed, err := by.Ask(audit.WitnessAsks{Origin: origin, Size: size, At: at})
		if err != nil {
			t.Fatal(err)
		}
		return signed
	}
	sign := func(by *audit.Cosigner, text string) []byte {
		t.Helper()
		signed, err := signNote(text, by)
		if err != nil {
			t.Fatal(err)
		}
		return signed
	}
	now := time.Now()
	asked := ask(p.witness, keys.Origin(), 0, now)
	status, answer := post("/witness/checkpoint", asked)
	grown, err := audit.ReadGrown([]byte(answer))
	if status != http.StatusOK || err != nil {
		t.Fatal(status, answer, err)
	}
	opened, err := keys.Open(string(grown.Checkpoint))
	if err != nil {
		t.Fatal(err)
	}
	longer := opened.Checkpoint
	longer.Size++
	_, nothing := post("/witness/nothing", asked)
	old, err := audit.NewCosigner(readFile(t, p.key), func() time.Time { return now.Add(-time.Hour) })
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		path string
		body []byte
	}{
		"once more":                  {"/witness/checkpoint", asked},
		"of an hour ago":             {"/witness/checkpoint", ask(p.witness, keys.Origin(), 0, now.Add(-time.Hour))},
		"of tomorrow":                {"/witness/checkpoint", ask(p.witness, keys.Origin(), 0, now.Add(24*time.Hour))},
		"of another log":             {"/witness/checkpoint", ask(p.witness, "casustafel-00000000", 0, now.Add(time.Second))},
		"by a stranger":              {"/witness/checkpoint", ask(stranger, keys.Origin(), 0, now.Add(time.Second))},
		"nothing":                    {"/witness/checkpoint", nil},
		"too much":                   {"/witness/checkpoint", bytes.Repeat([]byte("x"), 100<<10)},
		"cosigned by a stranger":     {"/witness/cosignature", sign(stranger, opened.Text())},
		"cosigned at another size":   {"/witness/cosignature", sign(p.witness, longer.Text())},
		"cosigned an hour ago":       {"/witness/cosignature", sign(old, opened.Text())},
		"something else is cosigned": {"/witness/cosignature", sign(p.witness, "x\n")},
		"what it asked":              {"/witness/cosignature", asked},
	} {
		if status, answer := post(c.path, c.body); status != http.StatusNotFound || answer != nothing {
			t.Errorf("%s: %d %s", name, status, answer)
		}
	}
	if n := p.count(t, `SELECT count(*) FROM cosignature`); n != 0 {
		t.Errorf("%d cosignatures are kept", n)
	}
	for range 2 { // what is said twice is kept once
		if status, answer := post("/witness/cosignature", sign(p.witness, opened.Text())); status != http.StatusNoContent {
			t.Error(status, answer)
		}
	}
	if n := p.count(t, `SELECT count(*) FROM cosignature`); n != 1 {
		t.Errorf("%d cosignatures are kept", n)
	}
}

var moment = regexp.MustCompile(`data-now="\d+"`) // of a page

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}
