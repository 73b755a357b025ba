package board_test

import (
	"testing"

	"github.com/casustafel/casustafel/internal/board"
	"github.com/casustafel/casustafel/internal/casework"
)

func TestWhoMayKnow(t *testing.T) {
	by := func(users ...casework.UserID) []casework.UserID { return users }
	hold(t, []rule{
		{"an author shields", func(d *demo) said {
			return d.Do(d.Iris, "shield_card", with{"card": d.Cards[1], "class": "confidential"})
		}, "ok"},
		{"the chair shields", func(d *demo) said { return d.Do(d.Hanneke, "shield_card", with{"card": d.Cards[1], "class": "safety"}) }, "ok"},
		{"a colleague does not shield", func(d *demo) said { return d.Do(d.Daan, "shield_card", with{"card": d.Cards[1], "class": "private"}) }, "denied not_allowed shield"},
		{"a shield does not widen", func(d *demo) said { return d.Do(d.Daan, "shield_card", with{"card": d.Cards[9], "class": "shared"}) }, "invalid would_widen"},
		{"a shield lets nobody in while it shuts others out", func(d *demo) said { return d.Do(d.Daan, "shield_card", with{"card": d.Cards[9], "class": "safety"}) }, "invalid would_widen"},
		{"a shield names nobody new", func(d *demo) said {
			return d.Do(d.Daan, "shield_card", with{"card": d.Cards[9], "class": "named", "named": by(d.Ruben, d.Iris)})
		}, "invalid would_widen"},
		{"a shield to fewer by name", func(d *demo) said {
			return d.Do(d.Daan, "shield_card", with{"card": d.Cards[9], "class": "named", "named": by(d.Mirthe)})
		}, "ok"},
		{"an author shares", func(d *demo) said { return d.Do(d.Daan, "share_card", with{"card": d.Cards[9], "class": "shared"}) }, "ok"},
		{"sharing needs somebody who gains", func(d *demo) said {
			return d.Do(d.Iris, "share_card", with{"card": d.Cards[1], "class": "confidential"})
		}, "invalid would_narrow"},
		{"the chair does not share", func(d *demo) said { return d.Do(d.Hanneke, "share_card", with{"card": d.Cards[9], "class": "shared"}) }, "denied not_allowed share"},
		{"a safety card is never opened", func(d *demo) said { return d.Do(d.Daan, "share_card", with{"card": d.Cards[14], "class": "shared"}) }, "denied not_allowed share"},
		{"a private card is never opened", func(d *demo) said {
			return d.Do(d.Iris, "share_card", with{"card": d.Cards[16], "class": "confidential"})
		}, "denied not_allowed share"},
		{"nobody shares what it could not have written", func(d *demo) said {
			card := d.Draft(d.Daan, true, with{"person": d.Bram, "class": "named", "named": by(d.Iris)})
			return d.Do(d.Daan, "share_card", with{"card": card, "class": "confidential"})
		}, "denied not_allowed ask"},
		{"no such class", func(d *demo) said { return d.Do(d.Iris, "shield_card", with{"card": d.Cards[1], "class": "secret"}) }, "invalid bad_class"},
		{"the class as it is", func(d *demo) said {
			return d.Do(d.Iris, "shield_card", with{"card": d.Cards[1], "class": "shared", "named": []string{}})
		}, "ok"},
		{"a draft is classed freely, also to more", func(d *demo) said {
			return d.Do(d.Iris, "share_card", with{"card": d.Draft(d.Iris, false, with{"class": "private"}), "class": "shared"})
		}, "ok"},

		{"an author names one more", func(d *demo) said {
			card := d.Draft(d.Daan, true, with{"class": "named", "named": by(d.Iris)})
			return d.Do(d.Daan, "name_readers", with{"card": card, "named": by(d.Iris, d.Mirthe)})
		}, "ok"},
		{"one who was named names nobody", func(d *demo) said {
			card := d.Draft(d.Daan, true, with{"class": "named", "named": by(d.Iris)})
			return d.Do(d.Iris, "name_readers", with{"card": card, "named": by(d.Iris, d.Mirthe)})
		}, "denied not_allowed share"},
		{"somebody always is named", func(d *demo) said {
			card := d.Draft(d.Daan, true, with{"class": "named", "named": by(d.Iris)})
			return d.Do(d.Daan, "name_readers", with{"card": card, "named": by()})
		}, "invalid named_empty"},
		{"readers are named on cards by name", func(d *demo) said {
			return d.Do(d.Iris, "name_readers", with{"card": d.Cards[1], "named": by(d.Daan)})
		}, "invalid bad_class"},

		{"an author lets a card speak for another child", func(d *demo) said {
			return d.Do(d.Iris, "reperspective_card", with{"card": d.Cards[1], "person": d.Bram})
		}, "ok"},
		{"a card speaks for nobody for whom its author has no voice", func(d *demo) said {
			return d.Do(d.Iris, "reperspective_card", with{"card": d.Cards[1], "person": d.Noor})
		}, "denied not_allowed voice"},
		{"another does not change from whom a card speaks", func(d *demo) said {
			return d.Do(d.Hanneke, "reperspective_card", with{"card": d.Cards[1], "person": d.Bram})
		}, "denied not_allowed reperspective"},
		{"a private card is not opened by another person either", func(d *demo) said {
			hidden := addPerson(d, d.Hanneke, "network", "confidential")
			m := d.Member(d.Iris)
			m.Role = casework.ResidentialWorker
			m.Beside = append(m.Beside, hidden)
			d.Seat(m)
			peer := d.Member(d.Daan)
			peer.Role = casework.ResidentialWorker
			d.Seat(peer)
			card := d.Draft(d.Iris, true, with{"person": hidden, "class": "private"})
			return d.Do(d.Iris, "reperspective_card", with{"card": card, "person": d.Fenna})
		}, "denied not_allowed share"},
	})
}

