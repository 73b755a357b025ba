package view

import "github.com/casustafel/casustafel/internal/casework"

// Eyes tell through which eyes a member looks at a case: the own ones (the zero
// value), those of everybody in the meeting room (the Scherm), or those of
// somebody else and the own ones together ("Kijk als").
type Eyes struct {
	Screen bool
	As     casework.UserID
}

// Own tells whether a member looks with no other eyes than the own.
func (e Eyes) Own() bool { return e == Eyes{} }

// Reader makes the reader that a user is through these eyes at a moment; false
// when there is none: the user is no member now, may not lead, or wants to look
// as somebody who does not enter the case.
func (e Eyes) Reader(user casework.UserID, m Moment) (casework.Reader, bool) {
	if e.Own() {
		return m.Access.Reader(user, m.At)
	}
	own, ok := m.Access.Reader(user, m.At)
	if !ok || !leads(own, m.State.Status) {
		return casework.Reader{}, false
	}
	joint := casework.Reader{Member: own.Member}
	if e.Screen {
		joint.Joint = screen(own, m)
		return joint, true
	}
	other, ok := enters(e.As, m)
	if !ok {
		return casework.Reader{}, false
	}
	joint.Joint = &casework.Joint{Eyes: []casework.Reader{own, other}}
	return joint, true
}

func leads(r casework.Reader, status casework.Status) bool {
	return r.Rights.Allow(casework.ActJoin, casework.NoCell, status) && r.Rights.Allow(casework.ActLead, casework.NoCell, status)
}

// enters finds a member who may enter the case at this moment.
func enters(user casework.UserID, m Moment) (casework.Reader, bool) {
	r, ok := m.Access.Reader(user, m.At)
	return r, ok && r.Rights.Allow(casework.ActJoin, casework.NoCell, m.State.Status)
}
