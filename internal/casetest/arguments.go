package casetest

import (
	"slices"
	"strings"

	"github.com/casustafel/casustafel/internal/casework"
)

// fields makes the fields of a command for the user who gives it.
func (a *author) fields(command string, user casework.UserID) map[string]any {
	f := map[string]any{}
	switch command {
	case "rename_case":
		f["name"] = a.text()
	case "close_case", "reopen_case":
	case "add_person":
		f["kind"], f["class"] = a.kindOfPerson(), a.classOfPerson()
		a.known(f)
	case "change_person":
		f["person"] = a.person(user, false)
		a.known(f)
	case "remove_person":
		f["person"] = a.person(user, false)
	case "reclass_person":
		f["person"], f["kind"], f["class"] = a.person(user, false), a.kindOfPerson(), a.classOfPerson()
		if p := a.table.State.Persons[f["person"].(casework.PersonID)]; p != nil && a.chance(40) {
			f["kind"] = p.Kind
		}
	case "record_consent":
		f["person"], f["sharing"], f["answer"] = a.person(user, false), a.sharing(), pick(a, casework.ConsentAnswers)
	case "take_back_consent":
		f["person"], f["sharing"] = a.consent(user)
	case "give_custody", "take_custody":
		f["child"], f["person"] = a.custody(user)
	case "add_column":
		f["title"], f["after"] = a.text(), a.column(true)
		a.kindOfColumn(f)
	case "label_column":
		f["column"] = a.column(false)
		a.kindOfColumn(f)
	case "rename_column":
		f["column"], f["title"] = a.column(false), a.text()
	case "move_column":
		f["column"], f["after"] = a.column(false), a.column(true)
	case "remove_column":
		f["column"], f["to"] = a.column(false), a.column(false)
	case "draft_card", "ask_card":
		f["column"], f["title"], f["text"], f["person"], f["class"] = a.column(false), a.text(), a.cardText(), a.person(user, true), a.class()
		a.readers(f)
		a.labels(f)
		if command == "ask_card" {
			f["for"] = pick(a, a.cast)
		}
	case "confirm_card", "decline_card", "withdraw_card":
		a.answer(f, command, user)
	case "link_card", "unlink_card":
		f["card"], f["to"] = a.card(user), a.card(user)
	case "move_card":
		f["card"], f["column"], f["after"] = a.card(user), a.column(false), a.card(user)
		if anchor := a.table.State.Cards[f["after"].(casework.CardID)]; anchor != nil && a.chance(80) {
			f["column"] = anchor.Column
		}
		if a.chance(20) {
			f["after"] = ""
		}
	case "show_screen", "blank_screen", "take_seat":
	case "tick_member", "untick_member":
		f["member"] = pick(a, a.cast)
	case "add_guest":
		f["name"], f["from"] = a.text(), a.note()
	case "remove_guest":
		f["guest"] = a.guest()
	case "redact":
		switch a.IntN(9) {
		case 0:
			f["column"] = a.column(false)
		case 1:
			f["person"] = a.person(user, false)
		case 2: // the name of the case
		case 3:
			f["guest"] = a.guest()
		default:
			f["card"] = a.card(user)
		}
	case "undo":
		f["command"] = a.undoable(user)
	default:
		a.cardFields(f, command, user)
	}
	return f
}

// answer is mostly about a card that waits for the user, or that the user asks
// of another; what is confirmed is mostly as it is now.
func (a *author) answer(f map[string]any, command string, user casework.UserID) {
	waiting := []casework.CardID{}
	for id, c := range a.table.State.Cards {
		if command == "withdraw_card" && c.For != "" && c.Author.User == user || command != "withdraw_card" && c.AskedOf(user) {
			waiting = append(waiting, id)
		}
	}
	slices.Sort(waiting)
	id := a.card(user)
	if len(waiting) > 0 && a.chance(85) {
		id = pick(a, waiting)
	}
	f["card"] = id
	if command != "confirm_card" {
		return
	}
	card := a.table.State.Cards[id]
	if card == nil {
		card = &casework.Card{}
	}
	f["title"], f["text"], f["person"], f["class"] = a.base(card.Title), card.Text.ID, card.Perspective, card.Class
	f["kind"], f["domain"], f["seen"] = card.Kind, card.Domain, card.Seen
}

// cardFields are for commands about one card.
func (a *author) cardFields(f map[string]any, command string, user casework.UserID) {
	id := a.card(user)
	f["card"] = id
	card := a.table.State.Cards[id]
	if card == nil {
		card = &casework.Card{}
	}
	switch command {
	case "retitle_card":
		f["title"], f["base"] = a.text(), a.base(card.Title)
	case "edit_card":
		f["text"], f["base"] = a.cardText(), a.base(card.Text)
	case "write_note":
		a.writing(f, card)
	case "name_version":
		f["name"] = a.text()
	case "label_card":
		a.labels(f)
	case "shield_card", "share_card":
		f["class"] = a.class()
		a.readers(f)
	case "name_readers":
		f["named"] = a.named()
	case "reperspective_card":
		f["person"] = a.person(user, true)
	}
}

