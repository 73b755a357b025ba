package durable_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/casustafel/casustafel/internal/durable"
)

// What goes wrong halfway leaves what was there, and nothing beside it.
func TestWholeOrNotAtAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "file")
	if err := durable.SaveText(path, "first", os.Link); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken off")
	half := func(to io.Writer) error { return errors.Join(must(io.WriteString(to, "sec")), broken) }
	if err := durable.Save(path, half, os.Rename); !errors.Is(err, broken) {
		t.Fatalf("a write that was broken off gave %v", err)
	}
	whole := func(to io.Writer) error { return must(io.WriteString(to, "second")) }
	if err := durable.Save(path, whole, os.Link); !errors.Is(err, fs.ErrExist) {
		t.Fatalf("a link onto a file gave %v", err)
	}
	said, err := os.ReadFile(path)
	if err != nil || string(said) != "first" {
		t.Fatalf("there is %q, %v", said, err)
	}
	if err := durable.SaveText(path, "second", os.Rename); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 || info.Size() != int64(len("second")) {
		t.Fatalf("the second is %v, %v", info, err)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Fatalf("beside it lies %v, %v", left, err)
	}
}

func must(_ int, err error) error { return err }
