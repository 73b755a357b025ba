package board_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
)

// ticked is the case with Daan on the list and the Scherm shown.
func ticked(d *demo) {
	d.Do(d.Hanneke, "tick_member", with{"member": d.Daan})
	d.Do(d.Hanneke, "show_screen", nil)
}

func guestOf(d *demo) casework.GuestID { return d.State.Guests[len(d.State.Guests)-1].ID }

func TestAttendance(t *testing.T) {
	full := func(d *demo) {
		for i := range board.MaxAttendance {
			d.Do(d.Hanneke, "add_guest", with{"name": fmt.Sprint("gast ", i)})
		}
	}
	hold(t, []rule{
		{"the chair keeps the list", func(d *demo) said { return d.Do(d.Hanneke, "tick_member", with{"member": d.Ruben}) }, "ok"},
		{"twice ticked is ticked", func(d *demo) said { ticked(d); return d.Do(d.Hanneke, "tick_member", with{"member": d.Daan}) }, "ok"},
		{"nobody else keeps it", func(d *demo) said { return d.Do(d.Daan, "tick_member", with{"member": d.Daan}) }, "denied not_allowed lead"},
		{"nor takes anybody off", func(d *demo) said { ticked(d); return d.Do(d.Daan, "untick_member", with{"member": d.Daan}) }, "denied not_allowed lead"},
		{"a stranger is not ticked", func(d *demo) said { return d.Do(d.Hanneke, "tick_member", with{"member": absent}) }, "not_found not_at_table"},
		{"nor who left the case", func(d *demo) said {
			m := d.Member(d.Ruben)
			m.Until = d.At
			d.Seat(m)
			return d.Do(d.Hanneke, "tick_member", with{"member": d.Ruben})
		}, "not_found not_at_table"},
		{"who left can be taken off", func(d *demo) said {
			d.Do(d.Hanneke, "tick_member", with{"member": d.Ruben})
			m := d.Member(d.Ruben)
			m.Until = d.At
			d.Seat(m)
			return d.Do(d.Hanneke, "untick_member", with{"member": d.Ruben})
		}, "ok"},
		{"a guest has a name", func(d *demo) said { return d.Do(d.Hanneke, "add_guest", with{"name": " "}) }, "invalid name_empty"},
		{"of 200 characters", func(d *demo) said {
			return d.Do(d.Hanneke, "add_guest", with{"name": strings.Repeat("é", 200), "from": "politie 👮"})
		}, "ok"},
		{"and no more", func(d *demo) said { return d.Do(d.Hanneke, "add_guest", with{"name": strings.Repeat("é", 201)}) }, "invalid name_too_long"},
		{"nor does where from", func(d *demo) said {
			return d.Do(d.Hanneke, "add_guest", with{"name": "x", "from": strings.Repeat("é", 201)})
		}, "invalid name_too_long"},
		{"the list has an end", func(d *demo) said { full(d); return d.Do(d.Hanneke, "add_guest", with{"name": "een te veel"}) }, "too_many limit_attendance"},
		{"for members too", func(d *demo) said { full(d); return d.Do(d.Hanneke, "tick_member", with{"member": d.Daan}) }, "too_many limit_attendance"},
		{"no guest is not taken off", func(d *demo) said { return d.Do(d.Hanneke, "remove_guest", with{"guest": absent}) }, "not_found not_found"},
		{"the chair erases a guest's name", func(d *demo) said {
			d.Do(d.Hanneke, "add_guest", with{"name": "Piet"})
			return d.Do(d.Hanneke, "redact", with{"guest": guestOf(d)})
		}, "ok"},
		{"nobody else does", func(d *demo) said {
			d.Do(d.Hanneke, "add_guest", with{"name": "Piet"})
			return d.Do(d.Daan, "redact", with{"guest": guestOf(d)})
		}, "denied not_allowed redact"},
		{"a closed case has no list", func(d *demo) said {
			d.Do(d.Hanneke, "close_case", nil)
			return d.Do(d.Hanneke, "tick_member", with{"member": d.Daan})
		}, "denied closed lead"},
		{"the Scherm is not shown to nobody", func(d *demo) said { return d.Do(d.Hanneke, "show_screen", nil) }, "conflict attendance_empty"},
		{"only the chair shows it", func(d *demo) said { ticked(d); return d.Do(d.Iris, "show_screen", nil) }, "denied not_allowed lead"},
		{"or blanks it", func(d *demo) said { ticked(d); return d.Do(d.Iris, "blank_screen", nil) }, "denied not_allowed lead"},
		{"it is not shown to who left the case", func(d *demo) said {
			d.Do(d.Hanneke, "tick_member", with{"member": d.Ruben})
			m := d.Member(d.Ruben)
			m.Active = false
			d.Seat(m)
			return d.Do(d.Hanneke, "show_screen", nil)
		}, "conflict attendance_ended"},
		{"nor to a guest of the team without an item", func(d *demo) said {
			m := d.Member(d.Ruben)
			m.Role = casework.Guest
			d.Seat(m)
			return d.Do(d.Hanneke, "tick_member", with{"member": d.Ruben})
		}, "not_found not_at_table"},
	})
}

// Every change of the list blanks the Scherm, and so do a latecomer and the end
// of the case; what changes nothing leaves it shown.
func TestWhatBlanksTheScherm(t *testing.T) {
	begin := zilverlinde(t)
	begin.Do(begin.Hanneke, "add_guest", with{"name": "Piet", "from": "politie"})
	ticked(begin)
	if !begin.State.Screen || len(begin.State.Attends) != 2 {
		t.Fatalf("shown %v to %v: who shows it is there", begin.State.Screen, begin.State.Attends)
	}
	for _, c := range []struct {
		what   string
		user   casework.UserID
		do     string
		fields with
		shown  bool
	}{
		{"somebody is ticked", begin.Hanneke, "tick_member", with{"member": begin.Ruben}, false},
		{"somebody leaves", begin.Hanneke, "untick_member", with{"member": begin.Daan}, false},
		{"a guest comes", begin.Hanneke, "add_guest", with{"name": "Klaas"}, false},
		{"a guest leaves", begin.Hanneke, "remove_guest", with{"guest": guestOf(begin)}, false},
		{"it is blanked", begin.Hanneke, "blank_screen", nil, false},
		{"somebody sits down who is not on the list", begin.Ruben, "take_seat", nil, false},
		{"the case is closed", begin.Hanneke, "close_case", nil, false},
		{"somebody sits down who is on the list", begin.Daan, "take_seat", nil, true},
		{"somebody is ticked again", begin.Hanneke, "tick_member", with{"member": begin.Daan}, true},
		{"somebody who is not there is unticked", begin.Hanneke, "untick_member", with{"member": begin.Ruben}, true},
		{"somebody else tries to blank it", begin.Iris, "blank_screen", nil, true},
		{"a name is erased", begin.Hanneke, "redact", with{"guest": guestOf(begin)}, true},
	} {
		d := *begin
		d.Do(c.user, c.do, c.fields)
		if d.State.Screen != c.shown {
			t.Errorf("%s: shown %v", c.what, d.State.Screen)
		}
	}
	d := *begin
	d.Do(d.Hanneke, "remove_guest", with{"guest": guestOf(begin)})
	last := d.Log[len(d.Log)-2:]
	if erased, ok := last[0].Change.(*casework.TextsErased); !ok || erased.Guest != guestOf(begin) {
		t.Errorf("a guest who left leaves a name: %T", last[0].Change)
	}
}
