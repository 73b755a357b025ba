package app

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/store"
)

// Bundle writes the lines that RecordsOf shows somebody who reviews the access log of
// its organisation, with the proof that each is in the log, for anybody to verify
// without this server. It is given for a reason and after a second factor, and is on
// the record, as ExportLog; a bundle that broke off is none. Nothing is written before
// there is a signed checkpoint that has every line in it.
func (a *App) Bundle(ctx context.Context, session Session, filter RecordFilter, reason string, out io.Writer) error {
	begun, err := a.beginLogExport(ctx, session, LogAsked{filter, Bundle, reason})
	if err != nil {
		return err
	}
	b := bundling{logExport: logExport{App: a, session: session, filter: filter}, begun: begun}
	stopped := b.writeTo(ctx, out, reason)
	if _, err := a.endLogExport(ctx, session, Bundle, b.lines, stopped); err != nil || stopped != nil {
		return a.fault("put the access log into a bundle", errors.Join(stopped, err))
	}
	return nil
}

// bundling is a bundle that is being made.
type bundling struct {
	logExport
	begun audit.Record
	size  int64 // of the tree by which its lines are proven
	file  *audit.BundleWriter
}

func (b *bundling) writeTo(ctx context.Context, out io.Writer, reason string) error {
	checkpoint, err := b.Checkpoint(ctx)
	if err != nil {
		return err
	}
	keys, err := b.signing.Keys()
	if err != nil {
		return err
	}
	b.size = checkpoint.Size
	if b.file, err = audit.NewBundleWriter(gone{out}); err != nil {
		return err
	}
	var after store.RecordPlace
	for more := true; more; {
		var list []store.ReviewedRecord
		var shown []RecordLine
		err := b.read(ctx, &after, func(l []store.ReviewedRecord, s []RecordLine) error { list, shown = l, s; return nil })
		if err == nil {
			err = b.write(ctx, list, shown)
		}
		if err != nil {
			return err
		}
		more = len(list) == exportPage
	}
	m := audit.Manifest{Origin: keys.Origin(), Organisation: b.by.Organisation, By: b.by.ID, At: b.begun.At, Reason: reason,
		Filters: b.filter.used()["filters"], Size: b.size, Keys: keys.Verifiers()}
	if m.From, m.Until, err = b.filter.period(b.begun.At); err != nil {
		return err
	}
	checkpoints, err := b.checkpoints(ctx)
	if err != nil {
		return err
	}
	return b.file.Close(m, checkpoints, keys.Signer())
}

// write puts records into the bundle that are in its tree; what came later is not of
// it.
func (b *bundling) write(ctx context.Context, list []store.ReviewedRecord, shown []RecordLine) error {
	leaves, err := b.leavesOf(ctx, list)
	if err != nil {
		return err
	}
	var numbers []int64
	var lines []audit.BundledLine
	for i, r := range list {
		leaf, ok := leaves[r.ID]
		switch {
		case !ok && r.At.Before(b.begun.At):
			b.file.Unproven(1)
		case ok && leaf.Number < b.size:
			numbers = append(numbers, leaf.Number)
			lines = append(lines, leaf.Bundled(nil, told(r, shown[i], leaf.Record.CaseOrganisation == b.by.Organisation)...))
		}
	}
	return b.store.AtOneMoment(ctx, func(q store.Queryer) error {
		proofs, err := audit.ProveRecords(b.size, numbers, store.TreeHashes(ctx, q))
		if err != nil {
			return err
		}
		for i, line := range lines {
			line.Proof = proofs[i]
			if err := b.file.Line(line); err != nil {
				return err
			}
			b.lines++
		}
		return nil
	})
}

// leavesOf finds the leaves of records. One that was under way when the bundle began
// may have none yet: it gets it before anything is said of it.
func (b *bundling) leavesOf(ctx context.Context, list []store.ReviewedRecord) (leaves map[string]audit.Leaf, err error) {
	read := func() error {
		return b.store.AtOneMoment(ctx, func(q store.Queryer) (err error) {
			leaves, err = store.LeavesOf(ctx, q, list)
			return err
		})
	}
	if err := read(); err != nil {
		return nil, err
	}
	late := func(r store.ReviewedRecord) bool {
		_, ok := leaves[r.ID]
		return !ok && r.At.Before(b.begun.At)
	}
	if slices.ContainsFunc(list, late) {
		if _, err := b.Checkpoint(ctx); err != nil {
			return nil, err
		}
		return leaves, read()
	}
	return leaves, nil
}

// told are the parts of a record that its reader is shown on the page. That who may
// see what was changed is told, and not in what way nor to what. The page calls a case
// of somebody else by its code; the part would tell whose it is, and its id.
func told(r store.ReviewedRecord, shown RecordLine, own bool) []audit.Part {
	switch {
	case shown.Event != r.Event:
		return []audit.Part{audit.Who}
	case r.Case == "" || !own:
		return []audit.Part{audit.Who, audit.What}
	}
	return []audit.Part{audit.Who, audit.What, audit.Where}
}

// checkpoints are those that prove the lines, each from the one before.
func (b *bundling) checkpoints(ctx context.Context) (list []audit.BundledCheckpoint, err error) {
	err = b.store.AtOneMoment(ctx, func(q store.Queryer) error {
		kept, err := store.CheckpointsToProve(ctx, q, max(b.file.First(), 0), b.size)
		if err != nil {
			return err
		}
		for i, c := range kept {
			bundled := audit.BundledCheckpoint{Note: c.Note}
			if i > 0 {
				if bundled.Proof, err = tlog.ProveTree(c.Size, kept[i-1].Size, store.TreeHashes(ctx, q)); err != nil {
					return err
				}
			}
			list = append(list, bundled)
		}
		return nil
	})
	return list, err
}

// period is what moments a filter is about; zero: without a bound.
func (f RecordFilter) period(now time.Time) (from, until time.Time, err error) {
	if f.From != "" {
		if from, err = beginOf(f.From, now); err != nil {
			return from, until, err
		}
	}
	if f.To != "" {
		if until, err = beginOf(f.To, now); err != nil {
			return from, until, err
		}
		until = dayAfter(until)
	}
	return from.UTC(), until.UTC(), nil
}

// gone is where a file goes that somebody asked for who may have gone.
type gone struct{ io.Writer }

// Write implements io.Writer.
func (g gone) Write(p []byte) (int, error) {
	n, err := g.Writer.Write(p)
	if err != nil {
		err = &casework.Error{Kind: casework.Unavailable, Reason: "unavailable", Err: err}
	}
	return n, err
}
