package room

import "github.com/casustafel/casustafel/internal/casework"

// onlyLooks answers what a client may not send that looks through other eyes
// than the own: all but how the text of a card is to be shown. It tells whether
// that was all there is to do.
func (c *client) onlyLooks(m message) bool {
	if c.eyes.Own() {
		return false
	}
	readOnly := &refusal{Kind: casework.Denied, Reason: "read_only"}
	switch m := m.(type) {
	case *join, *render:
		return false
	case *do:
		c.send(encode(answer{Type: "answer", ID: m.ID, Error: readOnly}))
	case *who:
		c.send(encode(noReaders(m.ID, readOnly.Kind, readOnly.Reason)))
	case *history:
		c.send(encode(m.refuse(readOnly)))
	}
	return true
}
