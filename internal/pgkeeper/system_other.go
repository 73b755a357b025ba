//go:build !linux

package pgkeeper

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// ctypeLocale gives every letter its class; macOS has no C.UTF-8 everywhere.
// Sorting is ICU's.
const ctypeLocale = "en_US.UTF-8"

// endWithParent does nothing: this kernel cannot end a child with its parent.
// The next start takes the cluster over instead.
func endWithParent(*syscall.SysProcAttr) {}

// processesOf lists the processes of a user.
func processesOf(uid int) ([]process, error) {
	out, err := exec.Command("/bin/ps", "-axww", "-o", "pid=,uid=,command=").Output()
	if err != nil {
		return nil, err
	}
	var list []process
	for line := range strings.Lines(string(out)) {
		pidText, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		uidText, command, _ := strings.Cut(strings.TrimSpace(rest), " ")
		pid, pidErr := strconv.Atoi(pidText)
		owner, uidErr := strconv.Atoi(uidText)
		if pidErr == nil && uidErr == nil && int(uint32(owner)) == uid {
			list = append(list, process{pid: pid, command: strings.TrimSpace(command) + " "})
		}
	}
	return list, nil
}
