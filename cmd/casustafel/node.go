package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/room"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/web"
)

// node is one running server: everything that was opened, to be closed in the
// opposite order.
type node struct {
	log     *slog.Logger
	origins []string
	db      *database
	store   *store.Store
	app     *app.App
	hub     *room.Hub
	server  *http.Server
	metrics *http.Server
	backups *schedule          // nil: none are made
	stop    context.CancelFunc // of what runs beside the servers
	beside  sync.WaitGroup
	settle  context.CancelFunc // gives the last records their leaves
	settled sync.WaitGroup
	failed  chan error
}

// open brings a node up on a listener, with the database of the flags.
func (s *serveCmd) open(ctx context.Context, listener net.Listener, log *slog.Logger) (*node, error) {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	db, err := s.databaseFlags.open(ctx, s.Demo, log)
	if err != nil {
		return nil, err
	}
	keys, _, err := s.keyring(ctx, db, s.Demo)
	if err != nil {
		return nil, errors.Join(err, db.close(ctx))
	}
	if s.signing, err = s.openSigning(ctx, s.databaseFlags, db, s.Demo); err != nil {
		return nil, errors.Join(err, db.close(ctx))
	}
	n, err := s.openOn(ctx, db, keys, listener, log)
	if err != nil || s.Demo {
		return n, err
	}
	if err := s.offerSetUp(ctx, n); err != nil {
		return nil, errors.Join(err, n.close())
	}
	return n, nil
}

// openOn brings a node up on a listener and a database, which it closes with
// everything else.
func (s *serveCmd) openOn(ctx context.Context, db *database, keys *store.Keyring, listener net.Listener, log *slog.Logger) (n *node, err error) {
	n = &node{log: log, origins: s.Origins, db: db, failed: make(chan error, 4)}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.close())
		}
	}()
	if err = store.Migrate(ctx, n.db.owner); err != nil {
		return n, err
	}
	if n.store, err = store.Open(ctx, store.Config{Committer: n.db.committer, Reader: n.db.reader, Keys: keys}); err != nil {
		return n, err
	}
	if s.Demo {
		if err = n.store.OnlyDemo(ctx); err != nil {
			return n, err
		}
	}
	rules, err := builtinPolicy()
	if err != nil {
		return n, err
	}
	witnesses, err := readWitnesses(s.Witness)
	if err != nil {
		return n, err
	}
	backupsKept, err := s.backupsUntil(s.BackupsKept)
	if err != nil {
		return n, err
	}
	passkeys, err := identity.NewPasskeys(s.Origins)
	if err != nil {
		return n, err
	}
	n.app = app.New(app.Config{Store: n.store, Policy: rules, Log: log, Node: s.Node, Source: source(), Passkeys: passkeys, ResetDelay: s.ResetDelay, BackupsKept: backupsKept,
		Signing: s.signing, CheckpointEvery: s.CheckpointEvery, Witnesses: witnesses,
		Sessions: identity.SessionRule{Idle: s.SessionIdle, Absolute: s.SessionLife, Lock: s.LockAfter}})
	if err = s.publishPolicy(ctx, n.app); err != nil {
		return n, err
	}
	hints, err := s.wordingHints()
	if err != nil {
		return n, err
	}
	letters, err := s.sender()
	if err != nil {
		return n, err
	}
	printer, err := s.printer()
	if err != nil {
		return n, err
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	measureLog(registry, n.app)
	n.hub = room.NewHub(room.Config{Cases: n.app, Tokens: n.store.Tokens("live"), Origins: s.Origins, Log: log,
		Metrics: room.NewMetrics(registry), Limits: s.limits})
	n.app.Publish(n.hub.Advance)
	if n.backups, err = s.schedule(ctx, n.app, db, keys, registry, log); err != nil {
		return n, err
	}
	n.sequence()
	n.runBeside()
	handler, err := web.New(web.Config{App: n.app, Live: http.HandlerFunc(n.live), Ready: n.ready, Warned: n.warned, Origins: s.Origins,
		TrustedProxies: s.TrustedProxies, LockAfter: s.LockAfter, Wording: hints, Mail: letters, PDF: printer, Demo: s.Demo, Log: log})
	if err != nil {
		return n, err
	}
	return n, n.serve(s, listener, handler, registry)
}