func addPerson(d *demo, by casework.UserID, kind, class string) casework.PersonID {
	return casework.PersonID(d.Do(by, "add_person", with{"name": "Iemand", "kind": kind, "class": class}).Made)
}

func TestWho(t *testing.T) {
	d := zilverlinde(t)
	a := d.Ask(d.Daan, board.Who{Card: d.Cards[9], Person: d.Noor, Class: casework.Shared})
	if a.Readers == nil || !sameUsers(a.Readers.Gains, []casework.UserID{d.Iris, d.Ruben}) || len(a.Readers.Loses) > 0 {
		t.Errorf("sharing card 9: %+v", a.Readers)
	}
	a = d.Ask(d.Hanneke, board.Who{Family: d.Joris, Kind: casework.ViewPartner, Class: casework.Confidential})
	if a.Readers == nil || !sameUsers(a.Readers.Loses, []casework.UserID{d.Iris, d.Daan, d.Mirthe}) || len(a.Readers.Gains) > 0 {
		t.Errorf("Joris in confidence: %+v", a.Readers)
	}
	hold(t, []rule{
		{"hidden card", func(d *demo) said { return d.Ask(d.Iris, board.Who{Card: d.Cards[9], Class: "shared"}) }, "not_found not_found"},
		{"absent card", func(d *demo) said { return d.Ask(d.Iris, board.Who{Card: absent, Class: "shared"}) }, "not_found not_found"},
		{"absent person", func(d *demo) said { return d.Ask(d.Iris, board.Who{Person: absent, Class: "shared"}) }, "not_found not_found"},
		{"absent family", func(d *demo) said {
			return d.Ask(d.Iris, board.Who{Family: absent, Kind: "child", Class: "shared"})
		}, "not_found not_found"},
		{"no class", func(d *demo) said { return d.Ask(d.Iris, board.Who{}) }, "invalid bad_class"},
		{"a person by name", func(d *demo) said {
			return d.Ask(d.Iris, board.Who{Family: d.Noor, Kind: "parent", Class: "named"})
		}, "invalid bad_class"},
	})
}

