package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// whim makes random commands for somebody from what that person sees. Every
// text it writes is a canary that stands nowhere else.
type whim struct {
	*rand.Rand
	words  int
	wrote  map[string]casework.UserID // who wrote each canary
	absent casework.CardID            // an id of another case, or of nothing
}

func newWhim(seed uint64) *whim {
	return &whim{Rand: rand.New(rand.NewPCG(seed, 41)), wrote: map[string]casework.UserID{},
		absent: casework.CardID(strings.Repeat("A", casework.IDLength))}
}

// usual lists commands, those that make the board move more often.
var usual = []string{"draft_card", "draft_card", "draft_card", "draft_card", "table_card", "table_card", "table_card", "table_card",
	"move_card", "move_card", "move_card", "retitle_card", "edit_card", "write_note", "write_note", "write_note", "name_version", "label_card", "shield_card", "shield_card", "share_card",
	"share_card", "name_readers", "reperspective_card", "link_card", "link_card", "unlink_card", "archive_card", "restore_card",
	"undo", "undo", "reclass_person", "change_person", "add_person", "remove_person", "rename_case", "add_column", "rename_column",
	"record_consent", "record_consent", "record_consent", "take_back_consent", "give_custody", "take_custody",
	"move_column", "remove_column", "close_case", "reopen_case", "reopen_case", "reopen_case", "redact"}

// command makes one for the user.
func (w *whim) command(user casework.UserID, sees view.Projection) (string, map[string]any) {
	name := one(w, usual)
	if sees.Case.Status == casework.Closed && w.chance(60) {
		name = "reopen_case"
	}
	f := map[string]any{}
	switch name {
	case "rename_case":
		f["name"] = w.text(user)
	case "close_case", "reopen_case":
	case "add_person":
		f["kind"], f["class"], f["name"], f["calls"] = one(w, casework.Views[:4]), one(w, casework.Classes[:3]), w.text(user), w.text(user)
	case "change_person":
		f["person"], f["name"] = w.person(sees), w.text(user)
	case "remove_person":
		f["person"] = w.person(sees)
	case "reclass_person":
		f["person"], f["kind"], f["class"] = w.person(sees), one(w, casework.Views[:4]), one(w, casework.Classes[:3])
	case "record_consent":
		f["person"], f["sharing"], f["answer"] = w.beside(user, sees), one(w, []casework.Sharing{"table", "perpetrator_support"}), one(w, casework.ConsentAnswers)
	case "take_back_consent":
		f["person"], f["sharing"] = w.beside(user, sees), one(w, []casework.Sharing{"table", "perpetrator_support"})
	case "give_custody", "take_custody":
		f["child"], f["person"] = w.person(sees), w.person(sees)
	case "add_column":
		f["title"], f["after"] = w.text(user), w.column(sees)
	case "rename_column":
		f["column"], f["title"] = w.column(sees), w.text(user)
	case "move_column":
		f["column"], f["after"] = w.column(sees), w.column(sees)
	case "remove_column":
		f["column"], f["to"] = w.column(sees), w.column(sees)
	case "draft_card":
		f["column"], f["title"], f["text"], f["person"] = w.column(sees), w.text(user), w.text(user), w.beside(user, sees)
		f["class"], f["kind"] = one(w, casework.Classes), one(w, casework.Kinds)
		w.named(f, user, sees)
	case "link_card", "unlink_card":
		f["card"], f["to"] = w.card(sees, nil), w.card(sees, nil)
	case "move_card":
		anchor := w.card(sees, nil)
		f["card"], f["column"], f["after"] = w.card(sees, nil), sees.Cards[anchor].Column, anchor
		if sees.Cards[anchor].Column == "" {
			f["column"], f["after"] = w.column(sees), ""
		}
	case "undo":
		f["command"] = casework.CommandID(w.absent)
		if sees.Undo != nil {
			f["command"] = sees.Undo.Command
		}
	default:
		w.onCard(name, f, user, sees)
	}
	return name, f
}

func (w *whim) onCard(name string, f map[string]any, user casework.UserID, sees view.Projection) {
	id := w.card(sees, func(c view.Card) bool {
		switch name {
		case "table_card":
			return c.Tabled.IsZero()
		case "edit_card":
			return c.Tabled.IsZero() && c.By == user
		case "write_note", "name_version":
			return !c.Tabled.IsZero() && !c.Archived && (c.By == user || c.Person == "")
		case "name_readers":
			return c.Class == casework.Named
		case "restore_card":
			return c.Archived
		case "share_card", "shield_card":
			return c.By == user
		}
		return true
	})
	card := sees.Cards[id]
	f["card"] = id
	switch name {
	case "retitle_card":
		f["title"], f["base"] = w.text(user), card.Title.Base
	case "edit_card":
		f["text"], f["base"] = w.text(user), casework.TextID("")
		if card.Text != nil {
			f["base"] = card.Text.Base
		}
	case "write_note":
		now := view.Text{}
		if card.Text != nil {
			now = *card.Text
		}
		f["base"], f["changes"] = now.Base, casetest.Writing(now.Body, 0, w.text(user)+" ")
	case "name_version":
		f["name"] = w.text(user)
	case "label_card":
		f["kind"], f["domain"] = one(w, casework.Kinds), one(w, casework.Domains)
	case "shield_card", "share_card":
		f["class"] = one(w, casework.Classes)
		w.named(f, user, sees)
	case "name_readers":
		f["class"] = casework.Named
		w.named(f, user, sees)
		delete(f, "class")
	case "reperspective_card":
		f["person"] = w.beside(user, sees)
	}
}

// card is mostly one that fits, sometimes any, sometimes none of this case.
func (w *whim) card(sees view.Projection, fits func(view.Card) bool) casework.CardID {
	var some, all []casework.CardID
	for id, c := range sees.Cards {
		all = append(all, id)
		if fits == nil || fits(c) {
			some = append(some, id)
		}
	}
	slices.Sort(some)
	slices.Sort(all)
	switch {
	case len(some) > 0 && w.chance(90):
		return one(w, some)
	case len(all) > 0 && w.chance(70):
		return one(w, all)
	}
	return w.absent
}

func (w *whim) person(sees view.Projection) casework.PersonID {
	if len(sees.Family) == 0 || w.chance(4) {
		return casework.PersonID(w.absent)
	}
	return one(w, sees.Family).ID
}

// beside is mostly a person the user stands beside, or nobody: professional.
func (w *whim) beside(user casework.UserID, sees view.Projection) casework.PersonID {
	for _, m := range sees.Team {
		if m.User == user && len(m.Beside) > 0 && w.chance(60) {
			return one(w, m.Beside)
		}
	}
	if w.chance(40) {
		return ""
	}
	return w.person(sees)
}

func (w *whim) column(sees view.Projection) casework.ColumnID {
	if len(sees.Columns) == 0 || w.chance(3) {
		return casework.ColumnID(w.absent)
	}
	return one(w, sees.Columns).ID
}

func (w *whim) named(f map[string]any, user casework.UserID, sees view.Projection) {
	if f["class"] != casework.Named {
		return
	}
	var named []casework.UserID
	for _, m := range sees.Team {
		if m.User != user && !m.Ended && w.chance(40) {
			named = append(named, m.User)
		}
	}
	f["named"] = named
}

func (w *whim) text(user casework.UserID) string {
	w.words++
	word := casetest.Canary(w.words)
	w.wrote[word] = user
	return fmt.Sprintf("Over %s gezegd", word)
}

func (w *whim) chance(n int) bool { return w.IntN(100) < n }

func one[T any](w *whim, list []T) T { return list[w.IntN(len(list))] }