// sequence gives records their leaves for as long as any can come.
func (n *node) sequence() {
	ctx, stop := context.WithCancel(context.Background())
	n.settle = stop
	n.settled.Go(func() { n.app.Sequence(ctx) })
	n.settled.Go(func() { n.app.WatchLog(ctx) })
	n.settled.Go(func() { n.app.CheckLog(ctx) })
}

// runBeside keeps the node in touch with the others.
func (n *node) runBeside() {
	ctx, stop := context.WithCancel(context.Background())
	n.stop = stop
	recheck := func() { n.hub.Recheck(ctx) }
	recheck()
	n.beside.Go(func() { n.hub.Run(ctx) })
	if n.backups != nil {
		n.beside.Go(func() { n.backups.run(ctx) })
	}
	n.beside.Go(func() { n.app.TidyErased(ctx) })
	n.beside.Go(func() { n.app.DropOldRecords(ctx) })
	n.beside.Go(func() {
		for ctx.Err() == nil {
			ears := app.Ears{Case: n.hub.Nudge, Rights: recheck, Erased: n.hub.Forget, Here: n.hub.HereElsewhere, Carets: n.hub.CaretsElsewhere, Lost: recheck}
			if err := n.app.Listen(ctx, ears); err != nil {
				n.log.Warn("listen to the other nodes", "err", err)
				select {
				case <-time.After(time.Second):
				case <-ctx.Done():
				}
			}
		}
	})
}

func (n *node) serve(s *serveCmd, listener net.Listener, handler http.Handler, registry *prometheus.Registry) error {
	n.server = web.Server(listener.Addr().String(), handler, n.log)
	n.server.RegisterOnShutdown(n.app.EndTails)
	if s.Metrics != "" {
		metrics, err := net.Listen("tcp", s.Metrics)
		if err != nil {
			return fmt.Errorf("cannot serve metrics on %s (is it in use? choose another with --metrics, or none with --metrics=): %w", s.Metrics, err)
		}
		mux := http.NewServeMux()
		mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
		n.metrics = web.Server(s.Metrics, mux, n.log)
		go n.run(func() error { return n.metrics.Serve(metrics) })
	}
	if s.TLSCert != "" {
		go n.run(func() error { return n.server.ServeTLS(listener, s.TLSCert, s.TLSKey) })
	} else {
		go n.run(func() error { return n.server.Serve(listener) })
	}
	if lost := n.db.failed(); lost != nil {
		go func() { n.failed <- <-lost }()
	}
	return nil
}

func (n *node) run(serve func() error) {
	if err := serve(); !errors.Is(err, http.ErrServerClosed) {
		n.failed <- err
	}
}

// live hands a signed-in visitor to the hub.
func (n *node) live(w http.ResponseWriter, r *http.Request) {
	session, ok := app.SessionIn(r.Context())
	if !ok {
		http.Error(w, "", http.StatusUnauthorized)
		return
	}
	n.hub.Serve(w, r, room.Visitor{User: session.Account.ID, Session: session.Hash, Checks: n.app.Checks(session)})
}

// ready tells why this node cannot serve now, if so.
func (n *node) ready(ctx context.Context) error {
	if err := n.store.Ping(ctx); err != nil {
		return err
	}
	if !n.hub.Fresh() {
		return errors.New("rights are not confirmed")
	}
	return nil
}

// warned tells whether whoever runs the server has to look, though it serves.
func (n *node) warned() bool { return len(n.app.LogTroubles()) > 0 }

const closeWithin = 20 * time.Second

// close finishes what was accepted and takes everything down: no new requests,
// then no sockets, then no commits, then no leaves, then no database.
func (n *node) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeWithin)
	defer cancel()
	var failed []error
	if n.server != nil {
		failed = append(failed, n.server.Shutdown(ctx))
	}
	if n.metrics != nil {
		failed = append(failed, n.metrics.Shutdown(ctx))
	}
	if n.hub != nil {
		n.hub.Close()
	}
	if n.stop != nil {
		n.stop()
		n.beside.Wait()
	}
	if n.app != nil {
		n.app.Close()
	}
	if n.settle != nil {
		n.settle()
		n.settled.Wait()
	}
	if n.store != nil {
		failed = append(failed, n.store.Close())
	}
	if n.db != nil {
		failed = append(failed, n.db.close(ctx))
	}
	return errors.Join(failed...)
}
