package casework

import (
	"fmt"
	"slices"
)

// Every change of the attendance list blanks the Scherm, so that nobody who came
// since looks at it, and so that it never widens by itself: it is shown again
// only by an act of its own.

type (
	// MemberAttends puts a member on the attendance list.
	MemberAttends struct {
		Member UserID `json:"member"`
	}
	// MemberLeft takes a member off the list.
	MemberLeft struct {
		Member UserID `json:"member"`
	}
	// GuestAttends puts somebody without an account on the list.
	GuestAttends struct {
		Guest GuestID `json:"guest"`
		Name  Text    `json:"name"`
		From  Text    `json:"from"`
	}
	// GuestLeft takes a guest off the list.
	GuestLeft struct {
		Guest GuestID `json:"guest"`
	}
	// ScreenShown shows the Scherm to everybody on the list.
	ScreenShown struct{}
	// ScreenBlanked blanks it.
	ScreenBlanked struct{}
)

// Type implements Change.
func (*MemberAttends) Type() string { return "member_attends" }
func (*MemberLeft) Type() string    { return "member_left" }
func (*GuestAttends) Type() string  { return "guest_attends" }
func (*GuestLeft) Type() string     { return "guest_left" }
func (*ScreenShown) Type() string   { return "screen_shown" }
func (*ScreenBlanked) Type() string { return "screen_blanked" }

// Texts implements Change.
func (*MemberAttends) Texts() []*Text  { return nil }
func (*MemberLeft) Texts() []*Text     { return nil }
func (c *GuestAttends) Texts() []*Text { return []*Text{&c.Name, &c.From} }
func (*GuestLeft) Texts() []*Text      { return nil }
func (*ScreenShown) Texts() []*Text    { return nil }
func (*ScreenBlanked) Texts() []*Text  { return nil }

func (c *MemberAttends) apply(s *State, _ Event) error {
	if slices.Contains(s.Attends, c.Member) {
		return fmt.Errorf("member %s attends already", c.Member)
	}
	s.Attends, s.Screen = append(s.Attends, c.Member), false
	return nil
}

func (c *MemberLeft) apply(s *State, _ Event) error {
	if !slices.Contains(s.Attends, c.Member) {
		return fmt.Errorf("member %s does not attend", c.Member)
	}
	s.Attends = slices.DeleteFunc(s.Attends, func(user UserID) bool { return user == c.Member })
	s.Screen = false
	return nil
}

func (c *GuestAttends) apply(s *State, _ Event) error {
	if s.guestIndex(c.Guest) >= 0 {
		return fmt.Errorf("guest %s attends already", c.Guest)
	}
	s.Guests, s.Screen = append(s.Guests, &TableGuest{ID: c.Guest, Name: c.Name, From: c.From}), false
	return nil
}

func (c *GuestLeft) apply(s *State, _ Event) error {
	i := s.guestIndex(c.Guest)
	if i < 0 {
		return fmt.Errorf("no guest %s", c.Guest)
	}
	s.Guests, s.Screen = slices.Delete(s.Guests, i, i+1), false
	return nil
}

func (*ScreenShown) apply(s *State, _ Event) error {
	s.Screen = true
	return nil
}

func (*ScreenBlanked) apply(s *State, _ Event) error {
	s.Screen = false
	return nil
}

func (s *State) guestIndex(id GuestID) int {
	return slices.IndexFunc(s.Guests, func(g *TableGuest) bool { return g.ID == id })
}

func (s *State) editGuest(id GuestID) (*TableGuest, error) {
	i := s.guestIndex(id)
	if i < 0 {
		return nil, fmt.Errorf("no guest %s", id)
	}
	g := *s.Guests[i]
	s.Guests[i] = &g
	return &g, nil
}
