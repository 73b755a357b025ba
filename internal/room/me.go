package room

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
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

// meChanged tells that one's own role or rights changed.
type meChanged struct {
	Type string `json:"t"`
	Me   me     `json:"me"`
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

// tellMe sends a client its new rights, and puts the change of its view on the
// record.
func (r *room) tellMe(c *client, next view.Moment, reader casework.Reader) {
	old, ok := r.moment.Access.Reader(c.visitor.User, r.moment.At)
	if ok && old.Role == reader.Role && strings.Join(ids(old.Beside), " ") == strings.Join(ids(reader.Beside), " ") &&
		(r.moment.Access.Policy == next.Access.Policy || reflect.DeepEqual(old.Rights, reader.Rights)) {
		return
	}
	c.send(encode(meChanged{"me", meOf(reader)}))
	r.observe(c, "view")
}

func ids(persons []casework.PersonID) []string {
	all := make([]string, len(persons))
	for i, p := range persons {
		all[i] = string(p)
	}
	return all
}

// observe records that something about a client's stay changed.
func (r *room) observe(c *client, event string) {
	reader, _ := r.moment.Access.Reader(c.visitor.User, r.moment.At)
	r.hub.writing.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), askWithin)
		defer cancel()
		if err := r.hub.Cases.Observe(ctx, c.actor, r.id, reader, event); err != nil {
			r.hub.Log.Error("record a stay", "event", event, "err", err)
			c.close(closeUnsure) // no record, no data
		}
	})
}
