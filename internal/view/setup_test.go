package view_test

import (
	"flag"
	"sync"
	"testing"

	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/policies"
)

var (
	histories = flag.Int("histories", defaultHistories, "how many pairs of histories to compare")
	seed      = flag.Uint64("seed", 1, "of the first random history; each next one takes the next")
	length    = flag.Int("length", 60, "steps of a random history")
)

var shipped = sync.OnceValues(func() (*policy.Policy, error) { return policy.Parse(policies.Model, policies.Lines) })

func newTable(t testing.TB) casetest.Table {
	t.Helper()
	p, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return casetest.NewTable(p)
}
