package identity

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
)

func TestDoorway(t *testing.T) {
	t.Parallel()
	var d Doorway
	var leave []func()
	for range insideAtOnce {
		out, err := d.Enter(t.Context(), "flood")
		if err != nil {
			t.Fatal(err)
		}
		leave = append(leave, out)
	}
	var queue sync.WaitGroup
	results := make(chan error, ofOneAddress)
	for range ofOneAddress { // as many too many as are inside
		queue.Go(func() {
			out, err := d.Enter(t.Context(), "flood")
			results <- err
			if err == nil {
				out()
			}
		})
	}
	for range insideAtOnce {
		if err := <-results; casework.KindOf(err) != casework.TooMany {
			t.Errorf("one too many of one address did not hear so at once: %v", err)
		}
	}
	impatient, stop := context.WithCancel(t.Context())
	stop()
	if _, err := d.Enter(impatient, "elsewhere"); !errors.Is(err, context.Canceled) {
		t.Errorf("who left while waiting: %v", err)
	}
	leave[0]()
	out, err := d.Enter(t.Context(), "elsewhere") // comes in, however many wait of the flood
	if err != nil {
		t.Fatal(err)
	}
	out() // to those of the flood that come to wait only now
	queue.Wait()
	for range ofOneAddress - insideAtOnce {
		if err := <-results; err != nil {
			t.Errorf("one that waited: %v", err)
		}
	}
	for _, out := range leave[1:] {
		out()
	}
	if len(d.of) != 0 || len(d.inside) != 0 {
		t.Errorf("all left, but %v are counted", d.of)
	}
}
