package app_test

import (
	"testing"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
)

// Access is taken away at once from the only chair of a table too; that the table has
// none now is told to those who sit there, and as a number to whom it concerns.
func TestTableThatLostItsChair(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	linde, berk := c.colleague(t, "ada@linde.example", casework.Admin, "De Linde"), c.colleague(t, "otto@berk.example", casework.Admin, "De Berk")
	never := c.colleague(t, "kees@linde.example", casework.Admin, "De Linde")
	if err := c.Exclude(t.Context(), c.as(t, "daan"), c.id, "kees@linde.example", ""); err != nil {
		t.Fatal(err)
	}
	tables := func() (n [3]int) {
		for i, session := range []app.Session{linde, berk, never} {
			o, err := c.OrganisationOf(t.Context(), session)
			if err != nil {
				t.Fatal(err)
			}
			n[i] = o.Chairless
		}
		return n
	}
	if got := tables(); got != [3]int{} || c.team(t, "daan").Chairless {
		t.Errorf("with a chair: %v", got)
	}
	if err := c.Deactivate(t.Context(), c.users["hanneke"]); err != nil {
		t.Fatal(err)
	}
	if got := tables(); got != [3]int{1, 0, 0} || !c.team(t, "daan").Chairless {
		t.Errorf("without: %v", got)
	}
	c.seat(t, c.id, "iris", casework.Chair)
	if got := tables(); got != [3]int{} || c.team(t, "daan").Chairless {
		t.Errorf("with a new one: %v", got)
	}
}
