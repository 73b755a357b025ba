package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/durable"
)

// witnessKeyCmd makes the key of a witness.
type witnessKeyCmd struct {
	KeyFile string `help:"File for the key, 0600. One that is there stays as it is." required:"" type:"path" placeholder:"FILE"`
	Name    string `help:"Name of the witness: one word, such as witness.example.org." placeholder:"NAME"`
}

// Run makes a key, where there is none, and prints what verifies it.
func (c *witnessKeyCmd) Run() error {
	if _, err := os.Stat(c.KeyFile); errors.Is(err, os.ErrNotExist) {
		if c.Name == "" {
			return fmt.Errorf("there is no key at %s yet: give --name to make one", c.KeyFile)
		}
		secret, _, err := audit.NewWitnessKey(rand.Reader, c.Name)
		if err != nil {
			return err
		}
		if err := durable.SaveText(c.KeyFile, secret+"\n", os.Rename); err != nil {
			return fmt.Errorf("keep the key: %w", err)
		}
	}
	key, err := readCosigner(c.KeyFile)
	if err != nil {
		return err
	}
	if c.Name != "" && c.Name != key.Name() {
		return fmt.Errorf("the key at %s is there already, and is that of %s", c.KeyFile, key.Name())
	}
	fmt.Println(key)
	return nil
}

func readCosigner(path string) (*audit.Cosigner, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read the key of the witness: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("others can read the key at %s: chmod 600 it", path)
	}
	secret, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the key of the witness: %w", err)
	}
	return audit.NewCosigner(strings.TrimSpace(string(secret)), time.Now)
}

// witnessRunCmd is what a partner organisation runs: it looks how the access log of
// somebody else grows, and says so.
type witnessRunCmd struct {
	Log     string        `help:"Address of the server whose log is watched." required:"" placeholder:"URL"`
	LogKey  []string      `help:"Verifier key of that log; more than one after a change of keys." required:"" placeholder:"KEY"`
	KeyFile string        `help:"File with the key of the witness." required:"" type:"path" placeholder:"FILE"`
	Dir     string        `help:"Where what was seen is kept." required:"" type:"path" placeholder:"DIR"`
	Every   time.Duration `help:"How often to look." default:"1m"`
	Once    bool          `help:"Look once."`
}

// Run looks until it is told to stop, or until the log is not what it was. The program
// ends with 1 for that alone, with 2 when there was no answer, and with 3 when it could
// not look at all.
func (c *witnessRunCmd) Run(ctx context.Context) error { return orUnverified(c.watch(ctx)) }

func (c *witnessRunCmd) watch(ctx context.Context) error {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	w, err := c.open()
	if err != nil {
		return err
	}
	defer w.seen.close()
	for {
		size, err := w.look(ctx)
		var fork *audit.Fork
		switch {
		case errors.As(err, &fork):
			return exitWith{int(audit.Tampered), fmt.Errorf("NOT COSIGNED, THE LOG %s IS NOT WHAT IT WAS: %w. Tell its managers and its operator; both checkpoints are in %s", w.origin, err, w.seen.dir)}
		case c.Once && err != nil:
			return exitWith{int(audit.Incomplete), err}
		case err != nil && ctx.Err() == nil:
			log.Error("could not look at the log", "log", w.origin, "err", err)
		case err == nil:
			log.Info("cosigned", "log", w.origin, "lines", size)
		}
		if c.Once {
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(c.Every):
		}
	}
}

// watching is a witness of one log.
type watching struct {
	address string
	origin  string
	keys    note.Verifiers
	key     *audit.Cosigner
	seen    *seenDir
	client  *http.Client
}

func (c *witnessRunCmd) open() (*watching, error) {
	address, err := url.Parse(c.Log)
	if err != nil || address.Host == "" || address.Scheme != "https" && (address.Scheme != "http" || !onThisMachine(address.Hostname())) {
		return nil, errors.New("--log takes an address such as https://tafel.example.org")
	}
	if c.Every < time.Second {
		return nil, errors.New("--every takes a second or more")
	}
	w := &watching{address: strings.TrimSuffix(address.String(), "/"), client: &http.Client{Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	var keys []note.Verifier
	for _, k := range c.LogKey {
		key, err := note.NewVerifier(k)
		if err != nil {
			return nil, fmt.Errorf("--log-key takes what casustafel audit key prints: %w", err)
		}
		if w.origin != "" && w.origin != key.Name() {
			return nil, errors.New("--log-key: these are keys of different logs")
		}
		w.origin = key.Name()
		keys = append(keys, key)
	}
	w.keys = note.VerifierList(keys...)
	if w.key, err = readCosigner(c.KeyFile); err != nil {
		return nil, err
	}
	w.seen, err = openSeen(c.Dir, w.origin)
	return w, err
}

// onThisMachine tells whether nobody listens in on the way to a host.
func onThisMachine(host string) bool { return loopback(net.JoinHostPort(host, "0")) }

// look sees how the log grew, and cosigns that when it is the log of before, only
// longer. What was seen is kept before it is signed.
func (w *watching) look(ctx context.Context) (size int64, err error) {
	kept, before, err := w.seen.read(w.keys)
	if err != nil {
		return 0, err
	}
	asks, err := w.key.Ask(audit.WitnessAsks{Origin: w.origin, Size: before.Size, At: time.Now()})
	if err != nil {
		return 0, err
	}
	answer, err := w.post(ctx, "/witness/checkpoint", asks)
	if err != nil {
		return 0, err
	}
	grown, err := audit.ReadGrown(answer)
	if err != nil {
		return 0, err
	}
	text, now, err := audit.OpenSeen(grown.Checkpoint, w.origin, w.keys)
	if err != nil {
		return 0, err
	}
	if err := now.Follows(before, grown.Proof); err != nil {
		return 0, errors.Join(err, w.seen.keepEvidence(kept, grown.Checkpoint))
	}
	if err := w.seen.keep(grown.Checkpoint); err != nil {
		return 0, err
	}
	cosigned, err := signNote(text, w.key)
	if err != nil {
		return 0, err
	}
	_, err = w.post(ctx, "/witness/cosignature", cosigned)
	return now.Size, err
}

func signNote(text string, by note.Signer) ([]byte, error) {
	return note.Sign(&note.Note{Text: text}, by)
}

// answerMost is how long an answer of a log may be.
const answerMost = 64 << 10

func (w *watching) post(ctx context.Context, path string, body []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.address+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "text/plain; charset=utf-8")
	answer, err := w.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close() //nolint:errcheck // it was read
	switch answer.StatusCode {
	case http.StatusOK, http.StatusNoContent:
		text, err := io.ReadAll(io.LimitReader(answer.Body, answerMost+1))
		if err == nil && len(text) > answerMost {
			err = errors.New("the log answers more than a checkpoint")
		}
		return text, err
	case http.StatusNotFound:
		return nil, fmt.Errorf("the log does not know this witness: is its key given there with --witness, and is the clock of this machine right? (%s)", w.key)
	default:
		return nil, fmt.Errorf("the log answers %d", answer.StatusCode)
	}
}
