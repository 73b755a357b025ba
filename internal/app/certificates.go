package app

import (
	"context"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/store"
)

// Attest gives the tree of the access log as it stands signed, with every record in it
// that was committed before the call, and what signs in the name of the log.
type Attest func(ctx context.Context) (size int64, root tlog.Hash, signer note.Signer, err error)

// CertifyWith names what certificates of erasure are signed with. Without it they are
// shown and not signed.
func (a *App) CertifyWith(attest Attest) { a.attest.Store(&attest) }

// signedTree is Attest by a checkpoint of this log.
func (a *App) signedTree(ctx context.Context) (size int64, root tlog.Hash, signer note.Signer, err error) {
	c, err := a.Checkpoint(ctx)
	if err != nil {
		return 0, root, nil, err
	}
	keys, err := a.signing.Keys()
	if err != nil {
		return 0, root, nil, err
	}
	signed, err := keys.Open(c.Note)
	return signed.Size, signed.Root, keys.Signer(), err
}

// certify makes the certificates that are due, of what the tree holds.
func (a *App) certify(ctx context.Context) error {
	attest := a.attest.Load()
	if attest == nil {
		return nil
	}
	var due []store.ErasedCase
	err := a.store.Transact(ctx, func(tx *store.Tx) (err error) {
		due, err = tx.Uncertified(ctx)
		return err
	})
	if err != nil || len(due) == 0 {
		return err
	}
	size, root, signer, err := (*attest)(ctx)
	if err != nil {
		return err
	}
	for _, c := range due {
		err := a.store.Transact(ctx, func(tx *store.Tx) error {
			line, there, err := tx.LineOfErasing(ctx, c.Case)
			if err != nil || !there || line >= size {
				return err
			}
			told, err := a.toldErased(ctx, tx, c)
			if err != nil {
				return err
			}
			signed, err := audit.Certificate{Case: told.Code, Organisation: told.OrganisationName, Closed: c.Closed, KeptUntil: c.KeptUntil, Erased: c.Erased, Ground: c.Ground,
				By: told.ByName, With: told.WithName, BackupsUntil: c.BackupsUntil, Line: line, Size: size, Root: root}.Sign(signer)
			if err != nil {
				return err
			}
			return tx.Certify(ctx, c.ID, signed)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
