package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/casustafel/casustafel/internal/pgkeeper"
)

// keeping brings the private cluster back when it ends by itself, until stop.
type keeping struct {
	options pgkeeper.Options
	dsn     func(role, database string) string // the same after a restart
	within  time.Duration                      // what a restart may take
	giveUp  func()                             // nobody wants the cluster any more
	failed  chan error                         // why it could not be brought back
	mu      sync.Mutex                         // held while the cluster is started or stopped
	cluster *pgkeeper.Cluster
}

// keep starts the private cluster, bounded by the context, and watches it.
func keep(ctx context.Context, options pgkeeper.Options, within time.Duration) (*keeping, error) {
	cluster, err := pgkeeper.Start(ctx, options)
	if err != nil {
		return nil, err
	}
	wanted, giveUp := context.WithCancel(context.Background())
	k := &keeping{options: options, dsn: cluster.DSN, within: within, giveUp: giveUp, failed: make(chan error, 1), cluster: cluster}
	go k.watch(wanted, cluster)
	return k, nil
}

func (k *keeping) watch(wanted context.Context, cluster *pgkeeper.Cluster) {
	for {
		<-cluster.Done()
		again, err := k.restart(wanted)
		if wanted.Err() != nil {
			return
		}
		if err != nil {
			k.failed <- fmt.Errorf("bring PostgreSQL back: %w", err)
			return
		}
		cluster = again
	}
}

// restart holds the lock from the question whether the cluster is wanted until
// it runs: stop, which gives up first, ends what was started or comes before.
func (k *keeping) restart(wanted context.Context) (*pgkeeper.Cluster, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := wanted.Err(); err != nil {
		return nil, err
	}
	k.options.Log.Error("PostgreSQL ended by itself, starting it again")
	ctx, cancel := context.WithTimeout(wanted, k.within)
	defer cancel()
	again, err := pgkeeper.Start(ctx, k.options)
	if err != nil {
		return nil, err
	}
	k.cluster = again
	return again, nil
}

// stop ends the cluster and cuts a restart under way short.
func (k *keeping) stop(ctx context.Context) error {
	k.giveUp()
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.cluster.Stop(ctx)
}
