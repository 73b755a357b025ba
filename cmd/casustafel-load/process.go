package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of CPU times in /proc, the same on all of today's Linux.
const tick = 10 * time.Millisecond

// cpuTime is the CPU that a process took so far, its threads together.
func cpuTime(pid int) (time.Duration, error) {
	s, err := readStat(pid)
	return s.own, err
}

// residentKiB is the memory of a process that is in RAM now.
func residentKiB(pid int) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, fmt.Errorf("memory of a server: %w", err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			return strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
		}
	}
	return 0, fmt.Errorf("memory of a server: /proc/%d/status does not tell", pid)
}

// clusterCPU is the CPU that a private PostgreSQL took so far: the postmaster,
// what it started, and what of that has ended.
func clusterCPU(dataDir string) (time.Duration, error) {
	file, err := os.ReadFile(filepath.Join(dataDir, "postgres", "postmaster.pid"))
	if err != nil {
		return 0, fmt.Errorf("find PostgreSQL: %w", err)
	}
	first, _, _ := strings.Cut(string(file), "\n")
	postmaster, err := strconv.Atoi(first)
	if err != nil {
		return 0, fmt.Errorf("find PostgreSQL: %w", err)
	}
	all, err := readStat(postmaster)
	if err != nil {
		return 0, err
	}
	sum := all.own + all.ended
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return 0, fmt.Errorf("list processes: %w", err)
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if s, err := readStat(pid); err == nil && s.parent == postmaster { // else it ended just now
			sum += s.own
		}
	}
	return sum, nil
}

type stat struct {
	parent     int
	own, ended time.Duration // CPU of the process, and of its children that ended
}

// readStat reads /proc/PID/stat. Its second field, a name, may hold anything.
func readStat(pid int) (stat, error) {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return stat{}, fmt.Errorf("CPU of a server: %w", err)
	}
	fields := strings.Fields(string(line[bytes.LastIndexByte(line, ')')+1:])) // from the third on
	if len(fields) < 15 {
		return stat{}, fmt.Errorf("CPU of a server: /proc/%d/stat is short", pid)
	}
	var n [15]int64
	for _, i := range []int{1, 11, 12, 13, 14} {
		if n[i], err = strconv.ParseInt(fields[i], 10, 64); err != nil {
			return stat{}, fmt.Errorf("CPU of a server: %w", err)
		}
	}
	return stat{parent: int(n[1]), own: time.Duration(n[11]+n[12]) * tick, ended: time.Duration(n[13]+n[14]) * tick}, nil
}
