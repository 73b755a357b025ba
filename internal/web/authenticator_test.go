package web

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// authenticator is what holds the passkeys of a browser, as a phone or a key would.
type authenticator struct {
	*chromium
	id webauthn.AuthenticatorID
}

// authenticator gives the browser one, of which the right finger lies on it.
func (b *chromium) authenticator() authenticator {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		b.t.Fatal(err)
	}
	made, err := chromedp.Call(b.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal, HasResidentKey: true,
		HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}})
	if err != nil {
		b.t.Fatal(err)
	}
	return authenticator{b, made.AuthenticatorID}
}

// verifies says whether it is the right finger from now on.
func (a authenticator) verifies(right bool) {
	a.t.Helper()
	if _, err := chromedp.Call(a.ctx, webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: a.id, IsUserVerified: right}); err != nil {
		a.t.Fatal(err)
	}
}

// looksRight finds the page accessible, light and dark, and takes pictures of it
// when CASUSTAFEL_SHOTS names a directory.
func (b *chromium) looksRight(what string) {
	b.t.Helper()
	dir := os.Getenv("CASUSTAFEL_SHOTS")
	for _, scheme := range []string{"light", "dark"} {
		media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
		if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, media); err != nil {
			b.t.Fatal(err)
		}
		b.isAccessible(what + ", " + scheme)
		for _, width := range []int64{320, 390, 820, 1280} {
			if dir != "" {
				b.shoot(filepath.Join(dir, strings.ReplaceAll(what, " ", "-")+"-"+scheme), width)
			}
		}
	}
}

func (b *chromium) shoot(path string, width int64) {
	b.t.Helper()
	b.do("set the size of the window", chromedp.EmulateViewport(width, 800))
	image, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(path+"-"+widths[width]+".png", image, 0o644)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

var widths = map[int64]string{320: "narrow", 390: "phone", 820: "tablet", 1280: "desktop"}
