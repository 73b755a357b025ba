package view_test

import (
	"slices"
	"testing"

	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// The chair looks as a colleague who may enter the case, with both their eyes;
// anybody else, and at anybody else, gets the refusal of a case that is not there.
func TestWhoMayLookThroughWhose(t *testing.T) {
	table := newTable(t)
	cast := casetest.Cast()
	chair, child, perpetrator, later := cast[0], cast[1], cast[6], cast[7]
	guest := cast[5]
	guest.Role = casework.Guest
	table, _ = table.Do(casetest.Step{At: table.At, Member: &guest})
	ended := cast[4]
	ended.Until = table.At
	table, _ = table.Do(casetest.Step{At: table.At, Member: &ended})
	closed := table
	closed, _ = closed.Do(casetest.Step{At: table.At, User: chair.User, Command: "close_case", With: []byte("{}")})
	screen := view.Eyes{Screen: true}
	for _, c := range []struct {
		what string
		at   casetest.Table
		user casework.UserID
		eyes view.Eyes
		want []casework.UserID // whose eyes; nil: refused
	}{
		{"the chair as perpetrator support", table, chair.User, view.Eyes{As: perpetrator.User}, []casework.UserID{chair.User, perpetrator.User}},
		{"the chair as who only begins later", table, chair.User, view.Eyes{As: later.User}, nil},
		{"the chair as who has left", table, chair.User, view.Eyes{As: ended.User}, nil},
		{"the chair as a guest without an item", table, chair.User, view.Eyes{As: guest.User}, nil},
		{"the chair as a stranger", table, chair.User, view.Eyes{As: "AAAAAAAAAAAAAAAA"}, nil},
		{"a child worker as the chair", table, child.User, view.Eyes{As: chair.User}, nil},
		{"a child worker on the Scherm", table, child.User, screen, nil},
		{"a stranger on the Scherm", table, "AAAAAAAAAAAAAAAA", screen, nil},
		{"the chair of a closed case", closed, chair.User, view.Eyes{As: perpetrator.User}, nil},
		{"the Scherm of a closed case", closed, chair.User, screen, nil},
	} {
		reader, ok := c.eyes.Reader(c.user, c.at.Moment())
		if ok != (c.want != nil) {
			t.Errorf("%s: %v", c.what, ok)
			continue
		}
		if !ok {
			continue
		}
		var users []casework.UserID
		for _, one := range reader.Joint.Eyes {
			users = append(users, one.User)
		}
		if !slices.Equal(users, c.want) || len(reader.Rights.Open)+len(reader.Rights.Closed) > 0 {
			t.Errorf("%s: the eyes of %v, and rights %v", c.what, users, reader.Rights)
		}
	}
}
