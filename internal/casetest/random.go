package casetest

import (
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
)

// Author of random histories. It sees the whole table, so that most of what it
// writes is plausible: it mostly names what is there, sometimes what the actor
// does not see, sometimes what does not exist.
type author struct {
	*rand.Rand
	table  Table
	cast   []casework.UserID
	lively []casework.UserID // who do most
	words  int
	texts  []string
	was    []casework.TextID          // bases of before
	bodies map[casework.TextID]string // of notes, as they were written in
	done   []Step
}

// History makes a random history of the length; the same seed makes the same.
func History(seed uint64, length int, start Table) []Step {
	a := &author{Rand: rand.New(rand.NewPCG(seed, 0)), table: start, cast: Users(Cast()), bodies: map[casework.TextID]string{}}
	for range 3 {
		a.lively = append(a.lively, pick(a, a.cast))
	}
	for range length {
		s := a.step()
		for range tries {
			if _, out := a.table.Do(s); s.User == "" || out.Answer.OK {
				break
			}
			s = a.step()
		}
		a.table, _ = a.table.Do(s)
		a.done = append(a.done, s)
	}
	return a.done
}

// tries is how often another step is thought of when one would be refused, so
// that much happens and some is refused.
const tries = 4

func (a *author) step() Step {
	n := len(a.done)
	var key [10]byte
	binary.BigEndian.PutUint64(key[:], a.Uint64())
	s := Step{ID: casework.CommandID(base32.NewEncoding("23456789ABCDEFGHJKLMNPQRSTUVWXYZ").EncodeToString(key[:])),
		At: a.table.At.Add(time.Duration(1+a.IntN(50)) * time.Second)}
	if n < len(opening) {
		a.open(&s, opening[n].by, opening[n].command)
		return s
	}
	switch r := a.IntN(100); {
	case r < 8:
		m := a.member()
		s.Member = &m
	case r < 13:
		gift := a.gift(s)
		s.Gift = &gift
	case r < 18:
		s.User = a.actor()
		s.Who = a.who(s.User)
	default:
		s.User, s.Command = a.actor(), pick(a, often)
		if family := a.table.State.Family; s.Command == "reclass_person" && len(family) > 1 && a.chance(70) {
			s.User = a.table.State.Persons[family[1]].Added.User // who brought in a person may do most
		}
		s.With = encode(a.fields(s.Command, s.User))
	}
	return s
}

// opening lets something be there soon, and somebody stand beside somebody.
// The actor is a place in the cast.
var opening = []struct {
	by      int
	command string // empty: the member comes to stand beside some of the family
}{{0, "add_column"}, {0, "add_person"}, {4, "add_person"}, {1, ""}, {4, ""}, {5, ""}, {6, ""},
	{1, "draft_card"}, {4, "draft_card"}, {1, "table_card"}, {4, "table_card"}}

func (a *author) open(s *Step, by int, command string) {
	if command == "" {
		m := Cast()[by]
		m.Beside = a.some(a.table.State.Family)
		s.Member = &m
		return
	}
	s.User, s.Command = a.cast[by], command
	s.With = encode(a.fields(command, s.User))
}

func (a *author) some(persons []casework.PersonID) []casework.PersonID {
	var some []casework.PersonID
	for _, p := range persons {
		if a.chance(60) {
			some = append(some, p)
		}
	}
	return some
}

// often lists every command, the more frequent ones more than once.
var often = weighed(map[string]int{"draft_card": 40, "table_card": 30, "ask_card": 12, "confirm_card": 8, "decline_card": 2, "withdraw_card": 2, "move_card": 20, "edit_card": 10, "write_note": 40, "name_version": 4, "retitle_card": 8,
	"label_card": 6, "shield_card": 20, "share_card": 20, "name_readers": 14, "reperspective_card": 8, "link_card": 30,
	"unlink_card": 6, "undo": 20, "archive_card": 4, "restore_card": 4, "reclass_person": 18, "redact": 4, "reopen_case": 3,
	"add_person": 6, "change_person": 2, "remove_person": 6,
	"record_consent": 14, "take_back_consent": 3, "give_custody": 9, "take_custody": 2,
	"add_column": 3, "remove_column": 16, "tick_member": 4, "show_screen": 6})

