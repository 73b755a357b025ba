// Package seeded shows that tests can fail: it builds the tests of a package
// once, with every fault of a list compiled in beside what is right, and runs
// each test with the one fault that it has to notice.
package seeded

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Fault is a mistake that breaks a promise, and the test that must notice it.
type Fault struct {
	Name    string
	Package string   // of the test, as a path from where the list stands; empty: there
	Test    string   // its whole name
	Args    []string // of the test program
	Edits   []Edit   // all within functions
}

// Edit is one piece of a source file in place of another, which stands there once.
type Edit struct{ File, From, To string }

// Swap is an edit.
func Swap(file, from, to string) Edit { return Edit{File: file, From: from, To: to} }

// One is a fault of a single edit, noticed by a test of the package of the list.
func One(name, test, file, from, to string) Fault {
	return Fault{Name: name, Test: test, Edits: []Edit{Swap(file, from, to)}}
}

// which names the fault that a program runs with, by its number in the list.
const which = "CASUSTAFEL_SEEDED_FAULT"

// Caught fails for each fault that its test lets pass.
func Caught(t *testing.T, faults []Fault) {
	t.Helper()
	dir := t.TempDir()
	overlay := writeOverlay(t, dir, faults)
	programs := map[string]string{}
	for _, f := range faults {
		if programs[f.Package] == "" {
			programs[f.Package] = filepath.Join(dir, strconv.Itoa(len(programs))+".test")
			build(t, programs[f.Package], overlay, f.Package)
		}
	}
	for i, f := range faults {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			run := exec.CommandContext(t.Context(), programs[f.Package], append([]string{"-test.timeout=10m", "-test.run", "^" + f.Test + "$"}, f.Args...)...)
			run.Dir = filepath.Join(".", f.Package)
			run.Env = append(os.Environ(), which+"="+strconv.Itoa(i+1))
			out, err := run.CombinedOutput()
			if err == nil {
				t.Fatalf("%s lets it pass:\n%s", f.Test, out)
			}
			if !strings.Contains(string(out), "--- FAIL: "+f.Test) {
				t.Fatalf("the faulty program does not run:\n%s", out)
			}
		})
	}
}

// build makes the test program of a package, without what only debuggers read.
func build(t *testing.T, program, overlay, pkg string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "test", "-c", "-vet=off", "-ldflags=-s -w", "-overlay", overlay, "-o", program, "./"+pkg).CombinedOutput()
	if err != nil {
		t.Fatalf("build the tests of %q with the faults: %v\n%s", pkg, err, out)
	}
}

// writeOverlay writes the sources with the faults, and what puts them in place.
func writeOverlay(t *testing.T, dir string, faults []Fault) string {
	t.Helper()
	sources, err := withFaults(faults)
	if err != nil {
		t.Fatal(err)
	}
	replace := map[string]string{}
	for path, text := range sources {
		replace[path] = filepath.Join(dir, strconv.Itoa(len(replace))+".go")
		write(t, replace[path], text)
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	write(t, file, string(list))
	return file
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
