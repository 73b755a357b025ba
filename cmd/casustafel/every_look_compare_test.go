package main

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/view"
)

// onRecord is a line of the access log.
type onRecord struct {
	At      time.Time       `db:"at"`
	Event   audit.Event     `db:"event"`
	Outcome audit.Outcome   `db:"outcome"`
	User    casework.UserID `db:"account"`
	Case    casework.CaseID `db:"case_id"`
	Request string          `db:"request"`
	Eyes    string          `db:"eyes"`
	Persons string          `db:"persons"`
	Whole   bool            `db:"whole"`
}

func (all *lookers) lastRecord() (at time.Time) {
	all.t.Helper()
	if err := all.sql().Get(&at, `SELECT max(at) FROM record`); err != nil {
		all.t.Fatal(err)
	}
	return at
}

// recordsSince are the lines of everybody since, in their order, once the end of every
// stay is among them.
func (all *lookers) recordsSince(begun time.Time) map[casework.UserID][]onRecord {
	all.t.Helper()
	db, ctx := all.sql(), within(all.t)
	for open := 1; open > 0; {
		err := db.GetContext(ctx, &open, `SELECT count(*) FILTER (WHERE event = 'join') - count(*) FILTER (WHERE event = 'leave')
			FROM record WHERE at > $1 AND outcome = 'done'`, begun)
		if err != nil {
			all.t.Fatal("wait for the ends of all stays:", err)
		}
	}
	var lines []onRecord
	if err := db.Select(&lines, `SELECT at, event, outcome, account, case_id, request, coalesce(detail->>'eyes', '') AS eyes, coalesce(detail->>'persons', '') AS persons,
			checks <> '' AND source <> '' AND access_point <> '' AND request <> '' AND policy <> '' AND (case_id = '' OR outcome = 'refused' OR relation <> '') AS whole
		FROM record WHERE at > $1 ORDER BY at, id`, begun); err != nil {
		all.t.Fatal(err)
	}
	by := map[casework.UserID][]onRecord{}
	for _, l := range lines {
		by[l.User] = append(by[l.User], l)
	}
	by[""] = slices.DeleteFunc(by[""], func(l onRecord) bool { return l.Event == "sign_in_link" }) // of the operator, for who signs in anew
	for user := range by {
		if user == "" && len(by[user]) == 0 {
			continue
		}
		if !slices.ContainsFunc(all.people, func(p *looker) bool { return p.user == user }) {
			all.t.Errorf("a record of %q, who did nothing", user)
		}
	}
	return by
}

// compare holds the records of a person to the journal, and counts them.
func (p *looker) compare(lines []onRecord, kinds map[string]int) {
	stays := map[string][]onRecord{} // by connection
	var joins []string
	next := 0
	for _, l := range lines {
		kinds[string(l.Event)+" "+string(l.Outcome)]++
		if !l.Whole {
			p.fail("a record says too little", l)
		}
		switch {
		case l.Event == "view" || l.Event == "leave":
			stays[l.Request] = append(stays[l.Request], l)
			continue
		case l.Event == "join" && l.Outcome == audit.Done:
			stays[l.Request] = append(stays[l.Request], l)
			joins = append(joins, l.Request)
		}
		is := happening{event: l.Event, outcome: l.Outcome, case_: l.Case}
		if l.Event == "command" {
			is.request = l.Request
		}
		for next < len(p.journal) && p.journal[next].may && !p.journal[next].stands(is) {
			next++
		}
		if next == len(p.journal) || !p.journal[next].stands(is) {
			var was any = "nothing more"
			if next < len(p.journal) {
				was = p.journal[next]
			}
			p.fail("on record is "+is.String()+", and what happened is", was)
			return
		}
		next++
	}
	for ; next < len(p.journal); next++ {
		if !p.journal[next].may {
			p.fail("not on record", p.journal[next])
			return
		}
	}
	if len(joins) != len(p.stays) {
		p.fail("stays on record", len(joins))
		return
	}
	for i, s := range p.stays {
		p.covers(stays[joins[i]], s)
	}
}

// covers holds what a client was told during a stay to the record of it.
func (p *looker) covers(lines []onRecord, s stayed) {
	first, last := lines[0], lines[len(lines)-1]
	if first.Event != "join" || last.Event != "leave" || last.Outcome != audit.Done {
		p.fail("a stay begins or ends with", []onRecord{first, last})
	}
	known := map[string]bool{}
	for i, l := range lines {
		if l.Case != s.case_ || i > 0 && i < len(lines)-1 && l.Event != "view" {
			p.fail("within a stay is", l)
		}
		for _, person := range strings.Fields(l.Persons) {
			known[person] = l.Event != "leave" || known[person]
		}
	}
	eyes := map[bool]string{true: "as", false: s.as}[len(s.as) == casework.IDLength]
	if first.Eyes != eyes && (eyes != "screen" || first.Eyes != "blank_screen") {
		p.fail("looked through other eyes than is on record: "+s.as, first)
	}
	s.seen.mu.Lock()
	defer s.seen.mu.Unlock()
	for _, frame := range s.seen.frames {
		for _, person := range personsIn(frame) {
			if !known[string(person)] {
				p.fail("told of somebody who is not on the record of the stay", string(frame))
				return
			}
		}
	}
}

// personsIn are the persons that a frame tells anything of.
func personsIn(frame []byte) (persons []casework.PersonID) {
	var m struct {
		Whole *view.Projection `json:"whole"`
		view.Difference
	}
	if json.Unmarshal(frame, &m) != nil {
		return nil
	}
	if m.Whole != nil {
		for _, person := range m.Whole.Family {
			persons = append(persons, person.ID)
		}
		for _, card := range m.Whole.Cards {
			persons = append(persons, card.Person)
		}
	}
	if m.Family != nil {
		for _, person := range *m.Family {
			persons = append(persons, person.ID)
		}
	}
	for _, card := range m.Cards {
		persons = append(persons, card.Person)
	}
	return slices.DeleteFunc(persons, func(id casework.PersonID) bool { return id == "" })
}
