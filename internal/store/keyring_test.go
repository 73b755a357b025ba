package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/store/storetest"
)

func keyFile(t *testing.T) (path string) {
	t.Helper()
	return filepath.Join(t.TempDir(), "below", "master.key")
}

func openKeys(t *testing.T, path string) *store.Keyring {
	t.Helper()
	keys, err := store.OpenKeyFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func TestKeyFileIsMadeOnceAndForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	path := keyFile(t)
	h := newHouse(t)
	first := storetest.Open(t, server.Config(server.Database(t), openKeys(t, path)))
	token := first.Tokens("live").Seal("x")
	if _, ok := h.Tokens("live").Open(token); ok {
		t.Error("two fresh keyrings are one")
	}
	for file, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", filepath.Base(file), info.Mode(), err)
		}
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	openKeys(t, path)
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Error("opening rewrote the file", err)
	}
}

// Programs that start together on one key file all get the key that stays in it.
func TestKeyFileIsMadeByOne(t *testing.T) {
	t.Parallel()
	path, database := keyFile(t), server.Database(t)
	var all sync.WaitGroup
	begin := make(chan struct{})
	for range 8 {
		all.Go(func() {
			<-begin
			keys, err := store.OpenKeyFile(path)
			if err != nil {
				t.Error(err)
				return
			}
			s, err := store.Open(t.Context(), server.Config(database, keys))
			if err != nil {
				t.Error("another program's key was used:", err)
				return
			}
			s.Close()
		})
	}
	close(begin)
	all.Wait()
	storetest.Open(t, server.Config(database, openKeys(t, path)))
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("beside the key there is %v, %v", left, err)
	}
}

func TestBadKeyFilesAreRefused(t *testing.T) {
	t.Parallel()
	const half = `{"primaryKeyId":1,"key":[{"keyData":{"typeUrl":"type.googleapis.com/google.crypto.tink.XChaCha20Poly1305Key","value":"SECRETSECRET`
	for name, content := range map[string]string{
		"empty":   "",
		"short":   half,
		"garbage": "\x00\xff not a key SECRETSECRET",
		"no keys": `{"primaryKeyId":1,"key":[]}`,
		"number":  "12",
		"another kind of key": `{"primaryKeyId":1,"key":[{"keyData":{"typeUrl":"type.googleapis.com/google.crypto.tink.HmacKey","value":"U0VDUkVU",` +
			`"keyMaterialType":"SYMMETRIC"},"status":"ENABLED","keyId":1,"outputPrefixType":"TINK"}]}`,
	} {
		path := filepath.Join(t.TempDir(), "master.key")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		keys, err := store.OpenKeyFile(path)
		if err == nil || keys != nil {
			t.Errorf("%s: opened", name)
			continue
		}
		words := err.Error()
		if !strings.Contains(words, "expected the key file that Casustafel wrote") || !strings.Contains(words, path) || strings.Contains(words, "\n") {
			t.Errorf("%s: the operator reads %q", name, words)
		}
		if strings.Contains(words, "SECRET") || strings.Contains(words, "U0VD") {
			t.Errorf("%s: the error quotes the file: %q", name, words)
		}
		if now, err := os.ReadFile(path); err != nil || string(now) != content {
			t.Errorf("%s: the file was changed, %v", name, err)
		}
	}
}

func TestKeyFileThatOthersReadIsRefused(t *testing.T) {
	t.Parallel()
	path := keyFile(t)
	openKeys(t, path)
	for _, mode := range []os.FileMode{0o640, 0o604, 0o620, 0o666} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := store.OpenKeyFile(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("%o: %v", mode, err)
		}
	}
	if _, err := store.OpenKeyFile(filepath.Dir(path)); err == nil {
		t.Error("a directory is a key")
	}
}

func TestKeyRotation(t *testing.T) {
	t.Parallel()
	path := keyFile(t)
	old := openKeys(t, path)
	h := newHouse(t)
	config := server.Config(server.Database(t), old)
	h.Store = storetest.Open(t, config)
	iris := h.account(t, "iris")
	c := h.open(t, "CASE", iris)
	token := h.Tokens("live").Seal("x")

	rotated, err := old.Rotated()
	if err != nil {
		t.Fatal(err)
	}
	if err := rotated.Save(path); err != nil {
		t.Fatal(err)
	}
	// A crash here leaves a file that opens everything, and so does the old one.
	config.Keys = openKeys(t, path)
	crashed := storetest.Open(t, config)
	if name, err := crashed.CaseName(t.Context(), crashed.Reader(), c); err != nil || name != "CASE" {
		t.Fatalf("between Save and Rewrap the name is %q, %v", name, err)
	}
	config.Keys = old
	storetest.Open(t, config)

	if err := crashed.Rewrap(t.Context(), openKeys(t, path)); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), config); !errors.Is(err, store.ErrWrongKey) {
		t.Errorf("the old key alone still opens the database: %v", err)
	}
	config.Keys = openKeys(t, path)
	after := storetest.Open(t, config)
	if name, err := after.CaseName(t.Context(), after.Reader(), c); err != nil || name != "CASE" {
		t.Errorf("after Rewrap the name is %q, %v", name, err)
	}
	if plain, ok := after.Tokens("live").Open(token); !ok || plain != "x" {
		t.Error("tokens of before no longer open")
	}
	// A node that still runs with what it opened before goes on; a new case of
	// its own opens for the others, whose keyring holds the old key too.
	running := house{Store: h.Store}
	running.append(t, c, iris, &casework.CaseRenamed{Name: text("name2", "Anders")})
	running.open(t, "SECOND", iris)
	for id, want := range map[casework.CaseID]string{c: "Anders", id[casework.CaseID]("SECOND"): "SECOND"} {
		if name, err := after.CaseName(t.Context(), after.Reader(), id); err != nil || name != want {
			t.Errorf("the rotated node reads %q, %v", name, err)
		}
	}
	// Rotating again, half done again: Rewrap may be repeated.
	if err := after.Rewrap(t.Context(), config.Keys); err != nil {
		t.Error(err)
	}
}

// Rewrap is all or nothing: one key that does not open stops it before any.
func TestRewrapIsOneTransaction(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	iris := h.account(t, "iris")
	h.open(t, "CASEA", iris)
	h.open(t, "CASEB", iris)
	must(t, h.super, `UPDATE cases SET data_key = substr(data_key, 2) WHERE id = $1`, id[string]("CASEB"))
	state := `SELECT string_agg(encode(k, 'hex'), ' ') FROM (SELECT data_key AS k FROM cases UNION ALL SELECT sealed FROM secret ORDER BY 1) AS keys`
	before := one[string](t, h.super, state)
	rotated, err := h.keys.Rotated()
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Rewrap(t.Context(), rotated); !errors.Is(err, store.ErrWrongKey) {
		t.Errorf("rewrapped: %v", err)
	}
	if after := one[string](t, h.super, state); after != before {
		t.Error("half of the keys were wrapped anew")
	}
}
