package app_test

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/internal/store/storetest"
)

// The certificate of an erasing is signed once the tree holds the line of it: it names
// that line, the tree, and both people, and is the same ever after.
func TestErasingIsCertified(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	ctx := t.Context()
	els, joke := c.keepers(t)
	secret, public, err := note.GenerateKey(rand.Reader, "casustafel-test")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	c.CertifyWith(func(ctx context.Context) (size int64, root tlog.Hash, _ note.Signer, err error) {
		asked++
		if size, err = store.TreeSize(ctx, c.store.Reader()); err != nil {
			return 0, root, nil, err
		}
		root, err = tlog.TreeHash(size, store.TreeHashes(ctx, c.store.Reader()))
		return size, root, signer, err
	})
	tidy := func() string {
		t.Helper()
		if err := c.TidyErasedOnce(ctx); err != nil {
			t.Fatal(err)
		}
		if page := c.retention(t, els); len(page.Erased) == 1 {
			told, err := c.ErasedCase(ctx, joke, page.Erased[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			return told.Certificate
		}
		return ""
	}
	c.closedFor(t, 21)
	question := c.askedErasing(t, els)
	if tidy() != "" || asked != 0 {
		t.Error("the tree was asked for when nothing was erased")
	}
	if err := c.AnswerKeeping(ctx, joke, question, app.KeepingAnswer{Yes: true, Typed: string(c.store.CaseCode(c.id))}); err != nil {
		t.Fatal(err)
	}
	if signed := tidy(); signed != "" {
		t.Errorf("certified before the tree holds it:\n%s", signed)
	}
	if err := c.GiveLeaves(ctx); err != nil {
		t.Fatal(err)
	}
	signed := tidy()
	verifier, err := note.NewVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	read, err := audit.OpenCertificate(signed, note.VerifierList(verifier))
	if err != nil {
		t.Fatal(err)
	}
	if read.Case != c.store.CaseCode(c.id) || read.By != "els@linde.example" || read.With != "joke@linde.example" || read.Organisation != "De Linde" || read.Ground != "period_over" || !read.BackupsUntil.Equal(c.clock.Now().Add(app.BackupsKept)) {
		t.Errorf("it says %+v", read)
	}
	leaves, err := store.Leaves(ctx, c.store.Reader(), read.Line, 1)
	if err != nil || len(leaves) != 1 || leaves[0].Record.Event != "erase_case" || leaves[0].Record.Case != c.id {
		t.Errorf("its line is %+v, %v", leaves, err)
	}
	for _, word := range []string{string(c.id), "Zilverlinde", string(els.Account.ID)} {
		if strings.Contains(signed, word) {
			t.Errorf("it holds %q", word)
		}
	}
	if err := c.GiveLeaves(ctx); err != nil {
		t.Fatal(err)
	}
	if tidy() != signed || asked != 2 {
		t.Errorf("it was made anew, or the tree asked for %d times", asked)
	}
}

// A server that signs its log signs certificates with it.
func TestLogCertifiesErasings(t *testing.T) {
	t.Parallel()
	c := newConference(t)
	els, joke := c.keepers(t)
	signing := storetest.Signing(t)
	a := c.signed(t, "signs", signing)
	c.closedFor(t, 21)
	if err := a.AnswerKeeping(t.Context(), joke, c.askedErasing(t, els), app.KeepingAnswer{Yes: true, Typed: string(c.store.CaseCode(c.id))}); err != nil {
		t.Fatal(err)
	}
	if err := a.TidyErasedOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	keys, err := signing.Keys()
	if err != nil {
		t.Fatal(err)
	}
	trusted, err := audit.Verifiers(keys.Verifiers()...)
	if err != nil {
		t.Fatal(err)
	}
	if read, err := audit.OpenCertificate(c.retention(t, els).Erased[0].Certificate, trusted); err != nil || read.Origin != keys.Origin() || read.Line >= read.Size {
		t.Errorf("%+v, %v", read, err)
	}
}
