package web

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

func TestForeignHost(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	for host, want := range map[string]int{"tafel.test": 200, "TAFEL.test": 200, "tafel.test:8443": 421, "elders.test": 421,
		"127.0.0.1": 421, "tafel.test.elders.test": 421, "": 421} {
		r := request(http.MethodGet, "/sign-in", nil)
		r.Host = host
		if w := p.answer(r); w.Code != want {
			t.Errorf("host %q answered %d, want %d", host, w.Code, want)
		}
	}
}

// A form on a page of somebody else does nothing, whatever cookie comes along.
func TestCrossSiteForms(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	b := p.signedIn(t, "iris")
	for _, path := range []string{"/sign-in", "/sign-out", "/lock", "/unlock", "/enter", "/cases", "/language", "/reviews/alarms", "/organisation/alarms"} {
		for name, change := range map[string]func(http.Header){
			"foreign origin":           func(h http.Header) { h.Del("Sec-Fetch-Site"); h.Set("Origin", "https://elders.test") },
			"cross-site":               func(h http.Header) { h.Set("Sec-Fetch-Site", "cross-site") },
			"another host of the site": func(h http.Header) { h.Set("Sec-Fetch-Site", "same-site") },
			"hidden origin":            func(h http.Header) { h.Del("Sec-Fetch-Site") },
		} {
			r := request(http.MethodPost, path, url.Values{"language": {"en"}})
			change(r.Header)
			if w := b.send(r); w.Code != http.StatusForbidden || len(w.Result().Cookies()) != 0 {
				t.Errorf("%s to %s answered %d", name, path, w.Code)
			}
		}
	}
	if !b.isSignedIn(t) {
		t.Error("a foreign page signed somebody out")
	}
	var language string
	if err := p.admin.QueryRow(`SELECT language FROM account`).Scan(&language); err != nil || language != "nl" {
		t.Errorf("a foreign page changed the language to %s, %v", language, err)
	}
}

func TestDemoBehindProxy(t *testing.T) {
	t.Parallel()
	headers := []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Anything", "X-Real-Ip", "Via"}
	for _, demo := range []bool{true, false} {
		p := newPlace(t, func(c *Config) { c.Demo = demo })
		for _, header := range headers {
			r := request(http.MethodGet, "/sign-in", nil)
			r.Header.Set(header, "192.0.2.1")
			w := p.answer(r)
			if demo && (w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "via een proxy")) {
				t.Errorf("demo with %s answered %d: %s", header, w.Code, w.Body)
			}
			if !demo && w.Code != http.StatusOK {
				t.Errorf("%s answered %d", header, w.Code)
			}
		}
		if w := p.answer(request(http.MethodGet, "/sign-in", nil)); w.Code != http.StatusOK {
			t.Errorf("directly answered %d", w.Code)
		}
	}
}

func TestOversize(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	b := p.signedIn(t, "iris")
	for _, path := range []string{"/sign-in", "/enter", "/cases", "/language", "/reviews/alarms", "/organisation/alarms"} {
		if w := b.post(path, "name", strings.Repeat("a", bodyLimit)); w.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("%s answered %d", path, w.Code)
		}
	}
	r := request(http.MethodPost, "/cases", nil)
	r.Body = http.NoBody
	r.ContentLength = 1 << 40 // a lie
	if w := b.send(r); w.Code != http.StatusBadRequest {
		t.Errorf("a lying length answered %d", w.Code)
	}
}

func TestOrigins(t *testing.T) {
	t.Parallel()
	for _, odd := range []string{"", "tafel.test", "https://", "ftp://tafel.test", "https://tafel.test/", "https://tafel.test/x", "https://a@tafel.test",
		"https://tafel.test?x", "https://*.test\x00"} {
		if _, err := parseOrigins([]string{odd}); err == nil {
			t.Errorf("%q is taken for an origin", odd)
		}
	}
	if _, err := parseOrigins(nil); err == nil {
		t.Error("a server without an origin")
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, c := range []struct {
		peer    string
		seen    []string
		trusted []netip.Prefix
		want    string
	}{
		{"192.0.2.7:5", nil, nil, "192.0.2.7"},
		{"192.0.2.7:5", []string{"198.51.100.1"}, nil, "192.0.2.7"},
		{"192.0.2.7:5", []string{"198.51.100.1"}, proxies, "192.0.2.7"}, // not our proxy
		{"10.0.0.1:5", []string{"198.51.100.1"}, proxies, "198.51.100.1"},
		{"10.0.0.1:5", []string{"6.6.6.6, 198.51.100.1"}, proxies, "198.51.100.1"},
		{"10.0.0.1:5", []string{"6.6.6.6", " 2001:db8::1 "}, proxies, "2001:db8::1"},
		{"10.0.0.1:5", []string{"niets"}, proxies, "10.0.0.1"},
		{"10.0.0.1:5", nil, proxies, "10.0.0.1"},
		{"[::ffff:192.0.2.7]:5", nil, nil, "192.0.2.7"},
		{"@", nil, nil, "@"},
	} {
		r := request(http.MethodGet, "/", nil)
		r.RemoteAddr = c.peer
		for _, value := range c.seen {
			r.Header.Add("X-Forwarded-For", value)
		}
		if got := (&site{Config: Config{TrustedProxies: c.trusted}}).address(r); got != c.want {
			t.Errorf("%s with %q is %s, want %s", c.peer, c.seen, got, c.want)
		}
	}
}
