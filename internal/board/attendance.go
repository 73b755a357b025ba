package board

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

type (
	// TickMember puts a member on the attendance list.
	TickMember struct {
		Member casework.UserID `json:"member"`
	}
	// UntickMember takes a member off it.
	UntickMember struct {
		Member casework.UserID `json:"member"`
	}
	// AddGuest puts somebody without an account on the list.
	AddGuest struct {
		Name string `json:"name"`
		From string `json:"from"` // where the guest comes from, such as "politie"
	}
	// RemoveGuest takes a guest off it. Of a guest nothing is kept.
	RemoveGuest struct {
		Guest casework.GuestID `json:"guest"`
	}
)

// Target implements Command.
func (c *TickMember) Target() (string, string)   { return "member", string(c.Member) }
func (c *UntickMember) Target() (string, string) { return "member", string(c.Member) }
func (*AddGuest) Target() (string, string)       { return "guest", "" }
func (c *RemoveGuest) Target() (string, string)  { return "guest", string(c.Guest) }

// Decide implements Command. Only who sits at the table now can be there.
func (c *TickMember) Decide(seat Seat, _ Env) (Decision, error) {
	if err := allow(seat, casework.ActLead, casework.NoCell); err != nil {
		return Decision{}, err
	}
	switch {
	case !seat.Enters(c.Member):
		return Decision{}, casework.Refuse(casework.NotFound, "not_at_table")
	case slices.Contains(seat.Attends(), c.Member):
		return Decision{}, nil
	case attendees(seat) >= MaxAttendance:
		return Decision{}, casework.Refuse(casework.TooMany, "limit_attendance")
	}
	return one(&casework.MemberAttends{Member: c.Member})
}

// Decide implements Command.
func (c *UntickMember) Decide(seat Seat, _ Env) (Decision, error) {
	if err := allow(seat, casework.ActLead, casework.NoCell); err != nil {
		return Decision{}, err
	}
	if !slices.Contains(seat.Attends(), c.Member) {
		return Decision{}, nil
	}
	return one(&casework.MemberLeft{Member: c.Member})
}

// Decide implements Command.
func (c *AddGuest) Decide(seat Seat, env Env) (Decision, error) {
	if err := allow(seat, casework.ActLead, casework.NoCell); err != nil {
		return Decision{}, err
	}
	if attendees(seat) >= MaxAttendance {
		return Decision{}, casework.Refuse(casework.TooMany, "limit_attendance")
	}
	name, err := Name(c.Name)
	if err != nil {
		return Decision{}, err
	}
	from, err := line(c.From, MaxName, "", "name_too_long")
	if err != nil {
		return Decision{}, err
	}
	id := casework.NewID[casework.GuestID](env.Random)
	return Decision{Made: string(id), Changes: []casework.Change{
		&casework.GuestAttends{Guest: id, Name: text(name, env), From: text(from, env)}}}, nil
}

// Decide implements Command.
func (c *RemoveGuest) Decide(seat Seat, _ Env) (Decision, error) {
	if err := allow(seat, casework.ActLead, casework.NoCell); err != nil {
		return Decision{}, err
	}
	if _, err := guest(seat, c.Guest); err != nil {
		return Decision{}, err
	}
	return Decision{Changes: []casework.Change{&casework.TextsErased{Guest: c.Guest}, &casework.GuestLeft{Guest: c.Guest}}}, nil
}

func guest(seat Seat, id casework.GuestID) (*casework.TableGuest, error) {
	guests := seat.Guests()
	if i := slices.IndexFunc(guests, func(g *casework.TableGuest) bool { return g.ID == id }); i >= 0 {
		return guests[i], nil
	}
	return nil, casework.Absent()
}

func attendees(seat Seat) int { return len(seat.Attends()) + len(seat.Guests()) }
