package liveclient

import (
	"testing"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/note"
	"github.com/casustafel/casustafel/internal/view"
)

// An answer without a step before it is a fault, unless others left nothing of the
// write: two took the same words away, and there is one step for both.
func TestAnswerWithoutAStep(t *testing.T) {
	for _, others := range []struct {
		name   string
		to     string
		faulty bool
	}{{"who took nothing away", "Bram slaapt niet goed.", true}, {"who took the same away", "Bram slaapt.", false}} {
		t.Run(others.name, func(t *testing.T) {
			text := view.Text{Base: "first", Body: "Bram slaapt niet."}
			n := newNote("daan", text)
			if err := n.Type(note.Between(text.Body, "Bram slaapt.")); err != nil {
				t.Fatal(err)
			}
			write := n.send("write", "card")
			if err := n.steps([]view.Step{{ID: "other", User: "iris", Base: "second", Changes: note.Between(text.Body, others.to)}}); err != nil {
				t.Fatal(err)
			}
			w := NewWriter("case")
			w.notes["card"], w.journal = n, []*Sent{{Write: *write, Given: 1}}
			w.answer(Message{Type: "answer", ID: casework.CommandID("write"), OK: true})
			if (w.fault != nil) != others.faulty {
				t.Errorf("a fault: %v", w.fault)
			}
		})
	}
}
