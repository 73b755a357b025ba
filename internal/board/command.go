// Package board holds the rules of a case's board: what each command asks for
// and which changes it makes. It decides from the actor's seat alone, so that
// neither an answer nor an effect can depend on what the actor does not see.
package board

import (
	"bytes"
	"encoding/json"
	"io"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// Seat is what a member sees of a case and may do there (view.Seat). Nothing
// hidden can be found through it.
type Seat interface {
	Author() casework.Author
	Status() casework.Status
	CaseName() casework.Text
	Card(casework.CardID) (*casework.Card, bool)
	Cards() int
	CardsAbout(casework.PersonID) int
	Person(casework.PersonID) (*casework.Person, bool)
	Persons() int
	OwnConsent(casework.PersonID, casework.Sharing) (casework.Consent, bool)
	Custody() []casework.Custody
	Columns() []*casework.Column
	Order(casework.ColumnID) []casework.CardID
	Undoables() []casework.Undoable
	Member(casework.UserID) bool
	Enters(casework.UserID) bool
	Attends() []casework.UserID
	Guests() []*casework.TableGuest
	Screen() bool
	May(casework.Act) bool
	MayCell(casework.Act, casework.Cell) bool
	Cell(about casework.PersonID, class casework.Class, author casework.Author, named []casework.UserID) casework.Cell
	Readers(casework.Card) map[casework.UserID]bool
	PersonReaders(casework.Person) map[casework.UserID]bool
	Gains(casework.Reclassification) bool
}

// Env is the world outside: the time of the decision and where ids come from.
type Env struct {
	Now    time.Time
	Random io.Reader
}

// Decision is what a command makes of a case. No changes means that all is
// already as was asked.
type Decision struct {
	Changes []casework.Change
	Made    string             // id of the object that is new
	About   string             // id of what it is about, where Target cannot tell; with a refusal too
	Undoes  casework.CommandID // the command that is taken back
}

// Command is something a member asks for.
type Command interface {
	// Target names what it is about, for the access log: card, person, column
	// or case, and its id.
	Target() (kind, id string)
	// Decide checks the command against what the member sees and may do.
	Decide(Seat, Env) (Decision, error)
}

var commands = map[string]func() Command{
	"rename_case":        func() Command { return &RenameCase{} },
	"close_case":         func() Command { return &CloseCase{} },
	"reopen_case":        func() Command { return &ReopenCase{} },
	"add_person":         func() Command { return &AddPerson{} },
	"change_person":      func() Command { return &ChangePerson{} },
	"remove_person":      func() Command { return &RemovePerson{} },
	"reclass_person":     func() Command { return &ReclassPerson{} },
	"record_consent":     func() Command { return &RecordConsent{} },
	"take_back_consent":  func() Command { return &TakeBackConsent{} },
	"give_custody":       func() Command { return &GiveCustody{} },
	"take_custody":       func() Command { return &TakeCustody{} },
	"add_column":         func() Command { return &AddColumn{} },
	"rename_column":      func() Command { return &RenameColumn{} },
	"label_column":       func() Command { return &LabelColumn{} },
	"move_column":        func() Command { return &MoveColumn{} },
	"remove_column":      func() Command { return &RemoveColumn{} },
	"draft_card":         func() Command { return &DraftCard{} },
	"ask_card":           func() Command { return &AskCard{} },
	"confirm_card":       func() Command { return &ConfirmCard{} },
	"decline_card":       func() Command { return &DeclineCard{} },
	"withdraw_card":      func() Command { return &WithdrawCard{} },
	"table_card":         func() Command { return &TableCard{} },
	"retitle_card":       func() Command { return &RetitleCard{} },
	"edit_card":          func() Command { return &EditCard{} },
	"write_note":         func() Command { return &WriteNote{} },
	"name_version":       func() Command { return &NameVersion{} },
	"label_card":         func() Command { return &LabelCard{} },
	"move_card":          func() Command { return &MoveCard{} },
	"archive_card":       func() Command { return &ArchiveCard{} },
	"restore_card":       func() Command { return &RestoreCard{} },
	"link_card":          func() Command { return &LinkCard{} },
	"unlink_card":        func() Command { return &UnlinkCard{} },
	"shield_card":        func() Command { return &ShieldCard{} },
	"share_card":         func() Command { return &ShareCard{} },
	"name_readers":       func() Command { return &NameReaders{} },
	"reperspective_card": func() Command { return &ReperspectiveCard{} },
	"redact":             func() Command { return &Redact{} },
	"tick_member":        func() Command { return &TickMember{} },
	"untick_member":      func() Command { return &UntickMember{} },
	"add_guest":          func() Command { return &AddGuest{} },
	"remove_guest":       func() Command { return &RemoveGuest{} },
	"show_screen":        func() Command { return &ShowScreen{} },
	"blank_screen":       func() Command { return &BlankScreen{} },
	"take_seat":          func() Command { return &TakeSeat{} },
	"undo":               func() Command { return &Undo{} },
}

// Decode reads a command by its name in the protocol. Fields that it does not
// have are refused.
func Decode(name string, with []byte) (Command, error) {
	make, ok := commands[name]
	if !ok {
		return nil, casework.Refuse(casework.Invalid, "bad_command")
	}
	c := make()
	if len(with) == 0 {
		with = []byte("{}")
	}
	d := json.NewDecoder(bytes.NewReader(with))
	d.DisallowUnknownFields()
	if err := d.Decode(c); malformed(err) {
		return nil, casework.Refuse(casework.Invalid, "bad_changes")
	} else if err != nil {
		return nil, casework.Refuse(casework.Invalid, "bad_command") // the decoder's words may quote content
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, casework.Refuse(casework.Invalid, "bad_command")
	}
	return c, nil
}

// Names lists every command of the protocol.
func Names() []string {
	var names []string
	for name := range commands {
		names = append(names, name)
	}
	return names
}

// allow refuses an act that the policy does not allow on the cell.
func allow(seat Seat, act casework.Act, cell casework.Cell) error {
	if cell == casework.NoCell && seat.May(act) || cell != casework.NoCell && seat.MayCell(act, cell) {
		return nil
	}
	reason := "not_allowed"
	if seat.Status() == casework.Closed {
		reason = "closed"
	}
	return &casework.Error{Kind: casework.Denied, Reason: reason, Act: act, Cell: cell}
}

// seen finds a card and what it is to the actor. Hidden is absent.
func seen(seat Seat, id casework.CardID) (*casework.Card, casework.Cell, error) {
	card, ok := seat.Card(id)
	if !ok {
		return nil, casework.Cell{}, casework.Absent()
	}
	return card, seat.Cell(card.Perspective, card.Class, card.Author, card.Named), nil
}

// mayOn finds a card on which the act is allowed.
func mayOn(seat Seat, id casework.CardID, act casework.Act) (*casework.Card, error) {
	card, cell, err := answered(seat, id, act)
	if err != nil {
		return nil, err
	}
	return card, allow(seat, act, cell)
}

// mayWrite refuses what the actor could not have written as a card of its own.
func mayWrite(seat Seat, kind casework.Kind, about casework.PersonID, class casework.Class) error {
	return allow(seat, kind.Act(), seat.Cell(about, class, seat.Author(), nil))
}

func one(change casework.Change) (Decision, error) {
	return Decision{Changes: []casework.Change{change}}, nil
}
