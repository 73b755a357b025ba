package pdf

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/patience"
	"github.com/casustafel/casustafel/internal/programtest"
)

const page = `<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Terugblik 2026-10</title></head><body><h1>Terugblik</h1><h2>Getallen</h2>
<table><thead><tr><th scope="col">Wat</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table></body></html>`

// patient is for browsers that are to come to an end.
const patient = patience.Within

// temporary is a directory for temporary files that only this test has, and a look at
// what is left there.
func temporary(t *testing.T) (left func() []string) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	return func() []string {
		all, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
}

// A file is tagged, has an outline and a language, and tells of itself nothing but its
// title and its day; nothing of it stays behind.
func TestPrint(t *testing.T) {
	left := temporary(t)
	p, err := Find("", patient)
	if err != nil || p == nil {
		t.Fatal("no Chromium:", err)
	}
	done, err := p.Wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	made, err := p.Print(t.Context(), []byte(page))
	if err != nil {
		t.Fatal(err)
	}
	file := string(made)
	for _, want := range []string{"/StructTreeRoot", "/Marked true", "/S /H1", "/S /TH", "/Outlines", "/Lang (nl)", "/Title (Terugblik 2026-10)", "/Creator (Casustafel)"} {
		if !strings.Contains(file, want) {
			t.Errorf("the file has no %s", want)
		}
	}
	if at := regexp.MustCompile(`\(D:\d{14}`).FindAllString(file, -1); len(at) == 0 || strings.Count(strings.Join(at, " "), "000000") != len(at) {
		t.Errorf("it tells when it was made: %v", at)
	}
	for _, never := range []string{"HeadlessChrome", "/Author", "casustafel-pdf", "file:"} {
		if strings.Contains(file, never) {
			t.Errorf("the file tells %s", never)
		}
	}
	if left := left(); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// browser is a program that passes for Chromium.
func browser(t *testing.T, script string) *Printer {
	t.Helper()
	path := filepath.Join(t.TempDir(), "chromium")
	programtest.Script(t, path, script)
	p, err := Find(path, patient)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A browser that does not come to an end is ended, with all that it started.
func TestPrintEnds(t *testing.T) {
	left := temporary(t)
	note := filepath.Join(t.TempDir(), "child")
	slow := browser(t, "sleep 300")
	slow.within = 50 * time.Millisecond
	if _, err := slow.Print(t.Context(), []byte(page)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it ended with %v", err)
	}
	ctx, leaves := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	p := browser(t, "sleep 300 & echo $! > "+note+"; wait")
	go func() {
		_, err := p.Print(ctx, []byte(page))
		ended <- err
	}()
	child := 0
	patience.Eventually(t, "the browser starts", func() bool {
		if text, err := os.ReadFile(note); err == nil && strings.HasSuffix(string(text), "\n") {
			if child, err = strconv.Atoi(strings.TrimSpace(string(text))); err != nil {
				t.Fatal(err)
			}
		}
		return child != 0
	})
	leaves()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
	patience.Eventually(t, "what the browser started ends", func() bool {
		state, err := os.ReadFile("/proc/" + strconv.Itoa(child) + "/stat")
		return err != nil && syscall.Kill(child, 0) != nil || strings.Contains(string(state), ") Z ")
	})
	if left := left(); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// What is no file of this kind goes to nobody, and no error repeats the page.
func TestPrintRefuses(t *testing.T) {
	left := temporary(t)
	for what, script := range map[string]string{
		"fails":         "exit 3",
		"makes none":    "exit 0",
		"makes a page":  `for a; do case $a in --print-to-pdf=*) echo Terugblik > "${a#*=}";; esac; done`,
		"makes a large": `for a; do case $a in --print-to-pdf=*) truncate -s 17M "${a#*=}";; esac; done`,
	} {
		file, err := browser(t, script).Print(t.Context(), []byte(page))
		if err == nil || file != nil || strings.Contains(err.Error(), "Terugblik") {
			t.Errorf("a browser that %s: %v", what, err)
		}
	}
	if _, err := Find("/nowhere/chromium", patient); err == nil {
		t.Error("a Chromium that is not there is found")
	}
	if left := left(); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// One file is made at a time; who has waited long enough is told.
func TestWait(t *testing.T) {
	temporary(t)
	p := browser(t, "")
	p.patience = 20 * time.Millisecond
	done, err := p.Wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Wait(t.Context()); !errors.Is(err, ErrBusy) {
		t.Errorf("the second: %v", err)
	}
	done()
	done, err = p.Wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	done()
}

// What a server left behind that was killed is removed by the next, what another makes
// now is not.
func TestSweep(t *testing.T) {
	left := temporary(t)
	old, err := os.MkdirTemp("", tempPattern)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = os.MkdirTemp("", tempPattern); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(old, time.Time{}, time.Now().Add(-2*leftAfter)); err != nil {
		t.Fatal(err)
	}
	browser(t, "")
	if left := left(); len(left) != 1 || left[0] == old {
		t.Errorf("left: %v", left)
	}
}
