package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/backup"
	"github.com/casustafel/casustafel/internal/pgkeeper"
	"github.com/casustafel/casustafel/internal/store"
)

// backupFlags let a program that serves back its private cluster up.
type backupFlags struct {
	BackupTo         string        `help:"Directory for backups of the private PostgreSQL; without one none are made (docs/backup.md)." type:"path" placeholder:"DIR"`
	BackupEvery      time.Duration `help:"How often a backup is made." default:"24h"`
	BackupRecipients []string      `name:"backup-recipient" help:"Public key that backups are encrypted to (age1..., of casustafel backup key), or a file of them; may be given more than once." placeholder:"age1..."`
	BackupKeep       int           `help:"How many backups are kept." default:"14"`
}

// retryBackup is how long after a failure it is tried again, at most.
const retryBackup = 15 * time.Minute

// schedule makes backups beside a program that serves. Whatever fails is told and
// tried again, and keeps nobody from working.
type schedule struct {
	dir   string
	every time.Duration
	keep  int
	make  func(ctx context.Context, path string) (madeBackup, error)
	last  prometheus.Gauge
	log   *slog.Logger
}

// recipients are the keys of the flags, nil when no backups are made.
func (f backupFlags) recipients(databaseURL string) (backup.Recipients, error) {
	if f.BackupTo == "" {
		return nil, nil
	}
	if databaseURL != "" {
		return nil, fmt.Errorf("--backup-to: %w", errOutsideBackup)
	}
	if f.BackupEvery <= 0 || f.BackupKeep < 1 {
		return nil, errors.New("--backup-every takes a time such as 24h, and --backup-keep how many, at least 1")
	}
	if info, err := os.Stat(f.BackupTo); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("--backup-to: there is no directory %s: make it, or name another", f.BackupTo)
	}
	recipients, err := backup.ReadRecipients(f.BackupRecipients)
	if err != nil {
		return nil, fmt.Errorf("--backup-recipient: %w", err)
	}
	return recipients, nil
}

// backupsUntil is how long after a moment a backup of before it is there at most: until
// so many newer ones were made, of which the last has to be whole before the oldest goes.
// It may be said to be longer, as copies are, and not shorter. Zero: nobody says.
func (f backupFlags) backupsUntil(said time.Duration) (time.Duration, error) {
	if f.BackupTo == "" {
		return said, nil
	}
	made := f.BackupEvery * time.Duration(f.BackupKeep+1)
	if said == 0 {
		return made, nil
	}
	if said < made {
		return 0, fmt.Errorf("--backups-kept: %d backups are kept, one each %s, and so the oldest goes after %s: leave it out, or name a longer time", f.BackupKeep, f.BackupEvery, made)
	}
	return said, nil
}

// schedule is what the flags ask for, nil when no backups are made.
func (s *serveCmd) schedule(ctx context.Context, a *app.App, db *database, keys *store.Keyring, registry prometheus.Registerer, log *slog.Logger) (*schedule, error) {
	recipients, err := s.recipients(s.DatabaseURL)
	if err != nil || recipients == nil {
		return nil, err
	}
	dir, err := s.dir(s.Demo)
	if err != nil {
		return nil, err
	}
	tools, err := pgkeeper.FindTools(ctx, pgkeeper.Options{Dir: dir})
	if err != nil {
		return nil, fmt.Errorf("--backup-to: %w", err)
	}
	last := prometheus.NewGauge(prometheus.GaugeOpts{Name: "casustafel_backup_last_success_timestamp_seconds", Help: "When the newest backup was made; 0: never."})
	registry.MustRegister(last)
	with := backingUp{db.owner, tools, keys, recipients}
	return &schedule{dir: s.BackupTo, every: s.BackupEvery, keep: s.BackupKeep, last: last, log: log,
		make: func(ctx context.Context, path string) (madeBackup, error) {
			if err := a.RecordBackup(ctx, app.Schedule()); err != nil {
				return madeBackup{}, err
			}
			return backUp(ctx, path, with)
		}}, nil
}

// run makes a backup whenever one is due, until the context ends.
func (s *schedule) run(ctx context.Context) {
	for wait := s.due(time.Now()); ; {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = s.once(ctx)
	}
}

// due is how long until the next one: who restarts often does not make more.
func (s *schedule) due(now time.Time) time.Duration {
	made, err := backup.Made(s.dir, now)
	if err != nil || len(made) == 0 {
		return 0 // making one tells what is wrong
	}
	newest := made[len(made)-1]
	s.last.Set(float64(newest.Unix()))
	return max(0, newest.Add(s.every).Sub(now))
}

// once makes a backup and tells how long to wait.
func (s *schedule) once(ctx context.Context) time.Duration {
	begun := time.Now()
	made, err := s.make(ctx, filepath.Join(s.dir, backup.Name(begun)))
	switch {
	case ctx.Err() != nil:
		return 0
	case errors.Is(err, store.ErrBackingUp):
		s.log.Info("no backup: somebody else makes one")
		return min(s.every, retryBackup)
	case err != nil:
		s.log.Error("no backup could be made", "err", err, "again in", min(s.every, retryBackup))
		return min(s.every, retryBackup)
	}
	s.last.Set(float64(begun.Unix()))
	s.log.Info("backup made", "bytes", made.size, "took", time.Since(begun).Round(time.Millisecond))
	if err := backup.Keep(s.dir, s.keep, begun); err != nil {
		s.log.Error("old backups could not be removed", "err", err)
	}
	return s.due(time.Now())
}
