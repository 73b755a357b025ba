package pgkeeper

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// ctypeLocale gives every letter its class; plain C knows ASCII alone, which
// breaks Dutch. Sorting is ICU's.
const ctypeLocale = "C.UTF-8"

// endWithParent has the kernel ask PostgreSQL for a fast shutdown when the
// thread that started it ends.
func endWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGINT }

// processesOf lists the processes of a user. Command lines are readable where
// working directories are not: root in a container may not look at another
// user's.
func processesOf(uid int) ([]process, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	var list []process
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		dir := filepath.Join("/proc", entry.Name())
		info, err := os.Stat(dir)
		if err != nil || ownerOf(info) != uid {
			continue // ended meanwhile, or another user's
		}
		raw, err := os.ReadFile(filepath.Join(dir, "cmdline"))
		if err != nil {
			continue
		}
		command := strings.TrimRight(string(bytes.ReplaceAll(raw, []byte{0}, []byte{' '})), " ")
		if command != "" {
			list = append(list, process{pid: pid, command: command + " "})
		} else if ends(dir) {
			list = append(list, process{pid: pid, ending: true})
		}
	}
	return list, nil
}

// ends tells of a process without a command line whether it is a PostgreSQL
// that still holds its shared memory. A zombie holds nothing.
func ends(dir string) bool {
	stat, err := os.ReadFile(filepath.Join(dir, "stat")) // pid (program) state
	if err != nil {
		return false
	}
	name := bytes.LastIndexByte(stat, ')')
	return name > 0 && bytes.HasSuffix(stat[:name], []byte("(postgres")) && !bytes.HasPrefix(stat[name:], []byte(") Z")) &&
		!bytes.HasPrefix(stat[name:], []byte(") X"))
}
