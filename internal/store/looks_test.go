package store_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/store"
)

// The newest look stays, whoever writes last; it is sealed for its case and user.
func TestLooks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	iris, ruben := h.account(t, "iris"), h.account(t, "ruben")
	c, other := h.open(t, "CASE", iris), h.open(t, "OTHER", iris)
	save := func(at time.Time, seen string) {
		t.Helper()
		if err := h.SaveLook(t.Context(), c, iris, store.Look{At: at, Seen: []byte(seen)}); err != nil {
			t.Fatal(err)
		}
	}
	is := func(at time.Time, seen string) {
		t.Helper()
		looks, err := h.LooksOf(t.Context(), iris)
		if err != nil || len(looks) != 1 {
			t.Fatal(looks, err)
		}
		if bytes.Contains(looks[c].Seen, []byte(seen)) {
			t.Error("the look is not sealed")
		}
		look, err := h.OpenLook(t.Context(), h.Reader(), c, iris, looks[c])
		if err != nil || string(look.Seen) != seen || !look.At.Equal(at) {
			t.Errorf("%s at %s, %v", look.Seen, look.At, err)
		}
	}
	save(noon, "what Iris saw")
	is(noon, "what Iris saw")
	save(noon.Add(time.Hour), "what Iris saw later")
	save(noon.Add(time.Minute), "what came late")
	is(noon.Add(time.Hour), "what Iris saw later")

	looks, err := h.LooksOf(t.Context(), iris)
	if err != nil {
		t.Fatal(err)
	}
	for name, open := range map[string]func() (store.Look, error){
		"of another user": func() (store.Look, error) { return h.OpenLook(t.Context(), h.Reader(), c, ruben, looks[c]) },
		"of another case": func() (store.Look, error) { return h.OpenLook(t.Context(), h.Reader(), other, iris, looks[c]) },
	} {
		if look, err := open(); !errors.Is(err, store.ErrWrongKey) || look.Seen != nil {
			t.Errorf("a look %s opens: %v, %v", name, look, err)
		}
	}
}
