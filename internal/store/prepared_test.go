package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/casustafel/casustafel/internal/patience"
	"github.com/casustafel/casustafel/internal/store"
)

// More transactions than there are connections, all of which meet statements
// that were never prepared: none waits for a connection that another holds.
func TestPreparingNeedsNoSecondConnection(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience.Within)
	defer cancel()
	var all, begun sync.WaitGroup
	begun.Add(16) // as many as the pool has connections
	for i := range 16 {
		all.Go(func() {
			err := s.Transact(ctx, func(tx *store.Tx) error {
				begun.Done()
				begun.Wait() // every connection is taken
				for j := range 3 {
					var n int
					if err := tx.GetContext(ctx, &n, fmt.Sprintf(`SELECT %d + $1::int`, 100*i+j), 1); err != nil || n != 100*i+j+1 {
						return fmt.Errorf("%d: %w", n, err)
					}
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}
