package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/casustafel/casustafel/cmd/casustafel-load/reference"
	"github.com/casustafel/casustafel/internal/pgkeeper"
)

// referenceCmd serves a reference server until it is told to stop. The load
// program starts itself again with it, so that the costs of server and clients
// are those of two processes.
type referenceCmd struct {
	DataDir string `help:"Keep messages in a private PostgreSQL there; empty: keep nothing."`
}

// Run serves.
func (r *referenceCmd) Run(ctx context.Context) (err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var committer *reference.Committer
	if r.DataDir != "" {
		cluster, failed := pgkeeper.Start(ctx, pgkeeper.Options{Dir: r.DataDir, Log: slog.New(slog.DiscardHandler)})
		if failed != nil {
			return failed
		}
		defer func() { err = errors.Join(err, stopCluster(cluster)) }()
		if committer, err = reference.NewCommitter(ctx, cluster.DSN(pgkeeper.SuperRole, "postgres")); err != nil {
			return err
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("serve a reference: %w", err)
	}
	failed := make(chan error, 2)
	if committer != nil {
		go func() { failed <- committer.Run(ctx) }()
	}
	server := &http.Server{Handler: reference.New(committer), ReadHeaderTimeout: 10 * time.Second}
	go func() { failed <- server.Serve(listener) }()
	fmt.Printf("Reference: http://%s\n", listener.Addr())
	select {
	case err = <-failed:
	case <-ctx.Done():
		err = server.Close()
	}
	return err
}

func stopCluster(c *pgkeeper.Cluster) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	return c.Stop(ctx)
}
