package board_test

import (
	"slices"
	"testing"

	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
)

// Daan is on the phone; Hanneke writes what he says.
func TestAskedCards(t *testing.T) {
	ask := func(d *demo, f with) said {
		all := with{"column": d.Columns[0], "title": "Noor belde zelf", "text": "gisteren", "class": "shared", "kind": "fact", "person": d.Noor, "for": d.Daan}
		for k, v := range f {
			all[k] = v
		}
		return d.Do(d.Hanneke, "ask_card", all)
	}
	asked := func(d *demo, f with) casework.CardID {
		answer := ask(d, f)
		if !answer.OK {
			panic(answer.Reason)
		}
		return casework.CardID(answer.Made)
	}
	read := func(d *demo, card casework.CardID) with {
		c := d.State.Cards[card]
		return with{"card": card, "title": c.Title.ID, "text": c.Text.ID, "person": c.Perspective, "class": c.Class, "kind": c.Kind, "domain": c.Domain, "seen": c.Seen}
	}
	confirm := func(d *demo, card casework.CardID) said { return d.Do(d.Daan, "confirm_card", read(d, card)) }
	sees := func(d *demo, answer said, card casework.CardID, users ...casework.UserID) said {
		for _, m := range d.Access.Team {
			want := false
			for _, user := range users {
				want = want || user == m.User
			}
			if d.Reads(m.User, card) != want {
				return said{Reason: m.Name + " sees it or does not"}
			}
		}
		return answer
	}
	hold(t, []rule{
		{"Hanneke writes for Daan: the two of them see it", func(d *demo) said {
			answer := ask(d, nil)
			return sees(d, answer, casework.CardID(answer.Made), d.Hanneke, d.Daan)
		}, "ok"},
		{"in confidence too, where Daan may read it", func(d *demo) said {
			answer := ask(d, with{"class": "confidential"})
			return sees(d, answer, casework.CardID(answer.Made), d.Hanneke, d.Daan)
		}, "ok"},
		{"where Daan may not read it he does not see it, and the answer does not tell", func(d *demo) said {
			answer := ask(d, with{"class": "confidential", "person": d.Bram})
			return sees(d, answer, casework.CardID(answer.Made), d.Hanneke)
		}, "ok"},
		{"nor of a person he may not know, and the answer does not tell", func(d *demo) said {
			d.Do(d.Hanneke, "reclass_person", with{"person": d.Ans, "kind": "network", "class": "safety"})
			answer := ask(d, with{"person": d.Ans, "for": d.Ruben})
			return sees(d, answer, casework.CardID(answer.Made), d.Hanneke)
		}, "ok"},
		{"a colleague of one discipline sees what only such a colleague may read, as who tells", func(d *demo) said {
			m := d.Member(d.Iris)
			m.Role, m.Organisation, m.Beside = casework.AmbulantWorker, d.Member(d.Daan).Organisation, nil
			d.Seat(m)
			told := d.Ask(d.Daan, board.Who{Person: d.Noor, Class: casework.Confidential})
			answer := d.Do(d.Daan, "ask_card", with{"column": d.Columns[0], "title": "x", "class": "confidential", "kind": "fact", "person": d.Noor, "for": d.Iris})
			if told.Readers == nil || !slices.Contains(told.Readers.Can, d.Iris) {
				return said{Reason: "she is not said to read it"}
			}
			if answer = sees(d, answer, casework.CardID(answer.Made), d.Daan, d.Iris); !answer.OK {
				return answer
			}
			return d.Do(d.Iris, "decline_card", with{"card": answer.Made})
		}, "ok"},
		{"asking does not get a safety card past the policy to Ruben", func(d *demo) said {
			answer := ask(d, with{"class": "safety", "for": d.Ruben})
			return sees(d, answer, casework.CardID(answer.Made), d.Hanneke)
		}, "ok"},
		{"nobody asks a stranger", func(d *demo) said { return ask(d, with{"for": absent}) }, "invalid bad_for"},
		{"nor oneself", func(d *demo) said { return ask(d, with{"for": d.Hanneke}) }, "invalid bad_for"},
		{"nor who left the table", func(d *demo) said {
			m := d.Member(d.Daan)
			m.Active = false
			d.Seat(m)
			return ask(d, nil)
		}, "invalid bad_for"},
		{"nor by name", func(d *demo) said {
			return ask(d, with{"class": "named", "named": []casework.UserID{d.Daan}})
		}, "invalid asked_named"},
		{"a title is needed", func(d *demo) said { return ask(d, with{"title": " "}) }, "invalid title_empty"},
		{"a person who is there is needed", func(d *demo) said { return ask(d, with{"person": absent}) }, "not_found person_gone"},

		{"Daan confirms: it is his draft and Hanneke's no more", func(d *demo) said {
			card := asked(d, nil)
			answer := confirm(d, card)
			if got := d.State.Cards[card]; got.Author.User != d.Daan || got.Author.Discipline != casework.AmbulantWorker || got.For != "" || !got.Draft() {
				return said{Reason: "it is not his draft"}
			}
			return sees(d, answer, card, d.Daan)
		}, "ok"},
		{"and puts it on the table himself", func(d *demo) said {
			card := asked(d, nil)
			confirm(d, card)
			return d.Do(d.Daan, "table_card", with{"card": card})
		}, "ok"},
		{"a word was changed after he read it", func(d *demo) said {
			card := asked(d, nil)
			was := read(d, card)
			d.Do(d.Hanneke, "edit_card", with{"card": card, "text": "vandaag", "base": was["text"]})
			return d.Do(d.Daan, "confirm_card", was)
		}, "conflict asked_changed"},
		{"its kind was changed after he read it", func(d *demo) said {
			card := asked(d, nil)
			was := read(d, card)
			d.Do(d.Hanneke, "label_card", with{"card": card, "kind": "concern"})
			return d.Do(d.Daan, "confirm_card", was)
		}, "conflict asked_changed"},
		{"he takes it to be for fewer than it is", func(d *demo) said {
			card := asked(d, nil)
			was := read(d, card)
			was["class"] = "confidential"
			return d.Do(d.Daan, "confirm_card", was)
		}, "conflict asked_changed"},
		{"who may read it does not change while it waits", func(d *demo) said {
			return d.Do(d.Hanneke, "shield_card", with{"card": asked(d, nil), "class": "confidential"})
		}, "conflict asked_first"},
		{"nor from whom it speaks", func(d *demo) said {
			return d.Do(d.Hanneke, "reperspective_card", with{"card": asked(d, nil), "person": d.Fenna})
		}, "conflict asked_first"},
		{"he confirms only what he may write himself", func(d *demo) said { return confirm(d, asked(d, with{"person": d.Fenna})) }, "denied not_allowed voice"},
		{"the person was taken off the table", func(d *demo) said {
			kim := addPerson(d, d.Hanneke, "network", "shared")
			m := d.Member(d.Daan)
			m.Beside = append(m.Beside, kim)
			d.Seat(m)
			card := asked(d, with{"person": kim})
			d.Do(d.Mirthe, "remove_person", with{"person": kim})
			return confirm(d, card)
		}, "not_found person_gone"},
		{"nobody else confirms", func(d *demo) said { return d.Do(d.Hanneke, "confirm_card", read(d, asked(d, nil))) }, "conflict not_asked"},
		{"who does not see it finds nothing", func(d *demo) said { return d.Do(d.Iris, "confirm_card", read(d, asked(d, nil))) }, "not_found not_found"},
		{"it is confirmed once", func(d *demo) said {
			card := asked(d, nil)
			confirm(d, card)
			return confirm(d, card)
		}, "conflict not_asked"},
		{"an archived card is not confirmed", func(d *demo) said {
			card := asked(d, nil)
			d.Do(d.Hanneke, "archive_card", with{"card": card})
			return confirm(d, card)
		}, "conflict already_archived"},
		{"nothing is confirmed in a closed case", func(d *demo) said {
			card := asked(d, nil)
			d.Do(d.Hanneke, "close_case", nil)
			return confirm(d, card)
		}, "denied closed"},

		{"Hanneke does not put it on the table as hers", func(d *demo) said { return d.Do(d.Hanneke, "table_card", with{"card": asked(d, nil)}) }, "conflict asked_first"},
		{"nor Daan before he confirms", func(d *demo) said { return d.Do(d.Daan, "table_card", with{"card": asked(d, nil)}) }, "conflict asked_first"},
		{"a colleague of one discipline answers before anything else", func(d *demo) said {
			m := d.Member(d.Mirthe)
			m.Role, m.Organisation = casework.Chair, d.Member(d.Hanneke).Organisation
			d.Seat(m)
			return d.Do(d.Mirthe, "archive_card", with{"card": asked(d, with{"for": d.Mirthe})})
		}, "conflict asked_first"},
		{"Daan declines: it is Hanneke's draft again, and tells by whom", func(d *demo) said {
			card := asked(d, nil)
			answer := d.Do(d.Daan, "decline_card", with{"card": card})
			if d.State.Cards[card].Declined != d.Daan {
				return said{Reason: "it does not tell"}
			}
			return sees(d, answer, card, d.Hanneke)
		}, "ok"},
		{"Hanneke takes it back", func(d *demo) said {
			card := asked(d, nil)
			return sees(d, d.Do(d.Hanneke, "withdraw_card", with{"card": card}), card, d.Hanneke)
		}, "ok"},
		{"only what is asked is taken back", func(d *demo) said {
			return d.Do(d.Iris, "withdraw_card", with{"card": d.Draft(d.Iris, false, nil)})
		}, "conflict not_asked"},
		{"and only by its writer", func(d *demo) said { return d.Do(d.Daan, "withdraw_card", with{"card": asked(d, nil)}) }, "conflict not_asked"},
		{"what the writer changed before is not undone after it was confirmed", func(d *demo) said {
			card := asked(d, nil)
			d.Do(d.Hanneke, "retitle_card", with{"card": card, "title": "Noor belde", "base": d.State.Cards[card].Title.ID})
			last := d.State.Undo[d.Hanneke][0].Command
			confirm(d, card)
			d.Do(d.Daan, "table_card", with{"card": card})
			return d.Do(d.Hanneke, "undo", with{"command": last})
		}, "not_found undo_gone"},
		{"an expert asks in no circle that is closed to experts", func(d *demo) said {
			m := d.Member(d.Iris)
			m.Role = casework.ExpertByExperience
			d.Seat(m)
			return d.Do(d.Iris, "ask_card", with{"column": d.Columns[0], "title": "x", "class": "safety", "kind": "question", "person": d.Ans, "for": d.Daan})
		}, "denied not_allowed read"},
	})
}
