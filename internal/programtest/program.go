// Package programtest writes programs that a test then runs.
package programtest

import (
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
)

// Write writes a program that everybody may run. A child that another test forks while the
// file is open holds it open for writing until it is a program itself, and the kernel runs no
// file that somebody may write to ("text file busy"): so nobody forks meanwhile.
// https://go.dev/issue/22315
func Write(t testing.TB, path string, from io.Reader) {
	t.Helper()
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	to, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
}

// Script writes a shell script that everybody may run.
func Script(t testing.TB, path, script string) {
	t.Helper()
	Write(t, path, strings.NewReader("#!/bin/sh\n"+script+"\n"))
}
