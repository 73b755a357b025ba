package backup

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
)

// noon is when everything is made in these tests.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// pair is a key that opens backups, in a file, and what is encrypted to.
func pair(t *testing.T) (Identities, Recipients) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key")
	recipient, err := NewIdentity(path, noon)
	if err != nil {
		t.Fatal(err)
	}
	identities, err := ReadIdentities(path)
	if err != nil {
		t.Fatal(err)
	}
	recipients, err := ReadRecipients([]string{recipient})
	if err != nil {
		t.Fatal(err)
	}
	return identities, recipients
}

func written(t *testing.T, recipients Recipients, sealKey []byte, archive string) []byte {
	t.Helper()
	var file bytes.Buffer
	err := Write(&file, recipients, Header{Made: noon, Schema: 21, Rows: map[string]int64{"event": 3}}, sealKey, func(to io.Writer) error {
		_, err := io.WriteString(to, archive)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// read opens a file and reads all of its archive.
func read(file []byte, identities Identities, sealKey []byte) (string, error) {
	c, err := Open(bytes.NewReader(file), identities)
	if err != nil {
		return "", err
	}
	archive, err := io.ReadAll(c.Archive(sealKey))
	return string(archive), err
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	identities, recipients := pair(t)
	others, more := pair(t)
	key := NewSealKey()
	for _, size := range []int{0, 1, sealSize - 1, sealSize, 1<<16 - sealSize, 1 << 16, 1<<16 + 1, 1 << 18} {
		archive := strings.Repeat("z", size)
		file := written(t, slices.Concat(recipients, more), key, archive)
		for _, whose := range []Identities{identities, others} {
			if got, err := read(file, whose, key); err != nil || got != archive {
				t.Errorf("of %d bytes came back %d: %v", size, len(got), err)
			}
		}
	}
	c, err := Open(bytes.NewReader(written(t, recipients, key, "x")), identities)
	if err != nil || !c.Made.Equal(noon) || c.Schema != 21 || c.Rows["event"] != 3 {
		t.Errorf("the header came back as %+v, %v", c.Header, err)
	}
}

// Whichever byte is flipped, wherever it is cut off, whatever is put behind it: it
// is noticed, and an archive that was tampered with is never taken for read.
func TestDamageIsNoticed(t *testing.T) {
	t.Parallel()
	identities, recipients := pair(t)
	key := NewSealKey()
	file := written(t, recipients, key, strings.Repeat("linde", 40))
	noticed := func(what string, at int, damaged []byte) {
		t.Helper()
		_, err := read(damaged, identities, key)
		if !slices.ContainsFunc([]error{ErrDamaged, ErrForeign, ErrOtherIdentity}, func(one error) bool { return errors.Is(err, one) }) {
			t.Errorf("%s at %d: %v", what, at, err)
		}
		if at > len(file)/2 && !errors.Is(err, ErrDamaged) {
			t.Errorf("%s at %d, in the content: %v", what, at, err)
		}
	}
	for at := range file {
		flipped := slices.Clone(file)
		flipped[at] ^= 1
		noticed("flipped", at, flipped)
		noticed("cut off", at, file[:at])
	}
	noticed("longer", len(file), append(slices.Clone(file), 0))
}

// Anybody can encrypt to a public key: that makes no backup.
func TestForgeries(t *testing.T) {
	t.Parallel()
	identities, recipients := pair(t)
	stranger, _ := pair(t)
	key := NewSealKey()
	file := written(t, recipients, key, "linde")
	foreign := func(plain string) []byte {
		var file bytes.Buffer
		to, err := age.Encrypt(&file, recipients...)
		if err == nil {
			_, err = io.WriteString(to, plain)
		}
		if err = errors.Join(err, to.Close()); err != nil {
			t.Fatal(err)
		}
		return file.Bytes()
	}
	for name, c := range map[string]struct {
		file []byte
		who  Identities
		want error
	}{
		"another identity":         {file, stranger, ErrOtherIdentity},
		"sealed under another key": {written(t, recipients, NewSealKey(), "linde"), identities, ErrForged},
		"no seal":                  {foreign(firstLine + "{}\n"), identities, ErrForged},
		"a letter":                 {[]byte("Lieve Ans"), identities, ErrForeign},
		"nothing":                  {nil, identities, ErrForeign},
		"a letter, encrypted":      {foreign("Lieve Ans"), identities, ErrForeign},
		"nothing, encrypted":       {foreign(""), identities, ErrForeign},
		"no header":                {foreign(firstLine), identities, ErrForeign},
		"an endless header":        {foreign(firstLine + strings.Repeat(" ", headerLimit+1)), identities, ErrForeign},
		"a header that is none":    {foreign(firstLine + "Lieve Ans\n"), identities, ErrForeign},
		"a backup of a later form": {foreign("casustafel backup 2\n{}\n"), identities, ErrForeign},
	} {
		if got, err := read(c.file, c.who, key); !errors.Is(err, c.want) {
			t.Errorf("%s: read %q, %v", name, got, err)
		}
	}
}

// A disk that cannot be read says nothing of what is on it.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	identities, recipients := pair(t)
	file := written(t, recipients, NewSealKey(), strings.Repeat("z", 1<<18))
	for _, from := range []int{0, 30, len(file) / 2} {
		c, err := Open(io.MultiReader(bytes.NewReader(file[:from]), brokenDisk{}), identities)
		if err == nil {
			_, err = io.Copy(io.Discard, c.Archive(NewSealKey()))
		}
		if !errors.Is(err, os.ErrPermission) {
			t.Errorf("from %d: %v", from, err)
		}
	}
}

type brokenDisk struct{}

func (brokenDisk) Read([]byte) (int, error) {
	return 0, &os.PathError{Op: "read", Path: "disk", Err: os.ErrPermission}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "key")
	recipient, err := NewIdentity(path, noon)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the identity is %v, %v", info.Mode(), err)
	}
	if _, err := NewIdentity(path, noon); err == nil || !strings.Contains(err.Error(), "left as it is") {
		t.Errorf("made over another: %v", err)
	}
	if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, secret) {
		t.Error("the identity that was there is another now")
	}
	// A file of recipients will do as well; the secret key in their place is not told.
	list := filepath.Join(dir, "list")
	if err := os.WriteFile(list, []byte("# Els\n"+recipient+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadRecipients([]string{list, recipient}); err != nil || len(got) != 2 {
		t.Errorf("%v, %v", got, err)
	}
	lines := strings.Fields(string(secret))
	private := lines[len(lines)-1]
	for name, given := range map[string][]string{"none": nil, "the secret key": {private}, "its file": {path}, "half a key": {recipient[:20]}, "no file": {"nowhere"}} {
		_, err := ReadRecipients(given)
		if err == nil || strings.Contains(err.Error(), "SECRET") || !strings.Contains(err.Error(), "casustafel backup key") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ReadIdentities(list); err == nil || !strings.Contains(err.Error(), "can be read by others") {
		t.Error(err)
	}
	if err := os.Chmod(list, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadIdentities(list); err == nil || strings.Contains(err.Error(), recipient) {
		t.Error(err)
	}
}

func TestSaveIsWholeOrNot(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, Name(noon))
	broken := errors.New("broken off")
	if err := Save(path, func(to io.Writer) error { _, _ = io.WriteString(to, "half"); return broken }); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
	whole := func(to io.Writer) error { _, err := io.WriteString(to, "whole"); return err }
	if err := Save(path, whole); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 || info.Size() != 5 {
		t.Errorf("%v, %v", info, err)
	}
	if err := Save(path, whole); err == nil || !strings.Contains(err.Error(), "left as it is") {
		t.Errorf("saved over another: %v", err)
	}
}

// Only backups go, only old ones, and never one from a clock that was wrong.
func TestKeep(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	names := []string{"letter.txt", "casustafel-2026.age", "casustafel-20260299T000000Z.age", Name(noon.AddDate(4, 0, 0)),
		".casustafel-1.partial", ".casustafel-2.partial"}
	for day := range 5 {
		names = append(names, Name(noon.AddDate(0, 0, -day)))
	}
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, at := range map[string]time.Time{".casustafel-1.partial": noon.Add(-2 * partialLife), ".casustafel-2.partial": noon} {
		if err := os.Chtimes(filepath.Join(dir, name), at, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := Keep(dir, 2, noon); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, e := range entries {
		left = append(left, e.Name())
	}
	want := []string{".casustafel-2.partial", "casustafel-2026.age", "casustafel-20260299T000000Z.age", Name(noon.AddDate(0, 0, -1)), Name(noon),
		Name(noon.AddDate(4, 0, 0)), "letter.txt"}
	if !slices.Equal(left, want) {
		t.Errorf("left %q, want %q", left, want)
	}
}
