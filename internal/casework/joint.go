package casework

// Joint is who looks together. Joint eyes see what every one of them may read
// and no more. They see no draft, which is not on the table yet, and have nothing
// of their own to take back. A reader with joint eyes has no rights itself, so
// that what forgets to ask every one of them finds nothing.
type Joint struct {
	Eyes   []Reader // of everybody, the member's own first
	Screen bool     // on the Scherm of the meeting room
	Dark   bool     // the Scherm is blank: nothing at all is seen
}

// Dark tells whether the reader sees nothing at all.
func (r Reader) Dark() bool { return r.Joint != nil && r.Joint.Dark }
