package room

import (
	"context"
	"encoding/json"

	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
)

// do is a command.
type do struct {
	Type    string             `json:"t"`
	ID      casework.CommandID `json:"id"`
	Command string             `json:"cmd"`
	With    json.RawMessage    `json:"with"`
}

// answer tells the author of a command what became of it.
type answer struct {
	Type  string             `json:"t"`
	ID    casework.CommandID `json:"id"`
	OK    bool               `json:"ok"`
	Made  string             `json:"made,omitempty"`
	Error *refusal           `json:"error,omitempty"`
}

// refusal is why not, in the words of PROTOCOL.md.
type refusal struct {
	Kind    casework.ErrorKind `json:"kind"`
	Reason  string             `json:"reason"`
	Rule    string             `json:"rule,omitempty"`
	Why     string             `json:"why,omitempty"`
	Current *current           `json:"current,omitempty"`
}

// current is the text that was there first.
type current struct {
	Base casework.TextID `json:"base"`
	Body string          `json:"body"`
}

// handle waits for the commit on the reader's goroutine: commands of one
// connection are carried out one after the other.
func (m *do) handle(c *client) bool {
	ctx, cancel := context.WithTimeout(context.Background(), askWithin)
	defer cancel()
	c.keepAlive(ctx)
	a := c.hub.Cases.Do(ctx, c.actor, c.room.id, m.ID, m.Command, m.With)
	c.hub.Metrics.commands.WithLabelValues(outcome(a)).Inc()
	frame := encode(answer{Type: "answer", ID: m.ID, OK: a.Refusal == nil, Made: a.Made, Error: refusalOf(a)})
	c.room.post(func() { c.room.inOrder(func() { c.send(frame) }) })
	return true
}

func (m *do) refuse(why *refusal) any { return answer{Type: "answer", ID: m.ID, Error: why} }

func refusalOf(a board.Answer) *refusal {
	if a.Refusal == nil {
		return nil
	}
	r := &refusal{Kind: a.Refusal.Kind, Reason: a.Refusal.Reason, Rule: a.Rule, Why: a.Why}
	if t := a.Refusal.Current; t != nil {
		r.Current = &current{t.ID, t.Body}
	}
	return r
}

func outcome(a board.Answer) string {
	if a.Refusal == nil {
		return "done"
	}
	return string(a.Refusal.Kind)
}
