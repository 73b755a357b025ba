package app

import (
	"context"
	"slices"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// Erased is a case that was erased, as its certificate tells: who, when, on which
// ground, and nothing of what it held, nor how much that was.
type Erased struct {
	store.ErasedCase
	Code             casework.CaseCode
	OrganisationName string
	ByName, WithName string
}

func (a *App) erasedOf(ctx context.Context, k *keeper, never []casework.CaseID) (list []Erased, err error) {
	all, err := k.ErasedCases(ctx, k.by.Organisation)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if slices.Contains(never, c.Case) {
			continue
		}
		told, err := a.toldErased(ctx, k.Tx, c)
		if err != nil {
			return nil, err
		}
		list = append(list, told)
	}
	return list, nil
}

func (a *App) toldErased(ctx context.Context, tx *store.Tx, c store.ErasedCase) (Erased, error) {
	people, err := tx.People(ctx, []casework.UserID{c.By, c.With})
	if err != nil {
		return Erased{}, err
	}
	return Erased{ErasedCase: c, Code: a.CaseCode(c.Case), OrganisationName: people[c.By].OrganisationName,
		ByName: people[c.By].Name, WithName: people[c.With].Name}, nil
}

// ErasedCase shows the certificate of an erasing in the own organisation, with the look
// on the record; casework.Absent when there is none, or none that may be known here.
func (a *App) ErasedCase(ctx context.Context, session Session, certificate string) (told Erased, err error) {
	if !casework.ValidID(certificate) {
		return told, casework.Absent()
	}
	err = a.keeps(ctx, session, "view_certificate", audit.Read, func(k *keeper) error {
		c, err := k.Tx.ErasedCase(ctx, certificate)
		if err != nil {
			return err
		}
		excluded, err := a.Excluded(ctx, k.Tx, c.Case, k.by.Login, k.by.ID)
		if err != nil {
			return err
		}
		if excluded || c.Organisation != k.by.Organisation {
			return casework.Absent()
		}
		k.record.Case, k.record.ObjectKind, k.record.Object = c.Case, "certificate", c.ID
		told, err = a.toldErased(ctx, k.Tx, c)
		return err
	})
	return told, err
}
