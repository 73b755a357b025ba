package room

import "github.com/casustafel/casustafel/internal/casework"

// onlyLooks answers what a client may not send that looks through other eyes
// than the own: all but how the text of a card is to be shown. It tells whether
// that was all there is to do.
func (c *client) onlyLooks(m message) bool {
	if c.eyes.Own() {
		return false
	}
	switch m.(type) {
	case *join, *render:
		return false
	}
	c.turnDown(m, &refusal{Kind: casework.Denied, Reason: "read_only"})
	return true
}
