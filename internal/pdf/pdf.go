// Package pdf makes tagged PDF files of pages of HTML, by a Chromium of the machine. It
// knows nothing of what stands in them.
package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"time"
)

// Within is how long one file may take, from the start of Chromium to its end.
const Within = 15 * time.Second

// Limits of one file.
const (
	waitAtMost  = 8 * time.Second // for another file that is being made
	largestFile = 16 << 20        // bytes
	leftAfter   = time.Hour       // what is this old in the temporary directory was left by a server that was killed
	tempPattern = "casustafel-pdf-*"
)

// ErrBusy means that other files are being made: trying again in a moment is right.
var ErrBusy = errors.New("another PDF is being made")

// names are how Chromium is called, as make test looks for it.
var names = []string{"headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// Printer makes files, one at a time: each costs a browser.
type Printer struct {
	chromium string
	turn     chan struct{}
	within   time.Duration
	patience time.Duration
}

// Find gives a printer by the Chromium at a path, for files that take so long at most; by
// one of the machine when that is empty, and nil when there is none.
func Find(path string, within time.Duration) (*Printer, error) {
	if path == "" {
		for _, name := range names {
			if found, err := exec.LookPath(name); err == nil {
				return newPrinter(found, within), nil
			}
		}
		return nil, nil
	}
	found, err := exec.LookPath(path)
	if err != nil {
		return nil, fmt.Errorf("there is no Chromium at %s: give the path of one, or leave the setting out", path)
	}
	return newPrinter(found, within), nil
}

func newPrinter(chromium string, within time.Duration) *Printer {
	sweep()
	return &Printer{chromium: chromium, turn: make(chan struct{}, 1), within: within, patience: waitAtMost}
}

// sweep removes what a server that was killed left behind.
func sweep() {
	left, _ := filepath.Glob(filepath.Join(os.TempDir(), tempPattern))
	for _, dir := range left {
		if info, err := os.Lstat(dir); err == nil && info.IsDir() && time.Since(info.ModTime()) > leftAfter {
			_ = os.RemoveAll(dir) // of somebody else: it stays
		}
	}
}

// Wait takes the turn of making a file, for which others may have to wait; done gives it
// up. ErrBusy: it did not come in time.
func (p *Printer) Wait(ctx context.Context) (done func(), err error) {
	late := time.NewTimer(p.patience)
	defer late.Stop()
	select {
	case p.turn <- struct{}{}:
		return func() { <-p.turn }, nil
	case <-late.C:
		return nil, ErrBusy
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Print makes a file of a page that brings everything it shows with it; whoever calls it
// has the turn. The page lies in a directory of this user alone for as long as that
// takes. Nothing is fetched, and an error says nothing of what the page holds.
func (p *Printer) Print(ctx context.Context, page []byte) (file []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, p.within)
	defer cancel()
	dir, err := os.MkdirTemp("", tempPattern) // 0700
	if err != nil {
		return nil, fmt.Errorf("make a PDF: %w", err)
	}
	defer func() { err = errors.Join(err, removeAll(dir)) }()
	in, out := filepath.Join(dir, "in.html"), filepath.Join(dir, "out.pdf")
	if err := os.WriteFile(in, page, 0o600); err != nil {
		return nil, fmt.Errorf("make a PDF: %w", err)
	}
	if err := run(ctx, p.command(dir, in, out)); err != nil {
		return nil, fmt.Errorf("make a PDF: Chromium: %w", err)
	}
	info, err := os.Stat(out)
	if err != nil || info.Size() > largestFile {
		return nil, errors.New("make a PDF: Chromium made none, or a very large one")
	}
	if file, err = os.ReadFile(out); err != nil || !bytes.HasPrefix(file, []byte("%PDF-")) {
		return nil, errors.New("make a PDF: what Chromium made is none")
	}
	return onlyTheDay(file), nil
}

// command starts a browser that knows nobody, reaches nothing and leaves nothing.
func (p *Printer) command(dir, in, out string) *exec.Cmd {
	arguments := []string{"--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-sync",
		"--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-breakpad", "--metrics-recording-only",
		"--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9", "--proxy-bypass-list=<-loopback>", "--user-agent=Casustafel", "--user-data-dir=" + filepath.Join(dir, "profile"),
		"--no-pdf-header-footer", "--export-tagged-pdf", "--generate-pdf-document-outline", "--print-to-pdf=" + out}
	if os.Getuid() == 0 {
		arguments = append(arguments, "--no-sandbox") // Chromium's does not work as root
	}
	cmd := exec.Command(p.chromium, append(arguments, "file://"+in)...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + dir, "LANG=C.UTF-8", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd
}

// run runs a command to its end, or ends it with everything that it started.
func run(ctx context.Context, cmd *exec.Cmd) error {
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	var err error
	select {
	case err = <-ended:
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // what it left running
	case <-ctx.Done():
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		<-ended
		err = ctx.Err()
	}
	return err
}

// removeAll removes a directory in which something may be ending still.
func removeAll(dir string) (err error) {
	for range 20 {
		if err = os.RemoveAll(dir); err == nil {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return fmt.Errorf("a directory of a PDF is left behind: %w", err)
}

// madeAt is when a file was made, in its own words.
var madeAt = regexp.MustCompile(`/(CreationDate|ModDate) \(D:(\d{8})(\d{6})`)

// onlyTheDay takes the hour off from when a file was made. It stays as long as it was:
// the places in a file are counted in bytes.
func onlyTheDay(file []byte) []byte {
	return madeAt.ReplaceAll(file, []byte("/$1 (D:${2}000000"))
}
