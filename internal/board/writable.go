package board

import "github.com/casustafel/casustafel/internal/casework"

// MayWriteOn tells whether somebody may write on the note of a card, with others,
// now.
func MayWriteOn(seat Seat, id casework.CardID) bool {
	_, err := noteOn(seat, id)
	return err == nil
}
