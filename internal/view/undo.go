package view

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

// Undo is the reader's own last change that can be taken back now, and what
// taking it back would bring: as much as it takes to say it in words.
type Undo struct {
	Command casework.CommandID `json:"command"`
	Card    casework.CardID    `json:"card"`
	What    string             `json:"what"`
	Title   string             `json:"title,omitempty"` // the earlier title
	Text    string             `json:"text,omitempty"`  // how the earlier text begins
	Kind    casework.Kind      `json:"kind,omitempty"`  // the earlier labels
	Domain  casework.Domain    `json:"domain,omitempty"`
	Seen    casework.Seen      `json:"seen,omitempty"`
	// Column and After are the place it goes back to; After is absent when the
	// reader does not see that card there by now: then the card goes to the front.
	Column casework.ColumnID `json:"col,omitempty"`
	After  casework.CardID   `json:"after,omitempty"`
}

// undoTextLength is how many characters of an earlier text are told.
const undoTextLength = 120

// undoables are the reader's own changes of cards that it sees and that were
// not reclassified since, oldest first. Those who look together take nothing back.
func undoables(s *casework.State, r casework.Reader) []casework.Undoable {
	if r.Joint != nil {
		return nil
	}
	var list []casework.Undoable
	for _, u := range s.Undo[r.User] {
		if c := s.Cards[u.Card]; c != nil && c.Era == u.Era && seesCard(r, s, c) {
			list = append(list, u)
		}
	}
	return list
}

// projectUndo is the last of those that is still as the reader left it. What
// the reader overwrote it could read then, and can now, as the era is the same.
func projectUndo(s *casework.State, r casework.Reader) *Undo {
	for _, u := range slices.Backward(undoables(s, r)) {
		if !u.Stands(s.Cards[u.Card]) || u.Was.Column != "" && s.Column(u.Was.Column) == nil {
			continue
		}
		undo := &Undo{Command: u.Command, Card: u.Card, What: u.What, Title: u.Title.Body, Text: beginning(u.Text.Body),
			Kind: u.Labels.Kind, Domain: u.Labels.Domain, Seen: u.Labels.Seen, Column: u.Was.Column}
		if anchor := s.Cards[u.Was.After]; anchor != nil && anchor.Column == u.Was.Column && seesCard(r, s, anchor) {
			undo.After = anchor.ID
		}
		return undo
	}
	return nil
}

// beginning is a text as far as it is told.
func beginning(text string) string {
	characters := 0
	for n := range text {
		if characters++; characters > undoTextLength {
			return text[:n] + "…"
		}
	}
	return text
}
