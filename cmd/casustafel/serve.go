package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/demo"
	"github.com/casustafel/casustafel/internal/pdf"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/room"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/wording"
	"github.com/casustafel/casustafel/policies"
	"github.com/casustafel/casustafel/wordings"
)

// serveCmd serves the tables until it is told to stop.
type serveCmd struct {
	databaseFlags
	auditFlags
	mailFlags
	witnessFlags
	backupFlags
	Listen          string         `help:"Address to serve on." default:"127.0.0.1:8080"`
	Metrics         string         `help:"Loopback address for Prometheus metrics; empty: none." default:"127.0.0.1:9464"`
	Origins         []string       `name:"origin" help:"Address of this server as browsers write it. Default: http:// and the address it serves on." placeholder:"URL"`
	TLSCert         string         `help:"Certificate file; without one, a proxy in front ends TLS." type:"path"`
	TLSKey          string         `help:"Key file of the certificate." type:"path"`
	TrustedProxies  []netip.Prefix `name:"trusted-proxy" help:"Network of a proxy whose X-Forwarded-For is believed." placeholder:"CIDR"`
	PolicyDir       string         `help:"Directory with model.conf and policy.csv; published at start and at SIGHUP. Default: the policy that came with the program." type:"path"`
	WordingFile     string         `help:"File with the words that get a hint while somebody types (wordings/README.md). Default: the one that came with the program." type:"path"`
	Node            string         `help:"Name of this node in records. Default: a random one."`
	Demo            bool           `help:"Serve the invented case Zilverlinde on this machine only, and print sign-in links."`
	SessionIdle     time.Duration  `help:"After how long without use a session ends." default:"30m"`
	SessionLife     time.Duration  `help:"After how long a session ends, used or not." default:"12h"`
	ResetDelay      time.Duration  `help:"How long after its confirmation a reset of somebody's second factors takes effect." default:"24h"`
	BackupsKept     time.Duration  `help:"How long backups of the database are kept at most, copies too: certificates of erasure name that day. Default: what --backup-every and --backup-keep come to, or 2160h when this program makes none."`
	CheckpointEvery time.Duration  `help:"How often the access log is signed while it grows." default:"10s"`
	LockAfter       time.Duration  `help:"After how long without a key, pointer or touch a page locks; 0: never." default:"10m"`
	Chromium        string         `help:"Chromium that makes PDF files of reviews; none: no files are made. Default: the one of this machine, where there is one." placeholder:"PATH"`
	LogLevel        slog.Level     `help:"debug, info, warn or error." default:"info"`

	limits    room.Limits    // other than the default in tests
	pdfWithin time.Duration  // may one file take; other than the default in tests
	signing   *store.Signing // what the access log is signed with
}

// Run serves.
func (s *serveCmd) Run(ctx context.Context) error {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: s.LogLevel}))
	n, err := s.start(ctx, log)
	if err != nil {
		return err
	}
	fmt.Printf("Casustafel: %s\n", n.origins[0])
	if s.Demo {
		if err := printLinks(ctx, n); err != nil {
			return errors.Join(err, n.close())
		}
		go linksOnEnter(ctx, n)
	}
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	for {
		select {
		case <-hangup:
			if err := s.publishPolicy(ctx, n.app); err != nil {
				log.Error("policy not published", "err", err)
			} else {
				log.Info("policy published", "version", n.app.Rules().Version())
			}
		case err := <-n.failed:
			return errors.Join(err, n.close())
		case <-ctx.Done():
			log.Info("stopping: finishing commits, asking everybody to come back")
			return n.close()
		}
	}
}

// start opens everything in the order it is needed; what fails names what to do.
func (s *serveCmd) start(ctx context.Context, log *slog.Logger) (*node, error) {
	if s.Node == "" {
		s.Node = "node-" + casework.NewID[string](rand.Reader)[:6]
	}
	listener, err := s.listen()
	if err != nil {
		return nil, err
	}
	n, err := s.open(ctx, listener, log)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return n, nil
}

