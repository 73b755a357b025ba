package view_test

import (
	"fmt"

	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
)

// canaries checks each message by the plain rule: it holds no word that its
// reader may not read after the step, and no id of an object that its reader
// may know of neither before nor after.
func canaries(p played) error {
	own := map[casework.UserID]map[string]bool{}
	for n, m := range p.moments {
		for i, user := range p.users {
			if own[user] == nil {
				own[user] = map[string]bool{}
			}
			if m.Step != nil && m.Step.User == user {
				own[user][string(m.Step.ID)] = true
			}
			err := leaks(m.Waited[i], atSomeTime(m.Before, user), atSomeTime(m.Before, user), own[user])
			if err == nil {
				err = leaks(m.Heard[i], atNow(m.Before, user), atNow(m.After, user), own[user])
			}
			if err != nil {
				return fmt.Errorf("step %d, %s hears %s: %w", n, user, p.heard(m, user), err)
			}
		}
	}
	return nil
}

// leaks takes own as the ids that the user itself made.
func leaks(heard []byte, before, after knowledge, own map[string]bool) error {
	if len(heard) == 0 {
		return nil
	}
	words, ids := after()
	for _, w := range casetest.CanariesIn(heard) {
		if !words[w] {
			return fmt.Errorf("the word %s is hidden", w)
		}
	}
	var earlier map[string]bool
	for _, id := range casetest.IDsIn(heard) {
		if ids[id] || own[id] {
			continue
		}
		if earlier == nil {
			_, earlier = before()
		}
		if !earlier[id] {
			return fmt.Errorf("the id %s is hidden", id)
		}
	}
	return nil
}

// knowledge gives what a user may hear of.
type knowledge func() (words, ids map[string]bool)

func atNow(t casetest.Table, user casework.UserID) knowledge {
	return func() (words, ids map[string]bool) {
		reader, ok := t.Reader(user)
		if !ok {
			return nil, nil
		}
		return t.Known(reader)
	}
}

// atSomeTime is while the clock alone runs: the user may have come to the table
// and left it again meanwhile.
func atSomeTime(t casetest.Table, user casework.UserID) knowledge {
	return func() (words, ids map[string]bool) {
		t = t.Timeless()
		reader, ok := t.Reader(user)
		if !ok {
			return nil, nil
		}
		return t.Known(reader)
	}
}
