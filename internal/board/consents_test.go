package board_test

import (
	"slices"
	"testing"

	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

func record(d *demo, user casework.UserID, person casework.PersonID, sharing casework.Sharing, answer casework.ConsentAnswer) said {
	return d.Do(user, "record_consent", with{"person": person, "sharing": sharing, "answer": answer})
}

const ofRuben = casework.Sharing(casework.PerpetratorSupport)

func TestConsent(t *testing.T) {
	hold(t, []rule{
		{"Daan heard Noor refuse", func(d *demo) said { return record(d, d.Daan, d.Noor, ofRuben, "refused") }, "ok"},
		{"so did Mirthe, in a record of her own", func(d *demo) said {
			record(d, d.Daan, d.Noor, ofRuben, "refused")
			a := record(d, d.Mirthe, d.Noor, ofRuben, "agreed")
			wantConsents(d, 2)
			return a
		}, "ok"},
		{"a later answer to the same person replaces the earlier one", func(d *demo) said {
			record(d, d.Daan, d.Noor, "table", "informed")
			a := record(d, d.Daan, d.Noor, "table", "agreed")
			wantConsents(d, 1)
			return a
		}, "ok"},
		{"the same answer twice changes nothing", func(d *demo) said {
			record(d, d.Daan, d.Noor, "table", "agreed")
			events := len(d.Log)
			a := record(d, d.Daan, d.Noor, "table", "agreed")
			if len(d.Log) != events {
				panic("it made an event")
			}
			return a
		}, "ok"},
		{"Daan does not stand beside Fenna", func(d *demo) said { return record(d, d.Daan, d.Fenna, "table", "agreed") }, "denied not_allowed voice"},
		{"Ruben does not speak for Noor", func(d *demo) said { return record(d, d.Ruben, d.Noor, "table", "agreed") }, "denied not_allowed voice"},
		{"Ruben speaks for Joris, also of danger", func(d *demo) said { return record(d, d.Ruben, d.Joris, "table", "unsafe") }, "ok"},
		{"the chair hears nobody in confidence", func(d *demo) said { return record(d, d.Hanneke, d.Noor, "table", "agreed") }, "denied not_allowed voice"},
		{"with everybody is no sharing", func(d *demo) said { return record(d, d.Daan, d.Noor, "everybody", "agreed") }, "invalid bad_sharing"},
		{"managers are nobody to share with", func(d *demo) said { return record(d, d.Daan, d.Noor, "manager", "agreed") }, "invalid bad_sharing"},
		{"perhaps is no answer", func(d *demo) said { return record(d, d.Daan, d.Noor, "table", "perhaps") }, "invalid bad_answer"},
		{"nobody is asked who is off the table", func(d *demo) said {
			d.Do(d.Hanneke, "add_person", with{"name": "Wim", "kind": "network", "class": "shared"})
			wim := d.State.Family[len(d.State.Family)-1]
			d.Draft(d.Daan, true, with{"person": wim})
			card := d.Draft(d.Daan, true, with{"person": wim})
			for _, id := range d.State.Columns[0].Cards {
				if d.State.Cards[id].Perspective == wim {
					d.Do(d.Daan, "archive_card", with{"card": id})
				}
			}
			if d.Do(d.Hanneke, "remove_person", with{"person": wim}); !d.State.Persons[wim].Removed || !d.Reads(d.Daan, card) {
				panic("Wim is still on the table, or all his cards are gone")
			}
			return record(d, d.Daan, wim, "table", "agreed")
		}, "not_found person_off_table"},
		{"what was heard is taken back", func(d *demo) said {
			record(d, d.Daan, d.Noor, "table", "agreed")
			a := d.Do(d.Daan, "take_back_consent", with{"person": d.Noor, "sharing": "table"})
			wantConsents(d, 0)
			return a
		}, "ok"},
		{"one's own, never a colleague's", func(d *demo) said {
			record(d, d.Daan, d.Noor, "table", "agreed")
			a := d.Do(d.Mirthe, "take_back_consent", with{"person": d.Noor, "sharing": "table"})
			wantConsents(d, 1)
			return a
		}, "ok"},
		{"in a closed case nothing is put down", func(d *demo) said {
			d.Do(d.Hanneke, "close_case", nil)
			return record(d, d.Daan, d.Noor, "table", "agreed")
		}, "denied closed voice"},
		{"but one's own can be taken back", func(d *demo) said {
			record(d, d.Daan, d.Noor, "table", "agreed")
			d.Do(d.Hanneke, "close_case", nil)
			a := d.Do(d.Daan, "take_back_consent", with{"person": d.Noor, "sharing": "table"})
			wantConsents(d, 0)
			return a
		}, "ok"},
		{"erasing a person's texts leaves what that person said", func(d *demo) said {
			record(d, d.Daan, d.Noor, "table", "refused")
			a := d.Do(d.Hanneke, "redact", with{"person": d.Noor})
			wantConsents(d, 1)
			return a
		}, "ok"},
	})
}

func wantConsents(d *demo, n int) {
	if len(d.State.Consents) != n {
		panic("another number of consents")
	}
}

func TestCustody(t *testing.T) {
	give := func(d *demo, user casework.UserID, child, person casework.PersonID) said {
		return d.Do(user, "give_custody", with{"child": child, "person": person})
	}
	hold(t, []rule{
		{"Noor has custody of Fenna", func(d *demo) said { return give(d, d.Iris, d.Fenna, d.Noor) }, "ok"},
		{"and Joris too", func(d *demo) said {
			give(d, d.Iris, d.Fenna, d.Noor)
			return give(d, d.Iris, d.Fenna, d.Joris)
		}, "ok"},
		{"Ruben does not say so", func(d *demo) said { return give(d, d.Ruben, d.Fenna, d.Joris) }, "denied not_allowed persons"},
		{"nobody has custody of a parent", func(d *demo) said { return give(d, d.Iris, d.Noor, d.Ans) }, "invalid custody_no_child"},
		{"no child has custody", func(d *demo) said { return give(d, d.Iris, d.Fenna, d.Bram) }, "invalid custody_by_child"},
		{"given twice changes nothing", func(d *demo) said {
			give(d, d.Iris, d.Fenna, d.Noor)
			a := give(d, d.Daan, d.Fenna, d.Noor)
			if len(d.State.Custody) != 1 {
				panic("twice")
			}
			return a
		}, "ok"},
		{"it is taken", func(d *demo) said {
			give(d, d.Iris, d.Fenna, d.Noor)
			a := d.Do(d.Hanneke, "take_custody", with{"child": d.Fenna, "person": d.Noor})
			if len(d.State.Custody) != 0 {
				panic("still there")
			}
			return a
		}, "ok"},
		{"in a closed case it stays as it is", func(d *demo) said {
			d.Do(d.Hanneke, "close_case", nil)
			return give(d, d.Iris, d.Fenna, d.Noor)
		}, "denied closed persons"},
	})
}

// TestWhoKnowsOfConsent is the table of the field: who gets to know that Noor
// agreed, refused, or could not be asked.
func TestWhoKnowsOfConsent(t *testing.T) {
	begin := zilverlinde(t)
	everybody := []casework.UserID{begin.Hanneke, begin.Iris, begin.Daan, begin.Mirthe, begin.Ruben}
	for answer, knows := range map[casework.ConsentAnswer][]casework.UserID{
		"agreed":  {begin.Hanneke, begin.Daan, begin.Mirthe},
		"refused": {begin.Hanneke, begin.Daan, begin.Mirthe},
		"unsafe":  {begin.Hanneke, begin.Iris, begin.Daan},
	} {
		d := *begin
		record(&d, d.Daan, d.Noor, ofRuben, answer)
		for _, user := range everybody {
			if got := consentsOf(&d.Story, user); (len(got) == 1) != slices.Contains(knows, user) {
				t.Errorf("%s: %s knows of %v", answer, d.Member(user).Name, got)
			}
		}
		// That Noor herself is shielded later lets nobody come to know.
		d.Do(d.Hanneke, "reclass_person", with{"person": d.Noor, "kind": "parent", "class": "safety"})
		for _, user := range everybody {
			if got := consentsOf(&d.Story, user); len(got) == 1 && !slices.Contains(knows, user) {
				t.Errorf("%s of somebody shielded since: %s comes to know of %v", answer, d.Member(user).Name, got)
			}
		}
	}
}

func consentsOf(s *casetest.Story, user casework.UserID) []view.Consent {
	reader, _ := s.Reader(user)
	return view.Project(s.State, s.Access, reader, s.At).Consents
}

// TestCustodyOfAHiddenPerson: a holder whom the reader may not know of is not
// among those who have custody.
func TestCustodyOfAHiddenPerson(t *testing.T) {
	d := zilverlinde(t)
	for _, person := range []casework.PersonID{d.Noor, d.Ans} {
		if a := d.Do(d.Iris, "give_custody", with{"child": d.Bram, "person": person}); !a.OK {
			t.Fatal(a)
		}
	}
	if a := d.Do(d.Hanneke, "reclass_person", with{"person": d.Ans, "kind": "network", "class": "safety"}); !a.OK {
		t.Fatal(a)
	}
	for user, want := range map[casework.UserID][]casework.Custody{
		d.Iris: {{Child: d.Bram, Person: d.Noor}, {Child: d.Bram, Person: d.Ans}}, d.Ruben: {{Child: d.Bram, Person: d.Noor}},
	} {
		reader, _ := d.Reader(user)
		if got := view.Project(d.State, d.Access, reader, d.At).Custody; !slices.Equal(got, want) {
			t.Errorf("%s knows of the custody %v, want %v", d.Member(user).Name, got, want)
		}
	}
}