// readers names readers for the class named, and now and then where none belong.
func (a *author) readers(f map[string]any) {
	switch {
	case f["class"] == casework.Named || a.chance(3):
		f["named"] = a.named()
	case a.chance(30):
		f["named"] = []casework.UserID{}
	}
}

// kindOfColumn leaves the kind of a column unsaid now and then.
func (a *author) kindOfColumn(f map[string]any) {
	if a.chance(60) {
		f["kind"] = pick(a, casework.Kinds)
	}
}

func (a *author) labels(f map[string]any) {
	f["kind"] = pick(a, casework.Kinds)
	if a.chance(40) {
		f["domain"], f["seen"] = pick(a, casework.Domains), pick(a, casework.SeenWhere)
	}
}

func (a *author) known(f map[string]any) {
	f["name"], f["calls"] = a.text(), a.note()
	f["born"] = Birth(a.words)
}

// text is mostly new, sometimes one that somewhere else stands already.
func (a *author) text() string {
	if len(a.texts) > 0 && a.chance(8) {
		return pick(a, a.texts)
	}
	a.words++
	text := Canary(a.words)
	a.texts = append(a.texts, text)
	return text
}

func (a *author) note() string {
	if a.chance(15) {
		return ""
	}
	return a.text()
}

// base is mostly the present version of a text, sometimes an earlier one.
func (a *author) base(now casework.Text) casework.TextID {
	a.was = append(a.was, now.ID)
	if a.chance(10) {
		return pick(a, a.was)
	}
	return now.ID
}

// card is mostly one that the user reads, the user's own above all, sometimes
// hidden, sometimes absent.
func (a *author) card(user casework.UserID) casework.CardID {
	reader, _ := a.table.Reader(user)
	onlyOwn := a.chance(30)
	var read, hidden []casework.CardID
	for id, c := range a.table.State.Cards {
		if a.table.ReadsCard(reader, c) {
			if !onlyOwn || c.Author.User == user {
				read = append(read, id)
			}
		} else {
			hidden = append(hidden, id)
		}
	}
	return choose(a, read, hidden)
}

// person likewise; also none, the professional's own voice, when that may be.
func (a *author) person(user casework.UserID, orNone bool) casework.PersonID {
	if orNone && a.chance(25) {
		return ""
	}
	reader, _ := a.table.Reader(user)
	if len(reader.Beside) > 0 && a.chance(40) {
		return pick(a, reader.Beside)
	}
	if family := a.table.State.Family; len(family) > 1 && a.chance(30) {
		return family[1] // of whom much is told
	}
	var read, hidden []casework.PersonID
	for id, p := range a.table.State.Persons {
		if a.table.ShowsPerson(reader, p) {
			read = append(read, id)
		} else {
			hidden = append(hidden, id)
		}
	}
	return choose(a, read, hidden)
}

func choose[ID ~string](a *author, read, hidden []ID) ID {
	slices.Sort(read)
	slices.Sort(hidden)
	switch r := a.IntN(100); {
	case r < 80 && len(read) > 0:
		return pick(a, read)
	case r < 97 && len(hidden) > 0:
		return pick(a, hidden)
	}
	return ID(strings.Repeat("A", casework.IDLength))
}

func (a *author) column(orNone bool) casework.ColumnID {
	columns := a.table.State.Columns
	if orNone && a.chance(25) || len(columns) == 0 {
		return ""
	}
	if a.chance(3) {
		return "AAAAAAAAAAAAAAAA"
	}
	return pick(a, columns).ID
}

func (a *author) guest() casework.GuestID {
	if guests := a.table.State.Guests; len(guests) > 0 {
		return pick(a, guests).ID
	}
	return "AAAAAAAAAAAAAAAA"
}

func (a *author) named() []casework.UserID {
	named := []casework.UserID{}
	for _, user := range a.cast {
		if a.chance(25) {
			named = append(named, user)
		}
	}
	return named
}

// undoable is mostly the user's last, sometimes an earlier one or another's.
func (a *author) undoable(user casework.UserID) casework.CommandID {
	list := a.table.State.Undo[user]
	if a.chance(10) {
		list = a.table.State.Undo[pick(a, a.cast)]
	}
	if len(list) == 0 {
		return "AAAAAAAAAAAAAAAA"
	}
	if a.chance(75) {
		return list[len(list)-1].Command
	}
	return pick(a, list).Command
}

// class is mostly one of the two that are about most.
func (a *author) class() casework.Class {
	if a.chance(40) {
		return pick(a, casework.Classes[:2])
	}
	return pick(a, casework.Classes)
}

func (a *author) kindOfPerson() casework.View { return pick(a, casework.Views[:4]) }

// classOfPerson is mostly one that a person can have.
func (a *author) classOfPerson() casework.Class {
	if a.chance(96) {
		return pick(a, casework.Classes[:3])
	}
	return pick(a, casework.Classes)
}
