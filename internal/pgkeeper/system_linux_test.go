package pgkeeper

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/casustafel/casustafel/internal/patience"
)

// TestEndingIsNotGone: a killed process has no command line while the kernel
// still takes its memory apart, and PostgreSQL's next start is refused for as
// long as somebody holds the shared memory.
func TestEndingIsNotGone(t *testing.T) {
	t.Parallel()
	// A program that keeps all it reads stands in for a PostgreSQL with so much
	// memory that its end takes longer than looking for it.
	tail, err := exec.LookPath("tail")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(newDir(t), "postgres")
	copyProgram(t, tail, path)
	cmd := exec.Command(path, "-c", fmt.Sprint(1<<29))
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for part, count := make([]byte, 1<<20), 0; count < 256; count++ {
		if _, err := in.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	pid := cmd.Process.Pid
	kill(t, fmt.Sprint(pid))
	for ctx, listed := shortly(t), true; listed; { // without a pause: the end is soon over
		list, err := processesOf(os.Geteuid())
		if err != nil || ctx.Err() != nil {
			t.Fatal("list until the process is gone:", err, ctx.Err())
		}
		listed = slices.ContainsFunc(list, func(p process) bool { return p.pid == pid })
	}
	if ends(filepath.Join("/proc", fmt.Sprint(pid))) {
		t.Error("a process that is still ending is not listed")
	}
	if err := cmd.Wait(); err == nil {
		t.Error("the killed program succeeded")
	}
}

// awaitParentDeath checks that PostgreSQL ends by itself after its program.
func awaitParentDeath(t *testing.T, dir, postmaster string) {
	t.Helper()
	h := &home{dir: dir}
	who, err := h.account()
	if err != nil {
		t.Fatal(err)
	}
	patience.Eventually(t, "postmaster "+postmaster+" ended with its program", func() bool {
		left, err := leftBehind(h, who)
		return err == nil && len(left) == 0
	})
}
