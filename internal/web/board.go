package web

import (
	"net/http"

	"github.com/casustafel/casustafel/internal/casework"
)

// boardPage is the shell that the board's script fills.
type boardPage struct {
	base
	ID casework.CaseID
}

// board gives the same shell for every id that a case could have: whether it
// has one for this person, only the live door says, with a record.
func (s *site) board(w http.ResponseWriter, r *http.Request) error {
	id := casework.CaseID(r.PathValue("id"))
	if !casework.ValidID(id) {
		return casework.Absent()
	}
	page := boardPage{base: s.base(r), ID: id}
	page.Stylesheet, page.Script, page.Alone = "board.css", "board.js", true
	return s.render(w, http.StatusOK, "board", page)
}
