package audit

import (
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// witnessPatience is how long a record may be there unseen by a witness, which looks once
// a minute, before somebody has to ask why.
const witnessPatience = 10 * time.Minute

// witnessed is what a witness saw of a log that is verified.
type witnessed struct {
	by    *CosignVerifier
	size  int64     // of the largest tree
	since time.Time // when the first record after it was made; zero: there is none
}

// leaf hears of the next leaf, and when its record was made.
func (w *witnessed) leaf(at time.Time) {
	if w.since.IsZero() {
		w.since = at
	}
}

// saw hears that the checkpoint at this size, which the witness cosigned, was found right.
func (w *witnessed) saw(size int64) { w.size, w.since = size, time.Time{} }

// cosigned tells whether the witness cosigned a checkpoint, and what is wrong when what
// is there in its name is not its cosignature.
func (w *witnessed) cosigned(kept KeptCheckpoint) (yes bool, why string) {
	if kept.Cosigned == "" {
		return false, ""
	}
	_, err := note.Open([]byte(kept.Note+kept.Cosigned), note.VerifierList(w.by))
	switch {
	case err == nil:
		return true, ""
	case errors.As(err, new(*note.UnverifiedNoteError)):
		return false, ""
	case errors.As(err, new(*note.InvalidSignatureError)):
		return false, fmt.Sprintf("the cosignature of witness %q is not of this checkpoint", w.by.Name())
	}
	return false, "what stands under a checkpoint are no cosignatures"
}

// late says that the witness does not keep up; nothing when it does.
func (w *witnessed) late(now time.Time) string {
	switch {
	case w.since.IsZero() || now.Sub(w.since) <= witnessPatience:
		return ""
	case w.size == 0:
		return fmt.Sprintf("nothing was seen by witness %q", w.by.Name())
	}
	return fmt.Sprintf("witness %q saw the log up to number %d, and not what comes after", w.by.Name(), w.size-1)
}