func TestPersons(t *testing.T) {
	hold(t, []rule{
		{"Iris adds a child", func(d *demo) said {
			return d.Do(d.Iris, "add_person", with{"name": "Lot", "kind": "child", "class": "shared"})
		}, "ok"},
		{"Ruben adds no child", func(d *demo) said {
			return d.Do(d.Ruben, "add_person", with{"name": "Lot", "kind": "child", "class": "shared"})
		}, "denied not_allowed persons"},
		{"a person is not kept by name", func(d *demo) said {
			return d.Do(d.Iris, "add_person", with{"name": "Lot", "kind": "child", "class": "named"})
		}, "invalid bad_class"},
		{"a professional is no family", func(d *demo) said {
			return d.Do(d.Iris, "add_person", with{"name": "Lot", "kind": "professional", "class": "shared"})
		}, "invalid bad_kind"},
		{"a person has a name", func(d *demo) said {
			return d.Do(d.Iris, "add_person", with{"name": " ", "kind": "child", "class": "shared"})
		}, "invalid name_empty"},
		{"nobody is born tomorrow", func(d *demo) said {
			return d.Do(d.Iris, "change_person", with{"person": d.Bram, "name": "Bram", "born": "2026-03-03"})
		}, "invalid bad_date"},
		{"a date that is none", func(d *demo) said {
			return d.Do(d.Iris, "change_person", with{"person": d.Bram, "name": "Bram", "born": "30-06-2020"})
		}, "invalid bad_date"},
		{"a day that is none", func(d *demo) said {
			return d.Do(d.Iris, "change_person", with{"person": d.Bram, "name": "Bram", "born": "2019-02-29"})
		}, "invalid bad_date"},
		{"nobody is 131", func(d *demo) said {
			return d.Do(d.Iris, "change_person", with{"person": d.Bram, "name": "Bram", "born": "1895-01-01"})
		}, "invalid bad_date"},
		{"Iris corrects Bram", func(d *demo) said {
			return d.Do(d.Iris, "change_person", with{"person": d.Bram, "name": "Bram", "calls": "Brammetje", "born": "2020-07-01"})
		}, "ok"},
		{"a person with cards stays", func(d *demo) said { return d.Do(d.Hanneke, "remove_person", with{"person": d.Joris}) }, "conflict person_has_cards"},
		{"a person with hidden cards only goes", func(d *demo) said {
			p := addPerson(d, d.Iris, "network", "shared")
			d.Draft(d.Daan, true, with{"person": p, "class": "private"})
			return d.Do(d.Iris, "remove_person", with{"person": p})
		}, "ok"},
		{"nothing new speaks for who was taken off", func(d *demo) said {
			p := addPerson(d, d.Iris, "network", "shared")
			d.Draft(d.Daan, true, with{"person": p, "class": "private"})
			d.Do(d.Iris, "remove_person", with{"person": p})
			return d.Do(d.Daan, "draft_card", with{"column": d.Columns[0], "title": "x", "person": p, "class": "shared", "kind": "question"})
		}, "not_found person_gone"},
		{"nor does a draft of before come to the table", func(d *demo) said {
			p := addPerson(d, d.Iris, "network", "shared")
			card := d.Draft(d.Daan, false, with{"person": p, "class": "private"})
			d.Do(d.Iris, "remove_person", with{"person": p})
			return d.Do(d.Daan, "table_card", with{"card": card})
		}, "not_found person_gone"},
		{"the chair shields a person", func(d *demo) said {
			return d.Do(d.Hanneke, "reclass_person", with{"person": d.Ans, "kind": "network", "class": "safety"})
		}, "ok"},
		{"who brought a person in shares it", func(d *demo) said {
			p := addPerson(d, d.Iris, "child", "confidential")
			return d.Do(d.Iris, "reclass_person", with{"person": p, "kind": "child", "class": "shared"})
		}, "ok"},
		{"a person kept for safety is never opened", func(d *demo) said {
			p := addPerson(d, d.Iris, "child", "safety")
			return d.Do(d.Iris, "reclass_person", with{"person": p, "kind": "child", "class": "shared"})
		}, "denied not_allowed share"},
		{"another kind of person opens no cards", func(d *demo) said {
			p := addPerson(d, d.Iris, "parent", "shared")
			return d.Do(d.Iris, "reclass_person", with{"person": p, "kind": "child", "class": "shared"})
		}, "invalid kind_opens"},
		{"a slip of the kind that opens nothing is mended", func(d *demo) said {
			p := addPerson(d, d.Iris, "parent", "shared")
			return d.Do(d.Iris, "reclass_person", with{"person": p, "kind": "network", "class": "shared"})
		}, "ok"},
	})
}
