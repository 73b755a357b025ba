package room

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// The examples of every message, which the browser's tests read too.
func examples(t testing.TB) (all struct{ Client, Server []json.RawMessage }) {
	t.Helper()
	data, err := os.ReadFile("../../static/testdata/protocol.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestClientMessagesDecode(t *testing.T) {
	kinds, commands := map[string]bool{}, map[string]bool{}
	for _, frame := range examples(t).Client {
		m, ok := decode(frame)
		if !ok {
			t.Errorf("not understood: %s", frame)
			continue
		}
		kinds[reflect.TypeOf(m).Elem().Name()] = true
		if d, ok := m.(*do); ok {
			commands[d.Command] = true
			if _, err := board.Decode(d.Command, d.With); err != nil {
				t.Errorf("%s: %v", frame, err)
			}
		}
	}
	if len(kinds) != len(messages) {
		t.Errorf("examples of %d kinds of message, there are %d", len(kinds), len(messages))
	}
	for _, name := range board.Names() {
		if !commands[name] {
			t.Errorf("no example of the command %s", name)
		}
	}
}

// Whatever carries an id is answered, when it is refused before it is handled too.
func TestRefusalsNameTheirMessage(t *testing.T) {
	for _, frame := range examples(t).Client {
		var asked struct {
			ID casework.CommandID `json:"id"`
		}
		if err := json.Unmarshal(frame, &asked); err != nil {
			t.Fatal(err)
		}
		m, _ := decode(frame)
		q, answered := m.(answerable)
		if answered != (asked.ID != "") {
			t.Errorf("can be refused: %v, for %s", answered, frame)
		}
		if !answered {
			continue
		}
		var told struct {
			ID    casework.CommandID
			OK    bool
			Error *refusal
		}
		raw, err := json.Marshal(q.refuse(&refusal{Kind: casework.TooMany, Reason: "rate"}))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, &told); err != nil {
			t.Fatal(err)
		}
		if told.ID != asked.ID || told.OK || told.Error == nil || told.Error.Reason != "rate" {
			t.Errorf("%s is refused with %s", frame, raw)
		}
	}
}

// What the server sends reads back into its own types with nothing left over:
// no field in the examples that the server does not know.
func TestServerMessagesHaveTheFieldsOfTheProtocol(t *testing.T) {
	type readersFrame struct {
		readers
	}
	types := map[string]func() any{
		"hello": func() any { return &hello{} }, "change": func() any { return &change{Difference: &view.Difference{}} },
		"here": func() any { return &here{} }, "me": func() any { return &meChanged{} }, "answer": func() any { return &answer{} },
		"readers": func() any { return &readersFrame{} }, "rendered": func() any { return &rendered{} },
		"happened": func() any { return &happened{} }, "error": func() any { return &badFrame{} },
		"told": func() any { return &told{} }, "aims": func() any { return &aims{} }, "carets": func() any { return &carets{} },
		"beat": func() any {
			return &struct {
				Type string `json:"t"`
			}{}
		},
	}
	seen := map[string]bool{}
	for _, frame := range examples(t).Server {
		var named struct {
			Type string `json:"t"`
		}
		if err := json.Unmarshal(frame, &named); err != nil || types[named.Type] == nil {
			t.Errorf("unknown message: %s", frame)
			continue
		}
		seen[named.Type] = true
		m := types[named.Type]()
		d := json.NewDecoder(bytes.NewReader(frame))
		d.DisallowUnknownFields()
		if err := d.Decode(m); err != nil {
			t.Errorf("%s: %v", frame, err)
		}
		back, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if !sameFields(t, frame, back) {
			t.Errorf("the server would write\n%s, not\n%s", back, frame)
		}
	}
	if len(seen) != len(types) {
		t.Errorf("examples of %d kinds of message, there are %d", len(seen), len(types))
	}
}

func sameFields(t *testing.T, a, b []byte) bool {
	t.Helper()
	var x, y any
	if err := json.Unmarshal(a, &x); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &y); err != nil {
		t.Fatal(err)
	}
	return reflect.DeepEqual(x, y)
}

func FuzzReceive(f *testing.F) {
	for _, frame := range examples(f).Client {
		f.Add([]byte(frame))
	}
	for _, bad := range []string{"", "{", "null", `{"t":"do"}`, `{"t":"do","id":5}`, `{"t":"join","t":"do"}`, `{"t":"nope"}`, "\x00", `{"t":"do","with":"\ud800"}`,
		`{"t":"do","id":"MDRAFTCARD222222","cmd":"draft_card","with":{"title":"\u0000","named":null}}`} {
		f.Add([]byte(bad))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		m, ok := decode(frame)
		if !ok {
			return
		}
		if d, ok := m.(*do); ok {
			if c, err := board.Decode(d.Command, d.With); err == nil {
				c.Target()
			} else if casework.KindOf(err) != casework.Invalid {
				t.Errorf("a command that cannot be read is %v", err)
			}
		}
	})
}
