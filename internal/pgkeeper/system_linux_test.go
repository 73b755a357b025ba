package pgkeeper

import (
	"testing"
)

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
