package storetest

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Spent is processor time of the program and of PostgreSQL, which tells more than a
// clock on a machine that others use too.
type Spent struct{ Program, Database time.Duration }

// Since is what was spent after that.
func (s Spent) Since(before Spent) Spent {
	return Spent{s.Program - before.Program, s.Database - before.Database}
}

// And is both together.
func (s Spent) And(other Spent) Spent {
	return Spent{s.Program + other.Program, s.Database + other.Database}
}

// Report tells what each of so many things took, in microseconds.
func (s Spent) Report(b *testing.B, of, thing string, times int64) {
	b.ReportMetric(float64(s.Program.Microseconds())/float64(times), of+"-program-us/"+thing)
	b.ReportMetric(float64(s.Database.Microseconds())/float64(times), of+"-database-us/"+thing)
}

// SpentBy is what this process took so far, and the PostgreSQL with that process number:
// with what it started, and what of that has ended.
func SpentBy(b *testing.B, postmaster int) (s Spent) {
	b.Helper()
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		b.Fatal(err)
	}
	s.Program = time.Duration(own.Utime.Nano() + own.Stime.Nano())
	processes, err := os.ReadDir("/proc")
	if err != nil {
		b.Fatal(err)
	}
	for _, p := range processes {
		pid, err := strconv.Atoi(p.Name())
		if err != nil {
			continue
		}
		line, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue // it ended just now
		}
		fields := strings.Fields(string(line[bytes.LastIndexByte(line, ')')+1:])) // from the third of proc(5) on
		const parent, own, children = 1, 11, 13                                   // each in user mode, and in the kernel
		switch {
		case pid == postmaster:
			s.Database += ticks(b, fields[own:own+2]) + ticks(b, fields[children:children+2])
		case fields[parent] == strconv.Itoa(postmaster):
			s.Database += ticks(b, fields[own:own+2])
		}
	}
	return s
}

// ticks are times in /proc, of which a second has a hundred on all of today's Linux.
func ticks(b *testing.B, fields []string) (sum time.Duration) {
	b.Helper()
	for _, f := range fields {
		n, err := strconv.Atoi(f)
		if err != nil {
			b.Fatal(err)
		}
		sum += time.Duration(n) * 10 * time.Millisecond
	}
	return sum
}
