package view

import (
	"encoding/json"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// Written is what was written in the note of a card. The first step is made in
// the text that From names.
type Written struct {
	Card    casework.CardID `json:"card"`
	Changed time.Time       `json:"changed"`
	From    casework.TextID `json:"from"`
	Steps   []Step          `json:"steps"`
}

// Step is one change of a note; Base names the text that it led to, ID is the
// command of its writer.
type Step struct {
	ID      casework.CommandID `json:"id"`
	User    casework.UserID    `json:"user"`
	Base    casework.TextID    `json:"base"`
	Changes json.RawMessage    `json:"changes"`
}
