package room

import (
	"fmt"

	"github.com/casustafel/casustafel/internal/casework"
)

// me is what a client knows of its own place at the table. The masks only tell
// which buttons to show.
type me struct {
	User   casework.UserID `json:"user"`
	Role   casework.Role   `json:"role"`
	Rights rights          `json:"rights"`
}

type rights struct {
	Open   map[casework.Act]string `json:"open"`
	Closed map[casework.Act]string `json:"closed"`
}

// meChanged tells that one's view is now of another audience: one's own role or
// rights changed, or who one is came to make a difference, as one acted for the
// first time or is named on a card. The seat of before would bring back a view
// that is over.
type meChanged struct {
	Type string `json:"t"`
	Me   me     `json:"me"`
	Seat string `json:"seat"`
}

func meOf(r casework.Reader) me {
	return me{User: r.User, Role: r.Role, Rights: rights{hexMasks(r.Rights.Open), hexMasks(r.Rights.Closed)}}
}

func hexMasks(masks map[casework.Act]casework.Mask) map[casework.Act]string {
	all := make(map[casework.Act]string, len(masks))
	for act, m := range masks {
		if m != (casework.Mask{}) {
			all[act] = fmt.Sprintf("%016x%016x%016x%016x", m[0], m[1], m[2], m[3])
		}
	}
	return all
}

// tellMe tells a client of its new audience.
func (r *room) tellMe(c *client) {
	if reader, ok := r.reader(c); ok {
		c.send(encode(meChanged{"me", meOf(reader), r.seatToken(c)}))
	}
}
