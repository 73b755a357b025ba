package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/wording"
)

// boardPage is the shell that the board's script fills.
type boardPage struct {
	base
	ID      casework.CaseID
	As      string // through whose eyes: as the live door takes it; empty: the own
	Hints   string // that this person has not put away; of the own eyes alone
	Wording string // hints about words, as JSON; of the own eyes alone: others' do not write
}

// forPage writes hints about words as the script of the board reads them.
func forPage(hints []wording.Hint) (string, error) {
	if len(hints) == 0 {
		return "", nil
	}
	out, err := json.Marshal(hints)
	if err != nil {
		return "", fmt.Errorf("wording: %w", err)
	}
	return string(out), nil
}

// board gives the same shell for every id that a case could have: whether it
// has one for this person, only the live door says, with a record.
func (s *site) board(w http.ResponseWriter, r *http.Request) error {
	return s.shell(w, r, "board", "")
}

// screen is the Scherm: the board for the projector of a meeting room.
func (s *site) screen(w http.ResponseWriter, r *http.Request) error {
	return s.shell(w, r, "screen", "screen")
}

// lookAs is the board as a colleague and the reader may both read it.
func (s *site) lookAs(w http.ResponseWriter, r *http.Request) error {
	user := casework.UserID(r.PathValue("user"))
	if !casework.ValidID(user) {
		return casework.Absent()
	}
	return s.shell(w, r, "board", string(user))
}

func (s *site) shell(w http.ResponseWriter, r *http.Request, entry, as string) error {
	id := casework.CaseID(r.PathValue("id"))
	if !casework.ValidID(id) {
		return casework.Absent()
	}
	page := boardPage{base: s.base(r), ID: id, As: as}
	if as == "" {
		session := sessionIn(r)
		hints, err := s.App.HintsFor(r.Context(), session.Account.ID)
		if err != nil {
			return err
		}
		page.Hints, page.Wording = strings.Join(hints, " "), s.wording
	}
	page.Stylesheet, page.Script, page.Alone = entry+".css", entry+".js", true
	return s.render(w, http.StatusOK, "board", page)
}