func (s *serveCmd) listen() (net.Listener, error) {
	if s.Demo && !loopback(s.Listen) {
		return nil, errors.New("--demo serves this machine only: give a loopback address to --listen")
	}
	if s.LockAfter < 0 {
		return nil, errors.New("--lock-after takes a time such as 10m, or 0 for never")
	}
	if s.Metrics != "" && !loopback(s.Metrics) {
		return nil, errors.New("--metrics takes a loopback address: what it shows is for this machine")
	}
	if _, err := s.sender(); err != nil {
		return nil, err
	}
	if _, err := s.recipients(s.DatabaseURL); err != nil {
		return nil, err
	}
	if _, err := s.backupsUntil(s.BackupsKept); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return nil, fmt.Errorf("cannot serve on %s (is it in use? choose another with --listen): %w", s.Listen, err)
	}
	if len(s.Origins) == 0 {
		s.Origins = []string{"http://" + listener.Addr().String()}
		if _, port, err := net.SplitHostPort(listener.Addr().String()); err == nil && loopback(s.Listen) {
			s.Origins = append(s.Origins, "http://localhost:"+port)
		}
	}
	return listener, nil
}

func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// printer makes files of pages; nil: there are none to be had.
func (s *serveCmd) printer() (*pdf.Printer, error) {
	if s.Chromium == "none" {
		return nil, nil
	}
	printer, err := pdf.Find(s.Chromium, cmp.Or(s.pdfWithin, pdf.Within))
	if err != nil {
		return nil, fmt.Errorf("--chromium: %w", err)
	}
	return printer, nil
}

// publishPolicy publishes the policy of --policy-dir, or the one that came with
// the program where nobody published another.
func (s *serveCmd) publishPolicy(ctx context.Context, a *app.App) error {
	if s.PolicyDir == "" {
		return a.PublishPolicy(ctx, policies.Model, policies.Lines, app.SourceBuiltin)
	}
	model, err := os.ReadFile(filepath.Join(s.PolicyDir, "model.conf"))
	if err != nil {
		return fmt.Errorf("read the policy: %w", err)
	}
	lines, err := os.ReadFile(filepath.Join(s.PolicyDir, "policy.csv"))
	if err != nil {
		return fmt.Errorf("read the policy: %w", err)
	}
	return a.PublishPolicy(ctx, model, lines, app.SourceFile)
}

// builtinPolicy serves until the published one is read.
func builtinPolicy() (*policy.Policy, error) { return policy.Parse(policies.Model, policies.Lines) }

// wordingHints reads the file of --wording-file, or the one that came with the
// program.
func (s *serveCmd) wordingHints() ([]wording.Hint, error) {
	if s.WordingFile == "" {
		return wording.Parse(wordings.Lines)
	}
	file, err := os.ReadFile(s.WordingFile)
	if err != nil {
		return nil, fmt.Errorf("read the words that get a hint: %w", err)
	}
	hints, err := wording.Parse(file)
	if err != nil {
		return nil, fmt.Errorf("--wording-file %s: %w", s.WordingFile, err)
	}
	return hints, nil
}

// printLinks makes and prints a sign-in link per person of the demo.
func printLinks(ctx context.Context, n *node) error {
	users, err := demo.Seed(ctx, n.app)
	if err != nil {
		return err
	}
	fmt.Println("\nDemo case Zilverlinde, wholly invented. Each link signs in once:")
	for _, u := range users {
		link, err := n.app.NewSignInLink(ctx, u.ID)
		if err != nil {
			return fmt.Errorf("make a sign-in link: %w", err)
		}
		fmt.Printf("  %-8s %-20s %s/enter#%s\n", u.Name, u.Role, n.origins[0], link)
	}
	fmt.Println("Use a private window per person. Press Enter for fresh links, Ctrl-C to stop.")
	return nil
}

// linksOnEnter prints fresh links for every line on standard input.
func linksOnEnter(ctx context.Context, n *node) {
	line := make([]byte, 1)
	for {
		if _, err := os.Stdin.Read(line); err != nil || ctx.Err() != nil {
			return
		}
		if line[0] == '\n' {
			if err := printLinks(ctx, n); err != nil {
				n.log.Error("print sign-in links", "err", err)
			}
		}
	}
}

const startWithin = 2 * time.Minute
