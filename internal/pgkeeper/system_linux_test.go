package pgkeeper

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// fill is a program with so much memory that its end takes a while.
func fill() {
	memory := make([]byte, 256<<20)
	for i := 0; i < len(memory); i += os.Getpagesize() {
		memory[i] = 1
	}
	fmt.Println("full")
	_, _ = os.Stdin.Read(memory) // the parent kills this process
}

// TestEndingIsNotGone: a killed process has no command line while the kernel
// still takes its memory apart, and PostgreSQL's next start is refused for as
// long as somebody holds the shared memory.
func TestEndingIsNotGone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(newDir(t), "postgres")
	copyProgram(t, path)
	cmd := exec.Command(path)
	cmd.Env = append(os.Environ(), fillEnv+"=yes")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
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
	eventually(t, "postmaster "+postmaster+" ended with its program", func() bool {
		left, err := leftBehind(h, who)
		return err == nil && len(left) == 0
	})
}
