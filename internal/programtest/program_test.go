package programtest

import (
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// A program runs at once, however many others begin while it is written.
func TestProgramRunsWhileOthersBegin(t *testing.T) {
	t.Parallel()
	dir, text := t.TempDir(), strings.Repeat("# a long program\n", 1<<14)
	var all sync.WaitGroup
	for _, name := range []string{"a", "b", "c", "d"} {
		all.Go(func() {
			for range 25 {
				path := filepath.Join(dir, name)
				Script(t, path, "exit 0\n"+text)
				if err := exec.Command(path).Run(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}
