package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/casustafel/casustafel/policies"
)

// A policy that lost a line takes effect on boards that are open, on every
// node, without a restart; one that is not sound is refused and the old one
// serves on.
func TestPublishedPolicyTakesEffectLive(t *testing.T) {
	tb, a := newTable(t)
	b := tb.node("second")
	dir := t.TempDir()
	s := serveCmd{PolicyDir: dir}
	write := func(lines []byte) {
		for name, content := range map[string][]byte{"model.conf": policies.Model, "policy.csv": lines} {
			if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	mirthe := []*watcher{tb.watch(a, "Mirthe"), tb.watch(b, "Mirthe")}
	const hidden = "Post blijft dicht: niet kunnen, eerder dan niet willen." // Noor's, in confidence
	has := func(w *watcher) bool { _, ok := cardTitled(w.state, hidden); return ok }
	for _, w := range mirthe {
		w.until(t, "the confidential card", func() bool { return has(w) })
	}

	var without [][]byte
	for line := range bytes.Lines(policies.Lines) {
		if !bytes.HasPrefix(line, []byte("p, A-26,")) {
			without = append(without, line)
		}
	}
	write(bytes.Join(without, nil))
	before := a.app.Rules().Version()
	if err := s.publishPolicy(t.Context(), a.app); err != nil {
		t.Fatal(err)
	}
	for _, w := range mirthe {
		w.until(t, "the card to leave", func() bool { return !has(w) })
		w.until(t, "word of its own rights", func() bool {
			for _, f := range w.frames {
				if bytes.HasPrefix(f, []byte(`{"t":"me"`)) {
					return true
				}
			}
			return false
		})
	}
	if a.app.Rules().Version() == before || b.app.Rules().Version() != a.app.Rules().Version() {
		t.Error("the nodes do not serve the new policy both")
	}

	sound := a.app.Rules().Version()
	for name, lines := range map[string][]byte{
		"an unknown word": append(bytes.Clone(policies.Lines), []byte("p, Z-1, allow, janitor, read, *, *, *, *, *, *, \"no such role\"\n")...),
		"nothing":         nil,
	} {
		write(lines)
		if err := s.publishPolicy(t.Context(), a.app); err == nil || a.app.Rules().Version() != sound {
			t.Errorf("a policy with %s was published: %v", name, err)
		}
	}
	mirthe[0].must(t, "draft_card", map[string]any{"column": mirthe[0].sees().Columns[0].ID, "title": "Het oude beleid geldt nog", "class": "private", "kind": "fact"})

	write(policies.Lines)
	if err := s.publishPolicy(t.Context(), b.app); err != nil {
		t.Fatal(err)
	}
	for _, w := range mirthe {
		w.until(t, "the card to come back", func() bool { return has(w) })
	}
}