func weighed(weights map[string]int) []string {
	var all []string
	for _, name := range slices.Sorted(slices.Values(board.Names())) {
		for range max(1, weights[name]) {
			all = append(all, name)
		}
	}
	return all
}

func encode(fields map[string]any) json.RawMessage {
	raw, err := json.Marshal(fields)
	if err != nil {
		panic(fmt.Errorf("encode a command: %w", err))
	}
	return raw
}

func pick[T any](a *author, list []T) T { return list[a.IntN(len(list))] }

// chance is true in n of 100 cases.
func (a *author) chance(n int) bool { return a.IntN(100) < n }

func (a *author) actor() casework.UserID {
	if a.chance(70) {
		return pick(a, a.lively)
	}
	return pick(a, a.cast)
}

// member changes one member: comes, goes, goes later, has another role,
// organisation or persons to stand beside.
func (a *author) member() casework.Member {
	i := a.IntN(len(a.table.Access.Team))
	m := a.table.Access.Team[i].Member
	now := a.table.At.Add(time.Minute) // after the step
	switch a.IntN(8) {
	case 0:
		m.Role = pick(a, casework.CaseRoles)
	case 1:
		m.Organisation = pick(a, []casework.OrganisationID{Shelter, Elsewhere})
	case 2:
		m.Until = now
	case 3:
		m.Until = now.Add(time.Duration(a.IntN(600)) * time.Second)
	case 4:
		m.Until, m.Active = time.Time{}, true
	case 5:
		m.Active = !m.Active
	default:
		m.Beside = a.some(a.table.State.Family)
	}
	return m
}

// gift gives a member something, or ends what one was given. Nobody lends a draft.
func (a *author) gift(s Step) Gift {
	i := a.IntN(len(a.table.Access.Team))
	m := a.table.Access.Team[i]
	if len(m.Given) > 0 && a.chance(60) {
		return Gift{User: m.User, Given: pick(a, m.Given), Ends: true}
	}
	kinds := []casework.Grant{casework.GrantLend, casework.GrantLend, casework.GrantBar, casework.GrantBar, casework.GrantGlass}
	g := casework.Given{ID: casework.GivenID(s.ID), Kind: pick(a, kinds), From: s.At}
	if g.Kind != casework.GrantBar || a.chance(50) {
		g.Until = s.At.Add(time.Duration(60+a.IntN(900)) * time.Second)
	}
	switch cards := a.onTable(); {
	case g.Kind == casework.GrantGlass, g.Kind == casework.GrantBar && a.chance(10):
	case len(cards) > 0 && a.chance(60):
		g.Card = pick(a, cards)
	case len(a.table.State.Family) > 0:
		g.Person = pick(a, a.table.State.Family)
	default:
		g.Card = casework.CardID(s.ID)
	}
	return Gift{User: m.User, Given: g}
}

func (a *author) onTable() (cards []casework.CardID) {
	for _, id := range slices.Sorted(maps.Keys(a.table.State.Cards)) {
		if !a.table.State.Cards[id].Draft() {
			cards = append(cards, id)
		}
	}
	return cards
}

func (a *author) who(user casework.UserID) *board.Who {
	w := &board.Who{Class: a.class()}
	if w.Class == casework.Named || a.chance(3) {
		w.Named = a.named()
	}
	switch a.IntN(4) {
	case 0:
		w.Person = a.person(user, true)
	case 1:
		w.Family, w.Kind = a.person(user, false), a.kindOfPerson()
	default:
		w.Card, w.Person = a.card(user), a.person(user, true)
	}
	return w
}
