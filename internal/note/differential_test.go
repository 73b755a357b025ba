package note_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/note"
)

var (
	changeSets     = flag.Int("change-sets", 5000, "how many random changes to hold against @codemirror/state")
	changeSetsSeed = flag.Uint64("change-sets-seed", 0, "of these; 0 takes another each time")
)

// sameAsEditor is one line of static/testdata/changesets.mjs.
type sameAsEditor struct {
	Text, After   string
	Split         bool // a change lies within a surrogate pair
	A, B, C       json.RawMessage
	Composed      json.RawMessage
	Mapped        json.RawMessage
	MappedBefore  json.RawMessage
	Inverted      json.RawMessage
	Positions     [][3]int
	OverComposed  json.RawMessage // B over A and C in one
	ComposedOver  json.RawMessage `json:"composedMapped"`
	ComposedFirst json.RawMessage `json:"composedMappedBefore"`
}

// The editor's own library, in Node, and this package make the same of random
// texts and changes: what is not the same here drifts apart in browsers.
func TestSameAsTheEditor(t *testing.T) {
	t.Parallel()
	seed := *changeSetsSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano()) % (1 << 32)
	}
	script := filepath.Join("..", "..", "static", "testdata", "changesets.mjs")
	if _, err := os.ReadFile(script); err != nil { // also: another script is another test
		t.Fatal(err)
	}
	var complaint bytes.Buffer
	node := exec.CommandContext(t.Context(), "node", script, strconv.FormatUint(seed, 10), strconv.Itoa(*changeSets))
	node.Stderr = &complaint
	out, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		t.Fatalf("this test needs Node: %v", err)
	}
	lines, held, split := json.NewDecoder(out), 0, 0
	for ; ; held++ {
		var line sameAsEditor
		err := lines.Decode(&line)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("a line of %s: %v\n%s", script, err, &complaint)
		}
		if line.Split {
			split++
		}
		if line.hold(t); t.Failed() {
			t.Fatalf("case %d of -change-sets-seed %d: %q, %s", held, seed, line.Text, line.A)
		}
	}
	if err := node.Wait(); err != nil {
		t.Fatalf("%s (npm ci in static installs what it needs): %v\n%s", script, err, &complaint)
	}
	if held != *changeSets || held >= 5000 && split == 0 {
		t.Fatalf("seed %d: %d cases of %d, %d of them with split pairs", seed, held, *changeSets, split)
	}
	t.Logf("-change-sets-seed %d: %d cases, %d of them with split pairs", seed, held, split)
}

func (l *sameAsEditor) hold(t *testing.T) {
	a := decoded(t, string(l.A))
	l.same(t, "read and written", a, nil, l.A)
	after, err := a.Apply(l.Text)
	if l.Split {
		if !errors.Is(err, note.ErrSplitPair) {
			t.Errorf("a split pair: %v", err)
		}
		return
	}
	if err != nil || after != l.After {
		t.Fatalf("applied: %q, %v", after, err)
	}
	if a.Before() != note.Length(l.Text) || a.After() != note.Length(l.After) {
		t.Errorf("of length %d to %d", a.Before(), a.After())
	}
	b, c := decoded(t, string(l.B)), decoded(t, string(l.C))
	composed, err := a.Compose(c)
	l.same(t, "composed", composed, err, l.Composed)
	mapped, err := a.Map(b, false)
	l.same(t, "mapped", mapped, err, l.Mapped)
	mapped, err = a.Map(b, true)
	l.same(t, "mapped before", mapped, err, l.MappedBefore)
	mapped, err = composed.Map(b, false)
	l.same(t, "composed, mapped", mapped, err, l.ComposedOver)
	mapped, err = composed.Map(b, true)
	l.same(t, "composed, mapped before", mapped, err, l.ComposedFirst)
	mapped, err = b.Map(composed, false)
	l.same(t, "mapped over what was composed", mapped, err, l.OverComposed)
	inverted, err := a.Invert(l.Text)
	l.same(t, "inverted", inverted, err, l.Inverted)
	for _, p := range l.Positions {
		if got := a.Position(p[0], p[1]); got != p[2] {
			t.Errorf("position %d, %d is at %d, not %d", p[0], p[1], got, p[2])
		}
	}
}

// same compares what is written, section by section: the library may not read
// into one what it keeps apart.
func (l *sameAsEditor) same(t *testing.T, what string, got note.Changes, err error, want json.RawMessage) {
	t.Helper()
	var ours, theirs any
	if err == nil {
		err = errors.Join(json.Unmarshal([]byte(encoded(t, got)), &ours), json.Unmarshal(want, &theirs))
	}
	if err != nil || !reflect.DeepEqual(ours, theirs) {
		t.Errorf("%s: %s, %v, not %s", what, encoded(t, got), err, want)
	}
}
