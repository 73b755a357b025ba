package app

import (
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
)

// maySecond refuses an account that does not count yet as one of the two people
// whom something needs: who asks and who says yes are both held to it. One that a
// colleague made could be that colleague again, so it is a second person only when
// the others had days to see it.
func (a *App) maySecond(account identity.Account) error {
	if a.moment().Before(account.CountsFrom) {
		return casework.Refuse(casework.Denied, "account_new")
	}
	return nil
}
